"""What is typed goes to the dialogue that a person is in the middle of; or it is a code; or else a question."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ChatType

from bot.drafts import KEPT
from bot.invitations import read_code
from bot.outbox import Letter
from bot.store.people_tables import Draft
from handlers import (
    ask,
    confirm,
    confirm_form,
    contingency,
    extend,
    invite,
    journal,
    link,
    notice_draft,
    notices,
    receipts,
    respond,
    send_back,
    status,
    waive,
)
from handlers.agencies import NOT_YOURS, Purpose, may_see
from handlers.cards import PAST, close_card, letter, shows
from handlers.messages import answer_in, replace
from handlers.replies import GONE, Reply
from handlers.services import Context, Services
from handlers.texts import say

_HEARERS: dict[str, Callable[[Message, User, Services, Draft, str], Awaitable[bool]]] = {
    confirm_form.KIND: confirm.hear,
    send_back.KIND: send_back.hear,
    waive.KIND: waive.hear,
    extend.KIND: extend.hear,
    respond.KIND: respond.hear,
    contingency.KIND: contingency.hear,
    notice_draft.KIND: notices.hear,
}

# What a draft is called when it is closed for having been left alone.
_NAMES = {
    confirm_form.KIND: "Việc xác nhận nộp báo cáo",
    link.KIND: "Việc liên kết",
    send_back.KIND: "Việc trả lại báo cáo",
    waive.KIND: "Việc miễn nộp",
    extend.KIND: "Việc gia hạn",
    respond.KIND: "Việc trả lời câu hỏi",
    contingency.KIND: "Việc chuyển phương án",
    notice_draft.KIND: "Việc soạn thông báo",
}


async def on_text(update: Update, context: Context) -> None:
    """A text: part of a dialogue, an invitation code, or a question."""
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None or message.text is None:
        return
    known = None
    if message.chat.type == ChatType.PRIVATE:
        known = await services.askers.known(message.chat_id, person.id)
        draft = await services.drafts.of(person.id) if known.is_drafting else None
        hearer = _HEARERS.get(draft.kind) if draft else None
        if draft and hearer and await hearer(message, person, services, draft, message.text):
            return
        if read_code(message.text):
            await link.use_code(message, person, services, message.text)
            return
    await ask.on_text(update, context, known)


async def on_leave(update: Update, context: Context) -> None:
    """/huy: leave the dialogue."""
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None:
        return
    draft = await services.drafts.drop(person.id)
    if draft and draft.message_id:
        await close_card(message, draft.message_id)
    await answer_in(message, Reply(say("left" if draft else "nothing_to_leave"), None))


async def on_cancel(query: CallbackQuery, context: Context) -> None:
    """The button that leaves the dialogue."""
    services, person = context.bot_data, query.from_user
    draft = await services.drafts.of(person.id)
    if draft is None or not shows(query, draft) or await services.drafts.drop(person.id) is None:
        await query.answer(PAST)
        return
    await replace(query, Reply(say("left"), None))
    await query.answer()


async def on_leave_be(query: CallbackQuery, context: Context) -> None:
    """Asked once more, somebody would rather not."""
    await replace(query, Reply(say("left_be"), None))
    await query.answer()


async def on_choose(query: CallbackQuery, context: Context, purpose: str, agency: str) -> None:
    """An agency was chosen from a list: go on with what it was chosen for."""
    services, person, message = context.bot_data, query.from_user, query.message
    if agency not in services.pack.agencies.everyone or purpose not in set(Purpose) or not isinstance(message, Message):
        await query.answer(GONE)
        return
    if not await may_see(services, person.id, agency):
        await query.answer(NOT_YOURS)
        return
    match Purpose(purpose):
        case Purpose.CONFIRM | Purpose.RECORD:
            given = confirm_form.unplaced(await services.drafts.of(person.id))
            await confirm.begin(message, person, services, agency, given)
        case Purpose.VIEW:
            await status.show_status(message, person, services, agency)
        case Purpose.INVITE:
            await invite.invite(message, person, services, agency)
        case Purpose.EXTEND:
            await extend.begin(message, person, services, agency)
        case Purpose.RECEIPTS:
            await receipts.show_receipts(message, person, services, agency)
        case Purpose.LOG:
            await journal.show_journal(message, person, services, agency)
    await query.answer()


def closed_letter(draft: Draft) -> Letter:
    """That a draft was closed for having been left alone."""
    hours = int(KEPT.total_seconds() // 3600)
    return letter(say("draft_closed", what=_NAMES.get(draft.kind, "Việc đang làm"), kind=draft.kind, hours=hours))
