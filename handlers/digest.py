"""The coordinators' morning digest: how things stand, and what has changed since the last one."""

from collections.abc import Iterable, Sequence

from bot.milestones import by_day
from bot.outbox import Letter
from bot.states import OWING, TO_REVIEW, State
from bot.store.ledger_tables import Act, AuditEntry
from handlers.cards import letter
from handlers.people import agency_name
from handlers.reminders import inspected
from handlers.services import Services
from handlers.texts import say
from knowledge.deadline import Deadline, is_working_day

# What a digest calls the acts it tells of, in this order.
_NEWS: dict[Act, str] = {
    Act.CONFIRMED: "Đã xác nhận",
    Act.AMENDED: "Đã bổ sung",
    Act.RECORDED: "Ghi nhận thay",
    Act.ACCEPTED: "Đã tiếp nhận",
    Act.ACCEPTANCE_UNDONE: "Hoàn tác tiếp nhận",
    Act.RETURNED: "Trả lại",
    Act.WITHDRAWN: "Đã rút",
    Act.WAIVED: "Được miễn",
    Act.WAIVER_LIFTED: "Bỏ miễn nộp",
    Act.EXTENDED: "Gia hạn",
    Act.LINKED: "Đầu mối mới",
    Act.UNLINKED: "Thôi làm đầu mối",
}

# So many agencies are named in a list; the rest is counted.
_MOST_NAMED = 15


async def send_digests(services: Services) -> None:
    """Tell the coordinators, on the morning of a working day, what has changed."""
    morning = is_working_day(services.clock.today()) and by_day(services.clock.now())
    if not await services.digests.awaited(morning=morning):
        return
    states = await _states(services)
    owing = [agency for agency, state in states.items() if state in OWING]
    reached, unheard = await services.contacts.reached(), await services.reminders.unheard()
    late = [agency for agency in owing if await _is_late(services, agency)]
    unlinked = [agency for agency in owing if agency not in reached]
    unheard_owing = [agency for agency in owing if agency in unheard]
    among = list(states.values())
    figures = {
        "confirmed": sum(state in TO_REVIEW for state in among),
        "accepted": among.count(State.ACCEPTED),
        "returned": among.count(State.RETURNED),
        "silent": among.count(State.NOT_OPENED) + among.count(State.WITHDRAWN),
        "late": len(late),
        "unreached": len(unlinked) + len(unheard_owing),
        "questions": len(await services.inbox.open()),
    }

    def words(entries: Sequence[AuditEntry]) -> Letter:
        news = [
            (what, _names(services, [entry.agency for entry in entries if entry.act is act]))
            for act, what in _NEWS.items()
            if any(entry.act is act for entry in entries)
        ]
        lists = [
            ("Trễ hạn", _names(services, late)),
            ("Chưa có đầu mối nên chưa nhắc được", _names(services, unlinked)),
            ("Tin nhắc gần nhất không tới", _names(services, unheard_owing)),
        ]
        return letter(say("digest", today=services.clock.today(), figures=figures, news=news, lists=lists))

    await services.digests.send(figures, words, news=_NEWS, morning=morning)


async def _states(services: Services) -> dict[str, State]:
    """Where each agency stands; one that nothing has happened to has opened nothing, linked or not."""
    states = await services.submissions.states()
    return {agency: states.get(agency, State.NOT_OPENED) for agency in await inspected(services)} | states


async def _is_late(services: Services, agency: str) -> bool:
    before = await services.deadlines.of(agency)
    return before is not None and Deadline(before, services.clock.today()).passed


def _names(services: Services, agencies: Iterable[str | None]) -> str:
    """Agencies by name, each once; None stands for all of them."""
    names = [agency_name(services, one) if one else "tất cả cơ quan" for one in dict.fromkeys(agencies)]
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" và {rest} cơ quan khác" if rest > 0 else "")
