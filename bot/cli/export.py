"""`isobot export`: the board as a workbook, as /xuat sends it."""

import asyncio
from pathlib import Path

import click

from bot.app import export
from bot.assembly import StartError
from bot.clock import Clock
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.store.database import DatabaseError, open_database
from knowledge.answer import Answerer
from knowledge.pack import load as load_pack


@click.command("export")
@click.argument("file", metavar="TỆP.xlsx", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Xuất bảng theo dõi ra tệp Excel."""
    settings = load_settings()
    try:
        content = asyncio.run(_export(settings))
    except (DatabaseError, StartError) as error:
        raise click.ClickException(str(error)) from None
    try:
        file.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"Không ghi được {file} ({error.strerror}).") from None
    click.echo(f"Đã ghi {file}.")


async def _export(settings: Settings) -> bytes:
    answerer = Answerer(load_pack(settings.pack))
    async with open_database(settings.sqlalchemy_url) as database:
        return await export(settings, answerer, database, Clock(settings.at))
