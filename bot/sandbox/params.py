"""The parameters of a Bot API call: from the address, a form, a multipart form or JSON, all read alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.strict_json import loads

# What is a text stays one, even if it looks like a number or like JSON.
_TEXTS = frozenset(
    {
        "action",
        "callback_query_id",
        "caption",
        "description",
        "document",
        "file_id",
        "inline_message_id",
        "inline_query_id",
        "language_code",
        "name",
        "next_offset",
        "parse_mode",
        "photo",
        "secret_token",
        "short_description",
        "text",
        "url",
    }
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes


class Params:
    """The parameters of one call."""

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self._values = values
        self._uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return name in self._values or name in self._uploads

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as not given, as in Telegram."""
        try:
            return int(self._values.get(name, default))
        except (TypeError, ValueError):
            return default

    def seconds(self, name: str) -> float:
        """A time span in seconds."""
        try:
            return float(self._values.get(name, 0))
        except (TypeError, ValueError):
            return 0.0

    def flag(self, name: str) -> bool:
        """True or false."""
        return str(self._values.get(name, "")).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        """A list or an object, which forms carry as JSON; None if not given."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """A file, sent under its own name or attached under another ("attach://…")."""
        reference = self.text(name)
        return self._uploads.get(reference.removeprefix("attach://") if reference else name)

    @property
    def values(self) -> Mapping[str, Any]:
        """Everything but files, as it came."""
        return self._values


async def read_params(request: Request, upload_limit: int) -> Params:
    """Read the parameters of a call. An ApiError 413 for a body that is too big, once it has come in to the end."""
    values: dict[str, Any] = dict(request.query_params)
    if request.method != "POST":
        return Params(values)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, values, upload_limit)
    body = await request.body()
    if kind == "application/json":
        values.update(_json_object(body))
    else:
        values.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return Params(values)


async def _multipart(request: Request, values: dict[str, Any], upload_limit: int) -> Params:
    # Some room for the other fields and the boundaries around the file.
    if int(request.headers.get("content-length", 0)) > upload_limit + 1024 * 1024:
        async for _ in request.stream():
            pass  # an answer in the middle of an upload would be lost on the client
        raise ApiError(413, "Request Entity Too Large")
    uploads: dict[str, Upload] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or name, await value.read())
            else:
                values[name] = value
    if any(len(upload.content) > upload_limit for upload in uploads.values()):
        raise ApiError(413, "Request Entity Too Large")
    return Params(values, uploads)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        values = loads(body.decode() or "{}")
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise bad_request("can't parse request body as a JSON object")
    return values


def read_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as Python values: numbers are numbers, JSON is JSON."""
    return {name: value if name in _TEXTS else _read(value) for name, value in values.items()}


def _read(value: Any) -> Any:
    """A form's string as what it stands for; a name or an id of letters stays a string."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
