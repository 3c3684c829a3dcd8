"""A bot whose Telegram answers at once and forgets: what is measured with it is the bot alone."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.app import build
from bot.clock import Clock
from bot.demo import STARTS
from bot.settings import Settings
from bot.store.database import open_database
from handlers.services import App
from knowledge.answer import Answerer

COORDINATOR = 7
_TOKEN = "1813:instant"
_ME = {"id": 1813, "is_bot": True, "first_name": "Trợ lý", "username": "isobot_demo_bot"}
_SENT = {"message_id": 1, "date": 1636333200, "chat": {"id": 1, "type": "private"}, "text": "."}


class _Instant(BaseRequest):
    """Answers every call at once."""

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """What Telegram would say."""
        called = url.rpartition("/")[2]
        result: Any = _ME if called == "getMe" else _SENT if called.startswith("send") else True
        if request_data:
            request_data.json_parameters  # noqa: B018 - a real request writes them, too
        return 200, json.dumps({"ok": True, "result": result}).encode()


class Bot:
    """A bot that is told of updates directly."""

    def __init__(self, application: App) -> None:
        self.application = application
        self._updates = 0

    async def hears(self, person: int, text: str) -> None:
        """Let somebody write a text, and the bot do all that it does about it."""
        self._updates += 1
        moment = self.application.bot_data.clock.now()
        command = (
            [{"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}] if text[0] == "/" else []
        )
        message = {
            "message_id": self._updates,
            "date": int(moment.timestamp()),
            "chat": {"id": person, "type": "private", "first_name": "An"},
            "from": {"id": person, "is_bot": False, "first_name": "An"},
            "text": text,
            "entities": command,
        }
        update = Update.de_json({"update_id": self._updates, "message": message}, self.application.bot)
        await self.application.update_processor.process_update(update, self.application.process_update(update))


@asynccontextmanager
async def instant(answerer: Answerer, folder: Path, at: datetime = STARTS) -> AsyncIterator[Bot]:
    """A bot with its database in a folder."""
    settings = Settings(
        token=SecretStr(_TOKEN), data=folder, coordinators=frozenset({COORDINATOR}), proxy=None, database_url=None
    )
    async with open_database(settings.sqlalchemy_url) as database:
        application = build(settings, answerer, database, Clock(at))
        application.bot._request = (_Instant(), _Instant())
        await application.initialize()
        await application.bot_data.in_force.refresh()
        try:
            yield Bot(application)
        finally:
            await application.shutdown()
            await application.bot_data.attachments.close()
