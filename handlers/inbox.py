"""The coordinator's inbox: questions that people passed on."""

from telegram import Update
from telegram.constants import ChatType

from handlers.messages import answer_in
from handlers.people import is_coordinator
from handlers.replies import Reply
from handlers.services import Context
from handlers.texts import say

# How many questions one message shows: each may be up to 300 characters of a 4096-character message.
_SHOWN = 10
_LONGEST = 300


async def on_inbox(update: Update, context: Context) -> None:
    """/hopthu: what waits for an answer, oldest first."""
    message, person = update.effective_message, update.effective_user
    if message is None or person is None:
        return
    if not await is_coordinator(context.bot_data, person.id):
        await answer_in(message, Reply(say("coordinators_only"), None))
        return
    if message.chat.type != ChatType.PRIVATE:
        # What people ask is not read out to others.
        await answer_in(message, Reply(say("in_private"), None))
        return
    waiting, total = await context.bot_data.questions.waiting(_SHOWN)
    await answer_in(message, Reply(say("inbox", waiting=waiting, total=total, longest=_LONGEST), None))
