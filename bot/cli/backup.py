"""`isobot backup`: everything the bot remembers in one file, made while it runs."""

import asyncio
from datetime import timedelta
from pathlib import Path

import click

from bot.backup_files import BackupError, Manifest
from bot.backups import Backups, dated, expire
from bot.cli.options import Duration
from bot.clock import Clock
from bot.retention import BACKUPS_KEPT
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.store.database import DatabaseError, open_as_it_is


@click.command("backup")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@click.option(
    "--keep", type=Duration(), default=BACKUPS_KEPT,
    help=f"Khi TỆP là thư mục: xoá bản sao lưu trong đó cũ hơn thế, {BACKUPS_KEPT.days}d là mặc định.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Ghi đè nếu đã có tệp này.")
def command(file: Path, keep: timedelta, force: bool) -> None:
    """Sao lưu mọi dữ liệu vào một tệp; bot vẫn chạy. TỆP là thư mục thì tên tệp mang ngày giờ."""
    settings, now = load_settings(), Clock().now()
    folder = file if file.is_dir() else None
    place = dated(folder, now) if folder else file
    if place.exists() and not force:
        raise click.ClickException(f"Đã có {place}. Chọn tên khác, hoặc thêm --force để ghi đè.")
    try:
        manifest = asyncio.run(_back_up(settings, place))
        expired = expire(folder, keep, now) if folder else []
    except (BackupError, DatabaseError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Không ghi được {place} ({error.strerror}).") from None
    click.echo(f"Đã ghi {place}: {contents(manifest)}.")
    for old in expired:
        click.echo(f"Đã xoá bản cũ {old}.")
    warn_of_missing(manifest)


async def _back_up(settings: Settings, place: Path) -> Manifest:
    async with open_as_it_is(settings.sqlalchemy_url) as database:
        return await Backups(database, settings.data).make(place, Clock().now())


def contents(manifest: Manifest) -> str:
    """What a backup holds, in a few words."""
    return f"{sum(manifest.rows.values())} dòng, {len(manifest.attachments)} tệp đính kèm"


def warn_of_missing(manifest: Manifest) -> None:
    """Name what a backup should hold and does not; it is worth having all the same."""
    for sha256 in manifest.missing:
        click.echo(f"Tệp đính kèm {sha256} thiếu hoặc hỏng nên không có trong bản sao lưu.", err=True)
