"""`isobot roster`: agencies and contacts from a list that somebody keeps in a spreadsheet."""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bot.audit import Actor
from bot.cli.invite import bot_username, link_to
from bot.cli.records import open_records
from bot.clock import LOCAL
from bot.invitations import Issued
from bot.roster import Invitee, Listed, Uninvited
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.store.database import DatabaseError
from knowledge.agencies import Form
from knowledge.pack import load as load_pack
from knowledge.roster import Entry, matched, with_agencies
from knowledge.roster_file import LEVELS, Listing, RosterError, read, write_template

# Who imports on the command line has no number on Telegram.
_OPERATOR = Actor(None, "isobot roster")

_UNINVITED = {
    Uninvited.LINKED: "{} đã là đầu mối",
    Uninvited.INVITED: "{} đã có mã mời còn dùng được",
}
_FORMS = {Form.ONSITE: "tại trụ sở", Form.DOSSIER: "qua hồ sơ"}


@dataclass(frozen=True, slots=True)
class _Taken:
    """What became of a list: its entries, an outcome for each contact, and what the bot is called, if that is known."""

    entries: list[Entry]
    outcomes: list[Issued | Uninvited]
    username: str | None


@click.command("roster")
@click.argument("file", metavar="TỆP", required=False, type=click.Path(path_type=Path))
@click.option("--template", metavar="TỆP.xlsx", type=click.Path(path_type=Path), help="Ghi một tệp mẫu để điền.")
def command(file: Path | None, template: Path | None) -> None:
    """Nhập cơ quan còn thiếu và đầu mối từ tệp CSV hoặc XLSX."""
    if (file is None) == (template is None):
        raise click.UsageError("Đưa một tệp để nhập, hoặc --template TỆP.xlsx để lấy tệp mẫu.")
    if template:
        _write(template)
    elif file:
        _import(load_settings(), file)


def _write(template: Path) -> None:
    try:
        write_template(template, load_pack(load_settings().pack).agencies)
    except FileExistsError:
        raise click.ClickException(f"Đã có tệp {template}; chọn tên khác để không ghi đè.") from None
    except OSError as error:
        raise click.ClickException(f"Không ghi được {template} ({error.strerror}).") from None
    click.echo(f"{template}: điền cột Đầu mối, thêm dòng cho cơ quan còn thiếu, rồi chạy isobot roster {template}")


def _import(settings: Settings, file: Path) -> None:
    try:
        listing = read(file)
        taken = asyncio.run(_take_in(settings, file, listing))
    except RosterError as error:
        click.echo(str(error))
        raise click.ClickException(f"Chưa nhập gì: {len(error.faults)} lỗi.") from None
    except DatabaseError as error:
        raise click.ClickException(str(error)) from None
    if listing.unread:
        click.echo(f"Không đọc các cột: {', '.join(listing.unread)}.")
    _tell(taken)


async def _username(settings: Settings) -> str | None:
    """What the bot is called; an import goes on without, since a code can be typed to the bot, too."""
    try:
        return await bot_username(settings)
    except click.ClickException as error:
        click.echo(f"{error.message} Chỉ in mã mời; người được mời gửi cho bot: /start MÃ.", err=True)
        return None


async def _take_in(settings: Settings, file: Path, listing: Listing) -> _Taken:
    pack = load_pack(settings.pack)
    async with open_records(settings) as records:
        added_before = await records.roster.all()
        entries = matched(with_agencies(pack, map(asdict, added_before)), file, listing.lines)
        new = [
            Listed(one.agency.id, one.agency.name, one.agency.level, one.agency.form)
            for one in entries
            if one.is_new and one.agency.form
        ]
        people = [Invitee(one.agency.id, one.contact) for one in entries if one.contact]
        # The codes are shown once: nothing that may fail comes between the transaction and showing them.
        username = await _username(settings) if people else None
        return _Taken(entries, await records.roster.take_in(_OPERATOR, new, people), username)


def _tell(taken: _Taken) -> None:
    """A line for each line of the list, and what they come to."""
    outcomes = iter(taken.outcomes)
    for entry in taken.entries:
        parts = [_agency(entry)]
        if entry.contact:
            parts.append(_contact(entry.contact, next(outcomes), taken.username))
        click.echo(f"dòng {entry.line}: {entry.agency.name}: {'; '.join(parts)}")
    added = sum(entry.is_new for entry in taken.entries)
    issued = [outcome for outcome in taken.outcomes if isinstance(outcome, Issued)]
    until = (
        f", dùng đến {issued[0].expires_at.astimezone(LOCAL):%H:%M %d/%m/%Y}; mã không in lại được" if issued else ""
    )
    click.echo(f"Thêm {added} cơ quan, {len(issued)} mã mời{until}.")


def _agency(entry: Entry) -> str:
    agency = entry.agency
    if not entry.is_new or agency.form is None:
        return "đã có trong danh sách"
    return f"thêm cơ quan (cấp {LEVELS[agency.level]}, {_FORMS[agency.form]})"


def _contact(name: str, outcome: Issued | Uninvited, username: str | None) -> str:
    if isinstance(outcome, Uninvited):
        return _UNINVITED[outcome].format(name)
    if username is None:
        return f"mời {name}: {outcome.spelled}"
    return f"mời {name}: {link_to(username, outcome)} ({outcome.spelled})"
