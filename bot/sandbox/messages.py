"""A message, and its two forms: the Bot API's and the chat page's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.clock import LOCAL
from bot.sandbox.files import StoredFile
from bot.sandbox.people import BotAccount, Person
from knowledge.markup import Entity

if TYPE_CHECKING:
    from bot.sandbox.chats import Chat

Keyboard = list[list[dict[str, Any]]]


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """One message in one chat.

    Args:
        text: what is read; the caption, if there is a file.
        other: fields of the Bot API for what is neither text nor file (a voice message, a service message); `text` then
            is only what the chat page shows in its place.
        inline_id: set on a message that was sent through the bot's inline mode: the bot edits it by this.
    """

    id: int
    chat: "Chat"
    sender: Person | BotAccount
    at: datetime
    text: str = ""
    entities: Sequence[Entity] = ()
    keyboard: Keyboard = field(default_factory=list)
    file: StoredFile | None = None
    reply_to: int | None = None
    other: dict[str, Any] = field(default_factory=dict)
    via_bot: BotAccount | None = None
    inline_id: str | None = None
    edited_at: datetime | None = None
    pinned: bool = False

    @property
    def is_service(self) -> bool:
        """True for what Telegram writes into a chat of itself."""
        return not _SERVICE_FIELDS.isdisjoint(self.other)

    def has_button(self, callback_data: str) -> bool:
        """Whether a button with this data hangs under the message."""
        return any(button.get("callback_data") == callback_data for row in self.keyboard for button in row)

    def as_api(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Bot API's Message. The message replied to comes along, but not the one that it replied to in turn."""
        message: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender.as_user(),
            "chat": self.chat.as_chat(),
            "date": int(self.at.timestamp()),
        }
        if self.edited_at is not None:
            message["edit_date"] = int(self.edited_at.timestamp())
        if with_reply and self.reply_to is not None and (replied := self.chat.messages.get(self.reply_to)) is not None:
            message["reply_to_message"] = replied.as_api(with_reply=False)
        if self.via_bot is not None:
            message["via_bot"] = self.via_bot.as_user()
        if self.other:
            message.update(self.other)
        elif self.file is not None:
            message.update(self.file.as_api())
            if self.text:
                message["caption"] = self.text
            if self.entities:
                message["caption_entities"] = [entity.as_json() for entity in self.entities]
        else:
            message["text"] = self.text
            if self.entities:
                message["entities"] = [entity.as_json() for entity in self.entities]
        if self.keyboard:
            message["reply_markup"] = {"inline_keyboard": self.keyboard}
        return message

    def as_page(self) -> dict[str, Any]:
        """What the chat page draws."""
        file = self.file
        return {
            "id": self.id,
            "chat_id": self.chat.id,
            "from": "bot" if isinstance(self.sender, BotAccount) else self.sender.id,
            "at": self.at.astimezone(LOCAL).isoformat(timespec="seconds"),
            "text": self.text,
            "entities": [entity.as_json() for entity in self.entities],
            "reply_to": self.reply_to,
            "buttons": [[_page_button(button) for button in row] for row in self.keyboard],
            "document": file.as_page_document() if file is not None and not file.is_photo else None,
            "photo": file.as_page_photo() if file is not None and file.is_photo else None,
            "kind": next(iter(self.other), None),
            "service": self.is_service,
            "edited": self.edited_at is not None,
            "via_bot": self.via_bot is not None,
            "pinned": self.pinned,
        }


_SERVICE_FIELDS = frozenset({"migrate_to_chat_id", "migrate_from_chat_id"})


def _page_button(button: dict[str, Any]) -> dict[str, Any]:
    """A button as the page wants it: the text to copy stands in the open."""
    if "copy_text" in button:
        return {**button, "copy_text": button["copy_text"]["text"]}
    return button
