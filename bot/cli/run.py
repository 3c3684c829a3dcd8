"""`isobot run`: the real bot."""

import asyncio
import gc
import signal

import click

from bot import logs
from bot.app import build, running
from bot.assembly import StartError
from bot.clock import Clock
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.store.database import DatabaseError, open_database
from bot.watchdog import Watchdog
from knowledge.answer import Answerer
from knowledge.pack import load as load_pack


@click.command("run")
def command() -> None:
    """Chạy bot thật với ISOBOT_TOKEN."""
    settings = load_settings()
    if not settings.token.get_secret_value():
        raise click.ClickException("Chưa có ISOBOT_TOKEN. Lấy mã bot từ @BotFather rồi ghi vào biến này hoặc tệp .env.")
    logs.configure(secrets=settings.secrets)
    answerer = Answerer(load_pack(settings.pack))
    # What was loaded stays. The collector of garbage need not look through it again and again while people wait.
    gc.freeze()
    try:
        asyncio.run(_run(settings, answerer))
    except (StartError, DatabaseError) as error:
        raise click.ClickException(str(error)) from None


async def _run(settings: Settings, answerer: Answerer) -> None:
    clock = Clock(settings.at)
    async with open_database(settings.sqlalchemy_url) as database:
        application = build(settings, answerer, database, clock)
        async with running(application, Watchdog.of_environment()):
            click.echo(f"@{application.bot.username} đang chạy. Dừng bằng Ctrl-C.")
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, application.bot_data.in_force.asked.set)
            await stopped()


async def stopped() -> None:
    """Wait for Ctrl-C or the service manager's request to end."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, asked.set)
    await asked.wait()
