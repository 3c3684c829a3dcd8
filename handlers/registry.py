"""Which handler hears what."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler, CommandHandler, InlineQueryHandler, MessageHandler, filters

from handlers import (
    agencies,
    annex,
    ask,
    board,
    confirm,
    contingency,
    dialogue,
    errors,
    extend,
    feedback,
    files,
    inbox,
    incoming_files,
    inline,
    invite,
    journal,
    learn,
    link,
    matrix,
    my_agency,
    notice_control,
    notice_reading,
    notice_report,
    notice_send,
    notices,
    plan,
    privacy,
    receipts,
    reminders,
    respond,
    review,
    send_back,
    start,
    status,
    topics,
    waive,
)
from handlers.buttons import Code
from handlers.messages import answer_in
from handlers.people import is_coordinator
from handlers.replies import Reply
from handlers.services import App, Context
from handlers.texts import say

# A row's number, and the small numbers of a menu; longer ones no button of ours carries.
_NUMBER = re.compile(r"[0-9]{1,18}")
_NAME = re.compile(r"[a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class _Press:
    """What a button leads to, and what its ids look like: numbers reach the handler as numbers.

    What concerns a person or an agency is not done before others: only what is public is also done in a group.
    """

    handler: Callable[..., Awaitable[None]]
    ids: tuple[re.Pattern[str], ...] = ()
    public: bool = False


_PRESSES = {
    Code.TOPIC: _Press(ask.on_topic, (_NAME,), public=True),
    Code.PICK: _Press(ask.on_pick, (_NUMBER, _NAME), public=True),
    Code.AGENCY: _Press(ask.on_agency, (_NAME, _NAME), public=True),
    Code.MENU: _Press(topics.on_menu, public=True),
    Code.FRONT: _Press(topics.on_front, public=True),
    Code.GROUP: _Press(topics.on_group, (_NUMBER, _NUMBER), public=True),
    Code.TABLE: _Press(matrix.on_table, public=True),
    Code.TABLE_PAGE: _Press(matrix.on_table_page, (_NUMBER,), public=True),
    Code.FILE: _Press(files.on_file, (_NAME,), public=True),
    Code.PASS_ON: _Press(feedback.on_pass_on, (_NUMBER,), public=True),
    Code.HELPFUL: _Press(feedback.on_helpful, (_NUMBER,), public=True),
    Code.WRONG: _Press(feedback.on_wrong, (_NUMBER,), public=True),
    Code.CANCEL: _Press(dialogue.on_cancel),
    Code.LEAVE_BE: _Press(dialogue.on_leave_be),
    Code.LINK: _Press(link.on_agree),
    Code.AGENCIES: _Press(agencies.on_page, (_NAME, _NUMBER)),
    Code.CHOOSE: _Press(dialogue.on_choose, (_NAME, _NAME)),
    Code.INVITE_COORDINATOR: _Press(invite.on_invite_coordinator),
    Code.REVOKE: _Press(invite.on_revoke, (_NUMBER,)),
    Code.UNLINK: _Press(my_agency.on_unlink, (_NAME,)),
    Code.UNLINK_SURELY: _Press(my_agency.on_unlink_surely, (_NAME,)),
    Code.HAND_OVER: _Press(my_agency.on_hand_over, (_NAME,)),
    Code.BEGIN: _Press(confirm.on_begin),
    Code.WAY: _Press(confirm.on_way, (_NAME,)),
    Code.OTHER_WAY: _Press(confirm.on_other_way),
    Code.NO_FILES: _Press(confirm.on_no_files),
    Code.CONFIRM: _Press(confirm.on_confirm, (_NUMBER,)),
    Code.RECEIPT: _Press(receipts.on_receipt, (_NUMBER,)),
    Code.WITHDRAW: _Press(status.on_withdraw, (_NAME,)),
    Code.WITHDRAW_SURELY: _Press(status.on_withdraw_surely, (_NAME, _NUMBER)),
    Code.ACCEPT: _Press(review.on_accept, (_NUMBER,)),
    Code.UNDO: _Press(review.on_undo, (_NUMBER,)),
    Code.SEND_BACK: _Press(send_back.on_send_back, (_NUMBER,)),
    Code.MISSING: _Press(send_back.on_missing, (_NUMBER,)),
    Code.DUE_IN: _Press(send_back.on_due_in, (_NUMBER,)),
    Code.SEND_BACK_SURELY: _Press(send_back.on_send_back_surely),
    Code.FILES: _Press(review.on_files, (_NUMBER,)),
    Code.WAIVE: _Press(waive.on_waive, (_NAME,)),
    Code.WAIVE_SURELY: _Press(waive.on_waive_surely),
    Code.LIFT_WAIVER: _Press(status.on_lift_waiver, (_NAME, _NUMBER)),
    Code.EXTEND: _Press(extend.on_extend, (_NAME,)),
    Code.EXTEND_ALL: _Press(extend.on_extend_all),
    Code.EXTEND_SURELY: _Press(extend.on_extend_surely),
    Code.MUTE: _Press(reminders.on_mute, (_NAME,)),
    Code.REMIND: _Press(my_agency.on_remind, (_NAME, _NUMBER)),
    Code.SWITCH_SURELY: _Press(contingency.on_switch_surely),
    Code.JOURNAL_PAGE: _Press(journal.on_journal_page, (_NAME, _NAME, _NUMBER)),
    Code.FORGET: _Press(privacy.on_forget),
    Code.FORGET_SURELY: _Press(privacy.on_forget_surely),
    Code.ENTRY: _Press(inbox.on_entry, (_NUMBER,)),
    Code.DISMISS: _Press(inbox.on_dismiss, (_NUMBER,)),
    Code.REOPEN: _Press(inbox.on_reopen, (_NUMBER,)),
    Code.RESPOND: _Press(respond.on_respond, (_NUMBER,)),
    Code.RESPOND_SURELY: _Press(respond.on_respond_surely),
    Code.RESPONDED: _Press(respond.on_responded, (_NUMBER,)),
    Code.NOTICE_TEXT: _Press(notices.on_text),
    Code.NOTICE_WHOM: _Press(notices.on_whom),
    Code.NOTICE_AUDIENCE: _Press(notices.on_audience, (_NAME,)),
    Code.NOTICE_CHOICE: _Press(notices.on_choice, (_NUMBER,)),
    Code.NOTICE_TOGGLE: _Press(notices.on_toggle, (_NUMBER, _NAME)),
    Code.NOTICE_TIME: _Press(notices.on_time, (_NUMBER,)),
    Code.NOTICE_PREVIEW: _Press(notices.on_preview),
    Code.NOTICE_SEND: _Press(notice_send.on_send),
    Code.NOTICE_SURELY: _Press(notice_send.on_surely),
    Code.NOTICE_MORNING: _Press(notice_send.on_morning),
    Code.NOTICE_NOW: _Press(notice_control.on_now, (_NUMBER,)),
    Code.NOTICE_PAUSE: _Press(notice_control.on_pause, (_NUMBER,)),
    Code.NOTICE_RESUME: _Press(notice_control.on_resume, (_NUMBER,)),
    Code.NOTICE_STOP: _Press(notice_control.on_stop, (_NUMBER,)),
    Code.NOTICE_REPEAT: _Press(notice_control.on_repeat, (_NUMBER,)),
    Code.NOTICES: _Press(notice_control.on_notices, (_NUMBER,)),
    Code.NOTICE_OPEN: _Press(notice_control.on_open, (_NUMBER,)),
    Code.NOTICE_REPORT: _Press(notice_report.on_report, (_NUMBER,)),
    Code.NOTICE_REPORT_PAGE: _Press(notice_report.on_report_page, (_NUMBER, _NUMBER)),
    Code.NOTICE_REMIND: _Press(notice_report.on_remind, (_NUMBER,)),
    Code.NOTICE_CORRECT: _Press(notice_report.on_correct, (_NUMBER,)),
    Code.NOTICE_RECALL: _Press(notice_report.on_recall, (_NUMBER,)),
    Code.NOTICE_RECALL_SURELY: _Press(notice_report.on_recall_surely, (_NUMBER,)),
    Code.NOTICE_READ: _Press(notice_reading.on_read, (_NUMBER, _NUMBER)),
    Code.NOTICE_SAMPLE: _Press(notice_reading.on_sample),
    Code.SUBSCRIBE: _Press(notice_reading.on_subscribe),
    Code.UNSUBSCRIBE: _Press(notice_reading.on_unsubscribe),
    Code.LEARN: _Press(learn.on_learn, (_NUMBER, _NAME)),
    Code.UNLEARN: _Press(learn.on_unlearn, (_NUMBER,)),
    Code.BOARD_LIST: _Press(board.on_list, (_NAME,)),
    Code.BOARD_PAGE: _Press(board.on_page, (_NAME, _NUMBER)),
    Code.EXPORT: _Press(annex.on_export_button),
}

_COMMANDS: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
    "start": start.on_start,
    "help": start.on_help,
    "hoi": ask.on_ask_command,
    "chude": topics.on_topics,
    "kehoach": plan.on_plan,
    "han": plan.on_deadline,
    "hopthu": inbox.on_inbox,
    "kiemtra": receipts.on_check,
}

# What concerns a person or an agency is not done before others.
_PRIVATE_COMMANDS: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
    "donvi": my_agency.on_my_agency,
    "riengtu": privacy.on_privacy,
    "huy": dialogue.on_leave,
    "xacnhan": confirm.on_confirm_command,
    "tinhtrang": status.on_status,
    "biennhan": receipts.on_receipts,
}
_DESK_COMMANDS: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
    "bang": board.on_board,
    "xuat": annex.on_export,
    "moi": invite.on_invite,
    "giahan": extend.on_extend_command,
    "phuongan": contingency.on_contingency,
    "nhatky": journal.on_journal,
    "thongbao": notices.on_notice_command,
}


def register(application: App) -> None:
    """Connect every handler."""
    # An edited message is not a new question.
    new = filters.UpdateType.MESSAGE
    private = filters.ChatType.PRIVATE
    handlers: list[Any] = [CommandHandler(name, handler, new) for name, handler in _COMMANDS.items()]
    handlers += [CommandHandler(name, _in_private(handler), new) for name, handler in _PRIVATE_COMMANDS.items()]
    handlers += [CommandHandler(name, _in_private(_at_desk(handler)), new) for name, handler in _DESK_COMMANDS.items()]
    handlers += [
        MessageHandler(new & private & filters.COMMAND, start.on_unknown_command),
        MessageHandler(new & filters.TEXT & ~filters.COMMAND, dialogue.on_text),
        MessageHandler(new & private & (filters.Document.ALL | filters.PHOTO), incoming_files.on_file),
        MessageHandler(new & private & ~filters.StatusUpdate.ALL, start.on_other),
        CallbackQueryHandler(on_press),
        InlineQueryHandler(inline.on_inline),
    ]
    application.add_handlers(handlers)
    application.add_error_handler(errors.on_error)


def _in_private(handler: Callable[[Update, Context], Coroutine[Any, Any, None]]) -> Any:
    async def guarded(update: Update, context: Context) -> None:
        message = update.effective_message
        if message and message.chat.type != ChatType.PRIVATE:
            await answer_in(message, Reply(say("in_private"), None))
        else:
            await handler(update, context)

    return guarded


def _at_desk(handler: Callable[[Update, Context], Coroutine[Any, Any, None]]) -> Any:
    async def guarded(update: Update, context: Context) -> None:
        message, person = update.effective_message, update.effective_user
        if message and person and not await is_coordinator(context.bot_data, person.id):
            await answer_in(message, Reply(say("coordinators_only"), None))
        else:
            await handler(update, context)

    return guarded


async def on_press(update: Update, context: Context) -> None:
    """A button was pressed: hand it to the one that knows it. What carries anything else is no button of ours."""
    query = update.callback_query
    if query is None:
        return
    code, *ids = (query.data or "").split(":")
    press = _PRESSES.get(Code(code)) if code in set(Code) else None
    if press is None or len(ids) != len(press.ids) or not all(map(re.Pattern.fullmatch, press.ids, ids)):
        await query.answer("Nút này không còn dùng được. Anh/chị gõ câu hỏi hoặc /chude giúp.")
        return
    if not press.public and query.message and query.message.chat.type != ChatType.PRIVATE:
        await query.answer("Nút này chỉ dùng trong trò chuyện riêng với trợ lý.")
        return
    numbered = zip(press.ids, ids, strict=True)
    await press.handler(query, context, *(int(text) if form is _NUMBER else text for form, text in numbered))
