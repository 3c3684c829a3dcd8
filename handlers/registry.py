"""Which handler hears what."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, InlineQueryHandler, MessageHandler, filters

from handlers import ask, errors, feedback, files, inbox, inline, matrix, plan, start, topics
from handlers.buttons import Code
from handlers.services import App, Context

# A row's number, and the small numbers of a menu; longer ones no button of ours carries.
_NUMBER = re.compile(r"[0-9]{1,18}")
_NAME = re.compile(r"[a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class _Press:
    """What a button leads to, and what its ids look like: numbers reach the handler as numbers."""

    handler: Callable[..., Awaitable[None]]
    ids: tuple[re.Pattern[str], ...] = ()


_PRESSES = {
    Code.TOPIC: _Press(ask.on_topic, (_NAME,)),
    Code.PICK: _Press(ask.on_pick, (_NUMBER, _NAME)),
    Code.AGENCY: _Press(ask.on_agency, (_NAME, _NAME)),
    Code.MENU: _Press(topics.on_menu),
    Code.FRONT: _Press(topics.on_front),
    Code.GROUP: _Press(topics.on_group, (_NUMBER, _NUMBER)),
    Code.TABLE: _Press(matrix.on_table),
    Code.TABLE_PAGE: _Press(matrix.on_table_page, (_NUMBER,)),
    Code.FILE: _Press(files.on_file, (_NAME,)),
    Code.PASS_ON: _Press(feedback.on_pass_on, (_NUMBER,)),
    Code.HELPFUL: _Press(feedback.on_helpful, (_NUMBER,)),
    Code.WRONG: _Press(feedback.on_wrong, (_NUMBER,)),
}

_COMMANDS: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
    "start": start.on_start,
    "help": start.on_help,
    "hoi": ask.on_ask_command,
    "chude": topics.on_topics,
    "kehoach": plan.on_plan,
    "han": plan.on_deadline,
    "hopthu": inbox.on_inbox,
}


def register(application: App) -> None:
    """Connect every handler."""
    # An edited message is not a new question.
    new = filters.UpdateType.MESSAGE
    private = filters.ChatType.PRIVATE
    handlers: list[Any] = [CommandHandler(name, handler, new) for name, handler in _COMMANDS.items()]
    handlers += [
        MessageHandler(new & private & filters.COMMAND, start.on_unknown_command),
        MessageHandler(new & filters.TEXT & ~filters.COMMAND, ask.on_text),
        MessageHandler(new & private & ~filters.StatusUpdate.ALL, start.on_other),
        CallbackQueryHandler(on_press),
        InlineQueryHandler(inline.on_inline),
    ]
    application.add_handlers(handlers)
    application.add_error_handler(errors.on_error)


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
    numbered = zip(press.ids, ids, strict=True)
    await press.handler(query, context, *(int(text) if form is _NUMBER else text for form, text in numbered))
