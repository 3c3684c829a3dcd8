"""What people send that is neither text nor file: a bot has to answer to these too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.people import Person


@dataclass(frozen=True, slots=True)
class Other:
    """One kind: what the chat page shows for it, and the fields of the Bot API's Message."""

    shown: str
    fields: Callable[[Person], dict[str, Any]]


def _voice(_: Person) -> dict[str, Any]:
    return {
        "voice": {
            "file_id": "sandbox-voice",
            "file_unique_id": "sandbox-voice",
            "duration": 3,
            "mime_type": "audio/ogg",
            "file_size": 9000,
        }
    }


def _sticker(_: Person) -> dict[str, Any]:
    return {
        "sticker": {
            "file_id": "sandbox-sticker",
            "file_unique_id": "sandbox-sticker",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
        }
    }


def _location(_: Person) -> dict[str, Any]:
    return {"location": {"latitude": 11.5349, "longitude": 106.8823}}


def _contact(person: Person) -> dict[str, Any]:
    return {"contact": {"phone_number": "84900000000", "first_name": person.name, "user_id": person.id}}


OTHERS = {
    "voice": Other("🎤 Tin nhắn thoại", _voice),
    "sticker": Other("👍 Nhãn dán", _sticker),
    "location": Other("📍 Vị trí", _location),
    "contact": Other("👤 Danh thiếp", _contact),
}
