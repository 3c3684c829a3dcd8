"""Buttons under a message: what Telegram takes and what it refuses."""

from typing import Any

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.messages import Keyboard
from knowledge.markup import checked_url

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")
_MOST_BUTTONS = 100
_LONGEST_DATA = 64
_LONGEST_COPY = 256


def read_keyboard(markup: Any, *, inline_only: bool = False) -> Keyboard:
    """The rows of buttons of a reply_markup. The keyboards that replace the phone's own are taken, but not shown."""
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only or not any(kind in markup for kind in _OTHER_MARKUPS):
            raise bad_request("inline keyboard expected")
        return []
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    keyboard = [[_checked(button) for button in row] for row in rows if row]
    if sum(map(len, keyboard)) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return keyboard


def _checked(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _unreadable("expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unreadable('can\'t find field "text"' if text is None else 'field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text is empty")
    actions = [action for action in _ACTIONS if button.get(action) is not None]
    if not actions:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unreadable(f"exactly one action field must be used, not {', '.join(actions)}")
    _check_action(actions[0], button[actions[0]])
    return button


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data" and not 0 < len(str(value).encode()) <= _LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and checked_url(str(value)) is None:
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_COPY:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")
