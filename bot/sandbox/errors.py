"""Refusals: the Bot API's, in Telegram's words, and those a person at the chat page reads, in Vietnamese."""

from typing import Any


class ApiError(Exception):
    """The Bot API refuses a call; python-telegram-bot turns the status and the words into its own exceptions."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class ActionError(Exception):
    """A person cannot do this; the message is for them to read."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def bad_request(reason: str, **parameters: Any) -> ApiError:
    """Status 400, with Telegram's usual beginning."""
    return ApiError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> ApiError:
    """Status 403, with Telegram's usual beginning."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Status 409, with Telegram's usual beginning."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """Status 429: come back in so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
