"""What others on the network see of the bot: /healthz, /metrics, and the webhook where there is one."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import logs
from bot.liveness import Liveness
from bot.metrics import Metrics
from bot.reminders import Reminders
from bot.serving import listening
from bot.settings import Address
from bot.vitals import Vitals

log = logs.of(__name__)

# Connections beyond which the answer is 503: Telegram's forty, and some for who looks at the bot.
_AT_ONCE = 100


class Listener:
    """Serves the bot's outside.

    Args:
        address: where; None serves nothing.
        liveness: tells how the bot is.
        metrics: what it has counted.
        vitals: what the database knows.
        reminders: know what is due.
        routes: what else there is.
    """

    def __init__(
        self, address: Address | None, liveness: Liveness, metrics: Metrics, vitals: Vitals, reminders: Reminders,
        routes: Sequence[Route],
    ) -> None:  # fmt: skip
        self._address = address
        self._liveness = liveness
        self._metrics = metrics
        self._vitals = vitals
        self._reminders = reminders
        own = [Route("/healthz", self._healthz), Route("/metrics", self._show_metrics)]
        self._app = Starlette(routes=[*routes, *own])

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen until the block ends; what is under way then has two seconds to end.

        Raises:
            OSError: the port is taken, or the address is not one of this machine.
        """
        if self._address is None:
            yield
            return
        async with listening(self._app, self._address.host, self._address.port, at_once=_AT_ONCE) as url:
            log.info("listening", url=url)
            yield

    async def _healthz(self, _: Request) -> Response:
        health = await self._liveness.look()
        return JSONResponse(health.as_json(), 200 if health.ok else 503)

    async def _show_metrics(self, _: Request) -> Response:
        health = await self._liveness.look()
        try:
            counts = await self._vitals.counts()
        except (OSError, SQLAlchemyError) as error:
            log.warning("database not asked for its counts", error=error)
            counts = None
        healthy = {name: part.ok for name, part in health.parts.items()}
        page = self._metrics.page(healthy, counts, self._reminders.due)
        return Response(page, media_type=CONTENT_TYPE_LATEST)
