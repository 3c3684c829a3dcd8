"""The control API, second half: acting as somebody."""

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import actions
from bot.sandbox.bodies import read_body, whole_number
from bot.sandbox.errors import ActionError
from bot.sandbox.people import Person
from bot.sandbox.world import World

_LARGEST_UPLOAD = 64 * 1024 * 1024


class PeopleControl:
    """Acting in one world. Every request names the person it acts as; there are no passwords in a sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes = [
            Route(f"/sandbox/people/{{person_id}}/{action}", handler, methods=["POST"])
            for action, handler in {
                "messages": self._write,
                "files": self._send_file,
                "others": self._send_other,
                "presses": self._press,
                "edits": self._edit,
                "inline": self._ask_inline,
                "inline/choose": self._choose_inline,
                "block": self._block,
                "unblock": self._unblock,
                "read": self._read,
            }.items()
        ]

    async def _write(self, request: Request) -> Response:
        person, body = self._person(request), await read_body(request)
        message = actions.write(
            self._world, person, body.text("text"), body.number_or_none("chat_id"), body.number_or_none("reply_to")
        )
        return JSONResponse(message.as_page())

    async def _send_file(self, request: Request) -> Response:
        person = self._person(request)
        if int(request.headers.get("content-length", 0)) > _LARGEST_UPLOAD:
            async for _ in request.stream():
                pass  # an answer in the middle of an upload would be lost in the browser
            raise ActionError(413, "Tệp quá lớn: tối đa 64 MB.")
        async with request.form() as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise ActionError(400, "Thiếu tệp.")
            message = actions.send_file(
                self._world,
                person,
                upload.filename or "tep",
                await upload.read(),
                str(form.get("caption") or ""),
                as_photo=form.get("as") == "photo",
                chat_id=whole_number("chat_id", form.get("chat_id")),
            )
        return JSONResponse(message.as_page())

    async def _send_other(self, request: Request) -> Response:
        person, body = self._person(request), await read_body(request)
        message = actions.send_other(self._world, person, body.text("kind"), body.number_or_none("chat_id"))
        return JSONResponse(message.as_page())

    async def _press(self, request: Request) -> Response:
        person, body = self._person(request), await read_body(request)
        query = actions.press(
            self._world,
            person,
            body.number("message_id"),
            body.text("callback_data"),
            body.number_or_none("chat_id"),
            force=body.flag("force"),
        )
        return JSONResponse({"query_id": query.id})

    async def _edit(self, request: Request) -> Response:
        person, body = self._person(request), await read_body(request)
        message = actions.edit(
            self._world, person, body.number("message_id"), body.text("text"), body.number_or_none("chat_id")
        )
        return JSONResponse(message.as_page())

    async def _ask_inline(self, request: Request) -> Response:
        person, body = self._person(request), await read_body(request)
        return JSONResponse(await actions.ask_inline(self._world, person, body.text("query"), body.text("offset", "")))

    async def _choose_inline(self, request: Request) -> Response:
        person, body = self._person(request), await read_body(request)
        message = actions.choose_inline(
            self._world, person, body.text("query_id"), body.text("result_id"), body.number_or_none("chat_id")
        )
        return JSONResponse(message.as_page())

    async def _block(self, request: Request) -> Response:
        person = self._person(request)
        actions.block(self._world, person, blocked=True)
        return JSONResponse(person.as_page())

    async def _unblock(self, request: Request) -> Response:
        person = self._person(request)
        actions.block(self._world, person, blocked=False)
        return JSONResponse(person.as_page())

    async def _read(self, request: Request) -> Response:
        person, body = self._person(request), await read_body(request)
        actions.read(self._world, person, body.number_or_none("chat_id"))
        return JSONResponse(person.as_page())

    def _person(self, request: Request) -> Person:
        person = self._world.people.get(whole_number("person", request.path_params["person_id"]) or 0)
        if person is None:
            raise ActionError(404, "Không có người này.")
        return person
