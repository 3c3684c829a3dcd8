"""`isobot doctor`: whether this installation would work, and what to mend."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict

import click

from bot.cli.health import installation, records
from bot.cli.health.finding import Finding, Grade, fault, unknown
from bot.cli.health.telegram import way_to_telegram
from bot.heartbeats import Heartbeats
from bot.settings import Settings, SettingsError
from bot.settings import load as load_settings
from bot.store.database import DatabaseError, file_of, open_as_it_is
from bot.store.upkeep_tables import Heartbeat
from knowledge.pack import Pack

_MARKS = {Grade.SOUND: "✓", Grade.WARNING: "!", Grade.FAULT: "✗", Grade.UNKNOWN: "–"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def command(as_json: bool) -> None:
    """Khám nơi cài đặt: điều gì chưa ổn và cách sửa. Mã thoát 1 nếu có lỗi."""
    findings = asyncio.run(_examine(as_json))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    sys.exit(int(any(finding.grade is Grade.FAULT for finding in findings)))


async def _examine(is_quiet: bool) -> list[Finding]:
    findings = []
    async for finding in examine():
        findings.append(finding)
        if not is_quiet:
            cure = f". {finding.cure}" if finding.cure else ""
            click.echo(f"{_MARKS[finding.grade]} {finding.says}{cure}")
    return findings


async def examine() -> AsyncIterator[Finding]:
    """Look at everything; each finding as soon as it is there."""
    try:
        settings = load_settings()
    except SettingsError as error:
        yield fault("settings", str(error).rstrip("."), "Sửa biến này rồi chạy lại isobot doctor.")
        return
    yield installation.settings_in_force(settings)
    pack, finding = await asyncio.to_thread(installation.knowledge_pack, settings)
    yield finding
    yield installation.disk(settings.data)
    remembered, running = await _look_at_records(settings, pack)
    for finding in remembered:
        yield finding
    async for finding in way_to_telegram(settings, running):
        yield finding


async def _look_at_records(settings: Settings, pack: Pack | None) -> tuple[list[Finding], list[Heartbeat] | None]:
    """What there is to say of what the bot remembers, and which bots run on it; None if that cannot be known."""
    url = settings.sqlalchemy_url
    if (file := file_of(url)) and not file.exists():
        return records.nothing_yet(settings), []
    try:
        async with open_as_it_is(url) as database:
            findings = []
            for check in (records.intact, records.tables):
                findings.append(await check(database))
                if findings[-1].grade is not Grade.SOUND:
                    skipped = "Chưa xem được cán bộ điều phối, đầu mối, tệp đính kèm, khoá và sao lưu"
                    return [*findings, unknown("records", skipped)], None
            findings += await records.what_is_remembered(database, settings, pack)
            return findings, await Heartbeats(database).alive()
    except DatabaseError as error:
        cure = "Xem lại ISOBOT_DATA, ISOBOT_DATABASE_URL, quyền đọc tệp; tệp hỏng thì isobot restore."
        return [fault("database", str(error).rstrip("."), cure)], None
