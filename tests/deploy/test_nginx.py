"""The reverse proxy's example: nginx takes it, Telegram gets through to the bot, and nobody else does."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.certificates import make_certificate
from tests.deploy.tools import DEPLOY, run, tool
from tests.whole.machine import ANSWER, QUESTION, SECRET, Machine, free_port, machine, tea_room, telegram
from tests.whole.test_webhook_mode import HEADER, question
from tests.whole.town import until

# What nginx needs around a site; it writes nowhere else.
_AROUND = """\
daemon off;
pid nginx.pid;
error_log error.log;
events {{}}
http {{
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include {site};
}}
"""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for bot.example.gov.vn, and its key beside it."""
    return make_certificate(tmp_path, "bot.example.gov.vn")


def _written(folder: Path, certificate: Path, **changes: str) -> Path:
    """The example with this machine's places, in a folder of its own."""
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    places = {
        "/etc/ssl/certs/isobot.pem": str(certificate),
        "/etc/ssl/private/isobot.key": str(certificate.with_suffix(".key")),
    }
    for old, new in {**places, **changes}.items():
        assert old in site
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site, "utf-8")
    (folder / "nginx.conf").write_text(_AROUND.format(site=folder / "site.conf"), "utf-8")
    return folder / "nginx.conf"


def test_nginx_has_nothing_to_complain_of(tmp_path: Path, certificate: Path) -> None:
    tested = run(
        *(tool("nginx", "nginx-light"), "-t", "-e", tmp_path / "error.log", "-p", tmp_path),
        *("-c", _written(tmp_path, certificate)),
    )

    assert tested.returncode == 0, tested.stdout
    assert "warn" not in tested.stdout


@asynccontextmanager
async def _proxy(folder: Path, certificate: Path, bot: Machine, known: str) -> AsyncIterator[httpx.AsyncClient]:
    """nginx in front of a bot; `known` is who counts as Telegram."""
    port = free_port()
    changes = {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "    listen [::]:443 ssl;\n": "",
        "server 127.0.0.1:8080;": f"server 127.0.0.1:{bot.http.base_url.port};",
        "location = /telegram {": f"location = {bot.hook} {{",
        "allow 149.154.160.0/20;": f"allow {known};",
    }
    config = _written(folder, certificate, **changes)
    process = await asyncio.create_subprocess_exec(
        tool("nginx", "nginx-light"), "-e", folder / "error.log", "-p", folder, "-c", config
    )
    try:
        trusted = ssl.create_default_context(cafile=str(certificate))
        async with httpx.AsyncClient(trust_env=False, verify=trusted) as client:
            client.base_url = httpx.URL(f"https://127.0.0.1:{port}")
            client.headers = httpx.Headers({"Host": "bot.example.gov.vn"})
            await until((folder / "nginx.pid").exists)
            yield client
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.parametrize(("known", "status"), [("127.0.0.1", 200), ("192.0.2.1", 403)])
async def test_only_telegram_gets_through_and_only_to_the_webhook(
    tmp_path: Path, certificate: Path, known: str, status: int
) -> None:
    async with (
        telegram() as (url, world),
        machine(url, world, tmp_path, tea_room(tmp_path), port=free_port(), by_webhook=True) as bot,
        _proxy(tmp_path, certificate, bot, known) as proxy,
    ):
        extensions = {"sni_hostname": "bot.example.gov.vn"}
        posted = await proxy.post(bot.hook, json=question(7, QUESTION), headers={HEADER: SECRET}, extensions=extensions)
        others = [(await proxy.get(path, extensions=extensions)).status_code for path in ("/", "/healthz", "/metrics")]
        large = await proxy.post(bot.hook, content=b" " * 2_000_000, headers={HEADER: SECRET}, extensions=extensions)

        assert (posted.status_code, others) == (status, [404, 404, 404])
        assert [message.text for message in bot.an.heard()] == ([ANSWER] if status == 200 else [])
        assert large.status_code == 413
