"""/nhatky: who did what, when; newest first, page by page, of one agency or of one kind."""

from collections.abc import Sequence
from datetime import date, timedelta

from telegram import CallbackQuery, Message, Update, User

from bot.store.ledger_tables import Act, AuditEntry
from handlers import wording
from handlers.agencies import Purpose, offer, typed
from handlers.buttons import Code, button, two_a_row
from handlers.cards import Rows, reply
from handlers.messages import answer_in, replace
from handlers.people import agency_name, is_coordinator
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say

PAGE = 8

# Stands in a button for "all", of kinds and of agencies.
_ALL = "-"

_NAMELESS = "(không còn lưu tên)"

# What an invitation led to: the log says who had issued it.
_INVITED = frozenset({Act.LINKED, Act.COORDINATOR_ADDED})


async def on_journal(update: Update, context: Context) -> None:
    """/nhatky: of all agencies, or of the one that is named behind it."""
    message, services = update.effective_message, context.bot_data
    if message is None:
        return
    named = typed(services, " ".join(context.args or ()))
    if len(named) > 1:
        await offer(message, services, Purpose.LOG, named)
    else:
        await answer_in(message, await _page(services, _ALL, named[0] if named else _ALL, 0))


async def show_journal(message: Message, person: User, services: Services, agency: str) -> None:
    """What was done about an agency."""
    if not await is_coordinator(services, person.id):
        await answer_in(message, Reply(say("coordinators_only"), None))
        return
    await answer_in(message, await _page(services, _ALL, agency, 0))


async def on_journal_page(query: CallbackQuery, context: Context, kind: str, agency: str, page: int) -> None:
    """Turn a page, or look at another kind of acts."""
    services = context.bot_data
    if await refused(query, services):
        return
    if (kind != _ALL and kind not in wording.KINDS) or (
        agency != _ALL and agency not in services.pack.agencies.everyone
    ):
        await query.answer(GONE)
        return
    await query.answer(None if await replace(query, await _page(services, kind, agency, page)) else GONE)


async def _page(services: Services, kind: str, agency: str, page: int) -> Reply:
    acts = wording.KINDS[kind][1] if kind != _ALL else ()
    of_agency = None if agency == _ALL else agency
    found, total = await services.audit.newest(of_agency, acts, page * PAGE, PAGE)
    inviters = await _inviters(services, found)
    html = say(
        "journal",
        agency=agency_name(services, of_agency) if of_agency else None,
        kind=wording.KINDS[kind][0] if kind != _ALL else None,
        entries=[
            {
                "at": entry.at,
                "who": entry.person_name or _NAMELESS,
                "what": wording.logged(entry.act, of_agency=entry.agency is not None),
                "agency": agency_name(services, entry.agency) if entry.agency and not of_agency else None,
                "inviter": inviters.get(entry.id),
                "details": _details(entry),
            }
            for entry in found
        ],
        page=page + 1,
        pages=-(-total // PAGE) or 1,
    )
    return reply(html, _rows(kind, agency, page, total))


async def _inviters(services: Services, found: Sequence[AuditEntry]) -> dict[int, str]:
    """Who had invited each person that an entry adds, by the entry's number."""
    invited = {entry.id: entry.detail["invitation"] for entry in found if entry.act in _INVITED}
    issued = await services.audit.invited_by(set(invited.values())) if invited else {}
    return {
        number: issued[invitation].person_name or _NAMELESS
        for number, invitation in invited.items()
        if invitation in issued
    }


def _details(entry: AuditEntry) -> list[str]:
    detail = entry.detail
    found = []
    if "version" in detail:
        found.append(f"bản {detail['version']}")
    if "before" in detail:
        found.append(f"ngày cuối {date.fromisoformat(detail['before']) - timedelta(days=1):%d/%m/%Y}")
    if "people" in detail:
        found.append(f"gửi {detail['people']} người")
    if "reason" in detail:
        found.append(f"lý do: {detail['reason']}")
    if "pack" in detail:
        found.append(f"phiên bản {detail['pack']}")
    if "fault" in detail:
        found.append(f"{detail['faults']} lỗi, đầu tiên ở {detail['fault']}")
    return found


def _rows(kind: str, agency: str, page: int, total: int) -> Rows:
    turn = []
    if page:
        turn.append(button("‹ Mới hơn", Code.JOURNAL_PAGE, kind, agency, page - 1))
    if (page + 1) * PAGE < total:
        turn.append(button("Cũ hơn ›", Code.JOURNAL_PAGE, kind, agency, page + 1))
    kinds = {_ALL: "Mọi việc", **{one: label for one, (label, _) in wording.KINDS.items()}}
    others = [button(label, Code.JOURNAL_PAGE, one, agency, 0) for one, label in kinds.items() if one != kind]
    if agency != _ALL:
        others.append(button("Mọi cơ quan", Code.JOURNAL_PAGE, kind, _ALL, 0))
    others.append(button("Chọn cơ quan", Code.AGENCIES, Purpose.LOG, 0))
    return [*([turn] if turn else []), *two_a_row(others)]
