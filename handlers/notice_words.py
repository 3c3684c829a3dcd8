"""How notices are shown: to those who get them, and named on the coordinators' cards."""

from collections.abc import Sequence

from bot.audiences import Forms
from bot.notice_ledger import Said
from bot.outbox import Letter
from bot.store.ledger_tables import FileKind
from handlers.buttons import Code, button
from handlers.cards import Rows, letter
from handlers.people import agency_name
from handlers.services import Services
from knowledge.markup import parse

READ = "Đã đọc"
HAVE_READ = "👁 Đã đọc"

# What stands above a correction.
HEADING = "Đính chính"

# What Telegram takes as a text, and as a caption.
LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024

# So many names are listed on a card, and so much of a notice's first line.
_MOST_NAMES = 40
_LONGEST_LINE = 80


def words(notice_id: int, version: int, html: str) -> Letter:
    """A version of a notice as people get it."""
    return letter(shown(html, is_correction=version > 1), [[button(READ, Code.NOTICE_READ, notice_id, version)]])


def shown(html: str, *, is_correction: bool) -> str:
    """The text of a notice; a correction says that it is one."""
    return f"<b>{HEADING}</b>\n{html}".strip() if is_correction else html


def have_read_rows(notice_id: int, version: int) -> Rows:
    """The button under a notice once it was pressed."""
    return [[button(HAVE_READ, Code.NOTICE_READ, notice_id, version)]]


def first_line(html: str) -> str:
    """How a notice is named on cards."""
    lines = parse(html).text.strip().splitlines()
    line = lines[0] if lines else "(tệp)"
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def names(services: Services, agencies: Sequence[str]) -> list[str]:
    """What agencies are called; of very many the rest is counted."""
    listed = [agency_name(services, agency) for agency in agencies[:_MOST_NAMES]]
    left = len(agencies) - len(listed)
    return [*listed, f"và {left} cơ quan khác"] if left else listed


def said_of(data: dict[str, str | None]) -> Said:
    """What a draft says."""
    kind = data.get("file_kind")
    return Said(data["html"] or "", data.get("file_id"), FileKind(kind) if kind else None)


async def forms_of(services: Services) -> Forms:
    """The agencies that notices can be for: those of the plan, and those that somebody acts for."""
    everyone = services.pack.agencies.everyone
    forms = {agency.id: agency.form and str(agency.form) for agency in services.pack.agencies.listed}
    forms |= {agency: None for agency in sorted(await services.contacts.reached()) if agency not in forms}
    return {agency: form for agency, form in forms.items() if agency not in everyone or not everyone[agency].is_lead}
