"""First words: /start, /help, and what the bot says to what it cannot read."""

from telegram import InlineKeyboardMarkup, Update
from telegram.constants import ChatType

from bot.retention import AUTHOR_KEPT
from handlers.buttons import Code, button
from handlers.commands import Audience, audience_of, commands_for, set_menu
from handlers.link import use_code
from handlers.messages import answer_in
from handlers.notice_reading import SUBSCRIBE
from handlers.people import called
from handlers.replies import ALL_TOPICS, Reply
from handlers.services import Context
from handlers.texts import say

# How many questions greet a newcomer.
_FIRST_QUESTIONS = 3


async def on_start(update: Update, context: Context) -> None:
    """/start: who this is, and the questions asked most; with a code, the invitation."""
    message, person = update.effective_message, update.effective_user
    if message is None or person is None:
        return
    services = context.bot_data
    if context.args and message.chat.type == ChatType.PRIVATE:
        await use_code(message, person, services, "".join(context.args))
        return
    pack = services.pack
    first = pack.menu[0].topics[:_FIRST_QUESTIONS]
    rows = [[button(pack.topics[topic].ask, Code.TOPIC, topic)] for topic in first]
    rows.append([button(ALL_TOPICS, Code.MENU)])
    private = message.chat.type == ChatType.PRIVATE
    audience = await audience_of(services, person.id)
    if private and audience is Audience.EVERYONE and not await services.subscribers.has(person.id):
        rows.append([button(SUBSCRIBE, Code.SUBSCRIBE)])
    html = say("welcome", name=called(person), plan=pack.values)
    await answer_in(message, Reply(html, InlineKeyboardMarkup(rows)))
    if audience is not Audience.EVERYONE:
        await set_menu(context.bot, services, person.id)


async def on_help(update: Update, context: Context) -> None:
    """/help: what the bot can do for this person."""
    message, person = update.effective_message, update.effective_user
    if message is None or person is None:
        return
    html = say(
        "help",
        agency=next((agency.name for agency in context.bot_data.pack.agencies.listed), None),
        commands=commands_for(
            await audience_of(context.bot_data, person.id) if message.chat.type == ChatType.PRIVATE else Audience.GROUPS
        ),
        username=context.bot.username,
        author_days=AUTHOR_KEPT.days,
    )
    await answer_in(message, Reply(html, InlineKeyboardMarkup([[button(ALL_TOPICS, Code.MENU)]])))


async def on_unknown_command(update: Update, context: Context) -> None:
    """A command that does not exist, in a private chat; in a group it may be meant for another bot."""
    if update.effective_message:
        await answer_in(update.effective_message, Reply(say("unknown_command"), None))


async def on_other(update: Update, context: Context) -> None:
    """Something that is not text."""
    if update.effective_message:
        await answer_in(update.effective_message, Reply(say("not_text"), None))
