"""The control API, first half: looking at the world, and turning its clock."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.clock import LOCAL
from bot.sandbox.bodies import read_body, whole_number
from bot.sandbox.errors import ActionError
from bot.sandbox.world import World

# Anything else is only ever downloaded: a page that a person has uploaded must not run beside the chat page.
_SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg", "image/gif"})
_FARTHEST = timedelta(days=3653)


class Control:
    """Looking at one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes = [
            Route("/sandbox/state", self._state),
            Route("/sandbox/chats/{chat_id}/messages", self._messages),
            Route("/sandbox/files/{file_id}", self._file),
            Route("/sandbox/events", self._events),
            Route("/sandbox/clock", self._clock),
            Route("/sandbox/clock", self._turn_clock, methods=["POST"]),
        ]

    async def _state(self, request: Request) -> Response:
        """Everything the page needs to draw itself, but for the messages."""
        world = self._world
        asking = whole_number("person", request.query_params.get("person"))
        return JSONResponse(
            {
                "bot": {
                    "id": world.bot.id,
                    "name": world.bot.name,
                    "username": world.bot.username,
                    "description": world.bot.description,
                    "short_description": world.bot.short_description,
                    "menu_button": world.bot.menu_button,
                    "commands": world.commands.shown_to(asking),
                },
                **world.as_page(),
                "now": self._now(),
                "event": world.events.last,
            }
        )

    async def _messages(self, request: Request) -> Response:
        chat_id = whole_number("chat_id", request.path_params["chat_id"])
        chat = self._world.chats.get(chat_id or 0)
        if chat is None:
            raise ActionError(404, "Không có cuộc trò chuyện này.")
        return JSONResponse([message.as_page() for message in chat.messages.values()])

    async def _file(self, request: Request) -> Response:
        file = self._world.files.get(request.path_params["file_id"])
        if file is None:
            raise ActionError(404, "Không có tệp này.")
        is_shown = file.mime in _SHOWN_IN_PLACE
        return Response(
            file.read(),
            media_type=file.mime if is_shown else "application/octet-stream",
            headers={
                "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(file.name)}",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )

    async def _events(self, request: Request) -> Response:
        """Server-sent events from now on, or from where the page has left off."""
        query, header = request.query_params.get("since"), request.headers.get("last-event-id")
        since = whole_number("since", header or query)
        stream = self._stream(self._world.events.last if since is None else since)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _stream(self, since: int) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        async for event in self._world.events.follow(since):
            yield event.as_stream()

    async def _clock(self, _: Request) -> Response:
        return JSONResponse({"now": self._now()})

    async def _turn_clock(self, request: Request) -> Response:
        """Turn the clock forward: to a moment, or by some seconds."""
        body = await read_body(request)
        clock = self._world.clock
        now, by = clock.now(), body.seconds("by_seconds")
        ahead = by if by is not None else (_moment(body.text("to")) - now).total_seconds()
        if ahead < 0:
            raise ActionError(400, "Đồng hồ chỉ vặn tới được, không vặn lùi.")
        if not ahead <= _FARTHEST.total_seconds():
            raise ActionError(400, "Đồng hồ chỉ vặn tới tối đa mười năm mỗi lần.")
        target = now + timedelta(seconds=ahead)
        clock.turn_to(target)
        shown = {"now": self._now()}
        self._world.events.add("clock", dict[str, Any](shown))
        return JSONResponse(shown)

    def _now(self) -> str:
        return self._world.clock.now().astimezone(LOCAL).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    """A moment as the page writes it; without an offset it is local time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ActionError(400, "Thời điểm phải có dạng 2021-11-12T08:00.") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL)
