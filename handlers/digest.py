"""The coordinators' morning digest: how things stand, and what has changed since the last one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.deadlines import days_late
from bot.milestones import by_day
from bot.outbox import Letter
from bot.states import OWING, TO_REVIEW, State
from bot.store.ledger_tables import Act, AuditEntry
from bot.store.reminder_tables import Outcome, Skipped
from handlers.cards import letter
from handlers.people import agency_name
from handlers.reminders import inspected
from handlers.services import Services
from handlers.texts import say
from knowledge.deadline import is_working_day

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


@dataclass(frozen=True)
class _Picture:
    """How things stand.

    Attributes:
        figures: counts.
        reminded: how many agencies were reminded today.
        eventful: whether anybody was to be reminded today.
        lists: agencies to be named, by what is the matter with them.
    """

    figures: dict[str, int]
    reminded: int
    eventful: bool
    lists: dict[str, list[str]]


async def send_digests(services: Services) -> None:
    """Tell the coordinators, on the morning of a working day, what has changed."""
    morning = is_working_day(services.clock.today()) and by_day(services.clock.now())
    if not await services.digests.awaited(morning=morning):
        return
    picture = await _look(services)

    def words(entries: Sequence[AuditEntry]) -> Letter:
        return _letter(services, picture, entries)

    await services.digests.send(picture.figures, words, news=_NEWS, eventful=picture.eventful, morning=morning)


async def _look(services: Services) -> _Picture:
    states = await services.submissions.states()
    # One that nothing has happened to has opened nothing, linked or not.
    states = dict.fromkeys(await inspected(services), State.NOT_OPENED) | states
    owing = [agency for agency, state in states.items() if state in OWING]
    reached, unheard = await services.contacts.reached(), await services.reminders.unheard()
    dues, today = await services.deadlines.all(), services.clock.today()
    late = [agency for agency in owing if days_late(dues.of(agency), today)]
    unlinked = [agency for agency in owing if agency not in reached]
    untold = [agency for agency in owing if agency in unheard]
    settled = [one for one in await services.reminders.settled_on(today) if one.agency in owing]
    count = Counter(states.values())
    return _Picture(
        figures={
            "confirmed": sum(count[state] for state in TO_REVIEW),
            "accepted": count[State.ACCEPTED],
            "returned": count[State.RETURNED],
            "silent": count[State.NOT_OPENED] + count[State.WITHDRAWN],
            "late": len(late),
            "unreached": len(unlinked) + len(untold),
            "questions": len(await services.inbox.open()),
        },
        reminded=len({one.agency for one in settled if one.outcome is Outcome.SENT}),
        eventful=bool(settled),
        lists={
            "Trễ hạn": late,
            "Chưa có đầu mối nên chưa nhắc được": unlinked,
            "Mọi đầu mối đã tắt nhắc": [one.agency for one in settled if one.why is Skipped.MUTED],
            "Tin nhắc gần nhất không tới": untold,
            "Lỡ nhắc vì trợ lý ngừng chạy": [one.agency for one in settled if one.outcome is Outcome.MISSED],
        },
    )


def _letter(services: Services, picture: _Picture, entries: Sequence[AuditEntry]) -> Letter:
    concerned = {act: [entry.agency for entry in entries if entry.act is act] for act in _NEWS}
    html = say(
        "digest",
        today=services.clock.today(),
        figures=picture.figures,
        reminded=picture.reminded,
        news=[(_NEWS[act], _names(services, agencies)) for act, agencies in concerned.items() if agencies],
        lists=[
            (what, len(set(agencies)), _names(services, agencies))
            for what, agencies in picture.lists.items()
            if agencies
        ],
    )
    return letter(html)


def _names(services: Services, agencies: Iterable[str | None]) -> str:
    """Agencies by name, each once; None stands for all of them."""
    names = [agency_name(services, one) if one else "tất cả cơ quan" for one in dict.fromkeys(agencies)]
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" và {rest} cơ quan khác" if rest > 0 else "")
