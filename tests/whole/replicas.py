"""Several bots on one database behind a load balancer: processes of their own that can be killed and frozen."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.serving import listening
from tests.whole.machine import free_port

START = 60  # seconds, on a busy machine

# Most of a start is importing: done once, and every bot is a fork, a process of its own that `isobot run` runs in.
NURSERY = """
import os, signal, sys
import bot.cli.run
from bot.store import server
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    address, log = line.split()
    if os.fork() == 0:
        server.CALLER = address
        os.environ["ISOBOT_LISTEN"] = address
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        print(os.getpid(), flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.argv = ["isobot", "run"]
        bot.cli.main()
"""


@dataclass(frozen=True)
class Replica:
    """One of the bots."""

    process: int
    address: str
    log: Path

    def send(self, what: signal.Signals) -> None:
        os.kill(self.process, what)

    @property
    def leads(self) -> bool:
        """Whether it led last, as far as it has told."""
        told: list[str] = re.findall(r'event=(leading|"leading no more")', self.log.read_text("utf-8"))
        return bool(told) and told[-1] == "leading"


@dataclass
class Balancer:
    """Hands each request to the next of the replicas; where nobody is, to the one after."""

    replicas: list[Replica] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=dict)

    @asynccontextmanager
    async def open(self, port: int) -> AsyncIterator[None]:
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(trust_env=False, timeout=30, limits=limits) as client:
            turns = cycle(range(len(self.replicas)))

            async def forward(request: Request) -> Response:
                body, headers = await request.body(), dict(request.headers)
                for _ in self.replicas:
                    address = self.replicas[next(turns)].address
                    try:
                        answer = await client.post(f"http://{address}/hook", content=body, headers=headers)
                    except httpx.ConnectError:
                        continue
                    except httpx.HTTPError:
                        return Response(status_code=502)
                    self.served[address] = self.served.get(address, 0) + 1
                    return Response(status_code=answer.status_code)
                return Response(status_code=502)

            app = Starlette(routes=[Route("/hook", forward, methods=["POST"])])
            async with listening(app, "127.0.0.1", port):
                yield


@asynccontextmanager
async def replicas(folder: Path, environment: dict[str, str], count: int) -> AsyncIterator[Balancer]:
    """So many bots behind a balancer, one of which leads."""
    port, balancer = free_port(), Balancer()
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ISOBOT_")}
    hook = {"ISOBOT_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "ISOBOT_WEBHOOK_SECRET": "bi-mat"}
    nursery = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NURSERY, cwd=folder, env={**kept, **environment, **hook},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert nursery.stdin
    assert nursery.stdout
    async with AsyncExitStack() as stack:
        stack.callback(nursery.kill)
        for number in range(count):
            address, log = f"127.0.0.1:{free_port()}", folder / f"replica-{number}.log"
            nursery.stdin.write(f"{address} {log}\n".encode())
            async with asyncio.timeout(START):
                process = int(await nursery.stdout.readline())
            stack.callback(_end, process)
            balancer.replicas.append(Replica(process, address, log))
        await stack.enter_async_context(balancer.open(port))
        await _ready(balancer.replicas)
        yield balancer
    await nursery.wait()


async def _ready(bots: Sequence[Replica]) -> None:
    async with asyncio.timeout(START), httpx.AsyncClient(trust_env=False) as client:
        for bot in bots:
            while True:
                try:
                    if (await client.get(f"http://{bot.address}/healthz")).is_success:
                        break
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.05)
        while sum(bot.leads for bot in bots) != 1:  # noqa: ASYNC110 - the bots are other processes
            await asyncio.sleep(0.05)


def _end(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return
