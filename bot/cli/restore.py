"""`isobot restore`: what a backup holds, onto an installation that remembers nothing yet."""

import asyncio
from pathlib import Path

import click

from bot.backup_files import BackupError
from bot.cli.backup import contents, warn_of_missing
from bot.clock import LOCAL
from bot.restoring import check, restore
from bot.settings import load as load_settings
from bot.store.database import DatabaseError


@click.command("restore")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Chỉ kiểm tra bản sao lưu, không khôi phục.")
def command(file: Path, only_check: bool) -> None:
    """Kiểm tra bản sao lưu rồi khôi phục vào nơi chưa có dữ liệu."""
    settings = load_settings()
    try:
        if only_check:
            manifest = asyncio.run(check(file))
        else:
            manifest = asyncio.run(restore(file, settings.data, settings.sqlalchemy_url))
    except (BackupError, DatabaseError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Không ghi được vào {settings.data} ({error.strerror}).") from None
    moment = manifest.made_at.astimezone(LOCAL)
    done = "Bản sao lưu còn nguyên vẹn" if only_check else "Đã khôi phục"
    click.echo(f"{done}: {contents(manifest)}, sao lưu lúc {moment:%H:%M ngày %d/%m/%Y}.")
    warn_of_missing(manifest)
