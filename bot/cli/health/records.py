"""Checks of what the bot remembers: the database, the attachments, the key, the backups; and of who is missing."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.attachment_folder import ATTACHMENTS, AttachmentFolder
from bot.backup_files import KEY, BackupError, verify
from bot.backups import Backups
from bot.cli.health.finding import Finding, fault, sound, warning
from bot.clock import LOCAL, Clock
from bot.coordinators import Coordinators
from bot.kept_files import kept_files
from bot.settings import Settings
from bot.store.database import Database
from bot.store.people_tables import Contact, RosterAgency
from bot.store.soundness import Age, age_of, damage
from bot.store.submission_tables import Version
from knowledge.pack import Pack

_RESTORE = "Dừng bot, chuyển tệp cơ sở dữ liệu đi chỗ khác, rồi isobot restore bản sao lưu gần nhất."
# A backup is made every night; one may fail.
_FRESH = timedelta(days=2)
# How many are named; the rest are counted.
_NAMED = 5


async def intact(database: Database) -> Finding:
    """Whether the database is damaged."""
    if broken := await damage(database):
        return fault("database", f"Cơ sở dữ liệu hỏng: {broken[0]}", _RESTORE)
    return sound("database", "Cơ sở dữ liệu nguyên vẹn")


async def tables(database: Database) -> Finding:
    """Whether its tables are those of this version of the program."""
    match await age_of(database):
        case Age.NEWER:
            return fault("schema", "Lược đồ do isobot mới hơn tạo", "Cài lại phiên bản isobot mới hơn đó.")
        case Age.OLD | Age.NONE:
            cure = "Sao lưu bằng phiên bản cũ, rồi chạy isobot run: bot tự nâng khi khởi động."
            return warning("schema", "Lược đồ cơ sở dữ liệu cũ hơn phiên bản isobot này", cure)
        case Age.CURRENT:
            return sound("schema", "Lược đồ cơ sở dữ liệu đúng phiên bản")


def nothing_yet(settings: Settings) -> list[Finding]:
    """What there is to say before the bot has run for the first time."""
    return [
        sound("database", "Chưa có cơ sở dữ liệu; bot tạo khi chạy lần đầu"),
        _coordinators(settings.coordinators),
    ]


async def what_is_remembered(database: Database, settings: Settings, pack: Pack | None) -> list[Finding]:
    """What there is to say of a sound database with tables of this version."""
    return [
        _coordinators(await Coordinators(database, settings.coordinators).ids()),
        *([await _contacts(database, pack)] if pack else []),
        await _attachments(database, settings.data),
        await _key(database, settings.data),
        await _backup(database, settings.data),
    ]


def _coordinators(ids: frozenset[int]) -> Finding:
    if ids:
        return sound("coordinators", f"Có {len(ids)} cán bộ điều phối")
    cure = "Ghi số Telegram vào ISOBOT_COORDINATORS, hoặc chạy isobot invite --coordinator."
    return fault("coordinators", "Chưa có cán bộ điều phối", cure)


async def _contacts(database: Database, pack: Pack) -> Finding:
    """Whether every agency that has to report has a contact."""
    async with database.session() as session:
        linked = set(await session.scalars(select(Contact.agency).distinct()))
        added = {row.id: row.name for row in await session.scalars(select(RosterAgency))}
    names = {one.id: one.name for one in pack.agencies.listed} | added
    missing = [name for agency, name in names.items() if agency not in linked]
    if missing:
        says = f"{len(missing)}/{len(names)} cơ quan chưa có đầu mối: {_some(missing)}"
        return warning("contacts", says, "Mời bằng /moi, isobot invite --agency MÃ hoặc isobot roster.")
    return sound("contacts", f"{len(names)} cơ quan đều có đầu mối")


async def _attachments(database: Database, data: Path) -> Finding:
    """Whether every attachment is there and its content is what it was."""
    folder = AttachmentFolder(data / ATTACHMENTS)
    wanted = defaultdict(list)
    for kept in await kept_files(database):
        where = f"biên nhận {kept.receipt}" if kept.receipt else "việc đang dở"
        wanted[kept.sha256].append(f"{where} của {kept.agency or 'cơ quan chưa chọn'}")
    broken = await asyncio.to_thread(lambda: [sha256 for sha256 in wanted if not folder.verify(sha256)])
    if broken:
        named = [f"{sha256} ({', '.join(wanted[sha256])})" for sha256 in broken]
        cure = f"Lấy tệp {ATTACHMENTS}/SHA-256 từ một bản sao lưu (unzip), đặt vào {folder.path(broken[0])}."
        return fault("attachments", f"{len(broken)} tệp đính kèm thiếu hoặc hỏng: {_some(named)}", cure)
    return sound("attachments", f"{len(wanted)} tệp đính kèm nguyên vẹn")


async def _key(database: Database, data: Path) -> Finding:
    """Whether the receipts that were given can still be checked."""
    if await _receipts(database) and not (data / KEY).is_file():
        cure = f"Lấy {KEY} từ một bản sao lưu (unzip); bot tạo khoá mới thì mọi mã kiểm tra đã phát đều sai."
        return fault("key", f"Thiếu khoá của mã kiểm tra {data / KEY}", cure)
    return sound("key", "Khoá của mã kiểm tra còn, hoặc chưa cần")


async def _backup(database: Database, data: Path) -> Finding:
    """Whether there is a fresh backup; and if it still lies where it was written, whether it is whole."""
    last, cure = await Backups(database, data).last(), "Chạy isobot backup THƯ_MỤC mỗi đêm (cron hoặc systemd)."
    if last is None:
        grade = fault if await _receipts(database) else warning
        return grade("backup", "Chưa sao lưu lần nào", cure)
    moment = f"{last.made_at.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}"
    if Clock().now() - last.made_at > _FRESH:
        return fault("backup", f"Bản sao lưu mới nhất đã cũ: {moment}", cure)
    file = Path(last.file)
    try:
        if await asyncio.to_thread(file.is_file):
            await asyncio.to_thread(verify, file)
    except BackupError as error:
        return fault("backup", str(error), "Chạy lại isobot backup.")
    return sound("backup", f"Sao lưu lúc {moment} vào {file}")


async def _receipts(database: Database) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(Version)) or 0


def _some(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" và {rest} mục khác" if rest > 0 else "")
