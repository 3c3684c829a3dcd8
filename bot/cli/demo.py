"""`isobot demo`: the whole system on this machine, without a token or an account."""

import asyncio
import errno
import logging
from datetime import datetime

import click

from bot import logs
from bot.cli import options
from bot.cli.run import stopped
from bot.demo import demo, starts
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.store.database import DatabaseError
from knowledge.answer import Answerer
from knowledge.pack import load as load_pack


@click.command("demo")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Cổng trên máy này.")
@click.option("--at", type=options.Moment(), help="Giờ bắt đầu, ví dụ 2021-11-08T08:00; mặc định một tuần trước hạn.")
def command(port: int, at: datetime | None) -> None:
    """Chạy thử cả hệ thống trên máy này, không cần mã bot hay tài khoản."""
    logs.configure(logging.WARNING)
    settings = load_settings()
    answerer = Answerer(load_pack(settings.pack))
    try:
        asyncio.run(_demo(settings, answerer, port, at or starts(answerer.pack)))
    except DatabaseError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise click.ClickException(f"Cổng {port} đang bận. Chọn cổng khác: make demo PORT={port + 1}") from None


async def _demo(settings: Settings, answerer: Answerer, port: int, at: datetime) -> None:
    async with demo(answerer, settings.data / "demo", port, at) as running:
        click.echo(f"Mở {running.url} trong trình duyệt. Dừng bằng Ctrl-C.")
        await stopped()
    click.echo("Đã dừng.")
