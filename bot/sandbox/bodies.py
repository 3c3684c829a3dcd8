"""The body of a control request, read with care: what is missing or of the wrong kind is told in words."""

from typing import Any

from starlette.requests import Request

from bot.sandbox.errors import ActionError
from bot.sandbox.strict_json import loads


class Body:
    """A JSON object."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def text(self, name: str, default: str | None = None) -> str:
        """A text; one without a default has to be there."""
        value = self._values.get(name, default)
        if not isinstance(value, str):
            raise ActionError(400, f"Thiếu “{name}” (một chuỗi).")
        return value

    def number(self, name: str) -> int:
        """A whole number that has to be there."""
        value = self.number_or_none(name)
        if value is None:
            raise ActionError(400, f"Thiếu “{name}” (một số nguyên).")
        return value

    def number_or_none(self, name: str) -> int | None:
        """A whole number, if there is one."""
        return whole_number(name, self._values.get(name))

    def flag(self, name: str) -> bool:
        """True or false; nothing means false."""
        return self._values.get(name) is True

    def seconds(self, name: str) -> float | None:
        """A number, if there is one."""
        value = self._values.get(name)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        raise ActionError(400, f"“{name}” phải là một số.")


async def read_body(request: Request) -> Body:
    """The body of a request; an empty one is an empty object."""
    raw = await request.body()
    try:
        values = loads(raw.decode() or "{}")
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise ActionError(400, "Nội dung gửi lên phải là một đối tượng JSON.")
    return Body(values)


def whole_number(name: str, value: Any) -> int | None:
    """A whole number from JSON, a form or an address; None for nothing."""
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ActionError(400, f"“{name}” phải là một số nguyên.") from None
