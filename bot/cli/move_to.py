"""`isobot move-to`: everything that is remembered into another database."""

import asyncio

import click

from bot.moving import move
from bot.settings import load as load_settings
from bot.store.database import DatabaseError


@click.command("move-to")
@click.argument("url", metavar="URL")
def command(url: str) -> None:
    """Chép mọi dữ liệu sang một cơ sở dữ liệu trống, ví dụ từ SQLite sang PostgreSQL, rồi so lại."""
    settings = load_settings()
    try:
        rows = asyncio.run(move(settings.sqlalchemy_url, url))
    except DatabaseError as error:
        raise click.ClickException(str(error)) from None
    width = max(map(len, rows))
    for table, count in rows.items():
        click.echo(f"{table:<{width}}  {count}")
    click.echo(
        f"Đã chép và so lại {sum(rows.values())} dòng. Đặt ISOBOT_DATABASE_URL là địa chỉ mới rồi chạy bot. "
        f"Tệp đính kèm và receipts.key vẫn ở {settings.data}; cơ sở dữ liệu cũ còn nguyên."
    )
