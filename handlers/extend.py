"""/giahan: a later deadline for one agency or for all, with its reason; those concerned are told."""

from datetime import date, timedelta
from typing import Any

from telegram import CallbackQuery, Message, Update, User

from bot.contacts import Role
from bot.outbox import Letter
from bot.states import State
from bot.store.people_tables import Draft
from bot.visible import line
from handlers.agencies import Purpose, offer, typed
from handlers.buttons import Code, button
from handlers.cards import Rows, cancel_row, coordinators_draft, letter, open_card, reply
from handlers.messages import answer_in, replace
from handlers.people import actor, agency_name, is_coordinator
from handlers.replies import GONE, Reply
from handlers.services import Context, Services
from handlers.texts import say
from knowledge.days import split_day

KIND = "extend"

_EVERYBODY = "tất cả cơ quan"
_DONE = frozenset({State.ACCEPTED, State.WAIVED})


async def on_extend_command(update: Update, context: Context) -> None:
    """/giahan: for whom?"""
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None:
        return
    if services.deadlines.planned is None:
        await answer_in(message, Reply(say("no_plan"), None))
        return
    named = typed(services, " ".join(context.args or ()))
    if len(named) == 1:
        await begin(message, person, services, named[0])
    else:
        await offer(message, services, Purpose.EXTEND, named or None)


async def on_extend(query: CallbackQuery, context: Context, agency: str) -> None:
    """Begin for one agency."""
    if agency not in context.bot_data.pack.agencies.everyone or not isinstance(query.message, Message):
        await query.answer(GONE)
        return
    await begin(query.message, query.from_user, context.bot_data, agency)
    await query.answer()


async def on_extend_all(query: CallbackQuery, context: Context) -> None:
    """Begin for everybody."""
    if isinstance(query.message, Message):
        await begin(query.message, query.from_user, context.bot_data, None)
    await query.answer()


async def begin(message: Message, person: User, services: Services, agency: str | None) -> None:
    """Ask for the day and the reason."""
    if not await is_coordinator(services, person.id):
        await answer_in(message, Reply(say("coordinators_only"), None))
        return
    await _show(message, person, services, {"agency": agency})


async def hear(message: Message, person: User, services: Services, draft: Draft, text: str) -> bool:
    """Take a day with its reason, or either of them."""
    data, problem = dict(draft.data), None
    found = split_day(text, services.clock.today())
    if found is None:
        data["reason"] = _without_because(line(text))
    else:
        day, reason = found
        planned = services.deadlines.planned
        if day < services.clock.today():
            problem = "Ngày này đã qua; anh/chị gõ một ngày từ hôm nay."
        elif planned and day < planned:
            problem = "Ngày này không muộn hơn hạn của kế hoạch; anh/chị gõ một ngày muộn hơn."
        else:
            data["last_day"] = day.isoformat()
            data["reason"] = _without_because(line(reason)) or data.get("reason", "")
    await _show(message, person, services, data, problem)
    return True


async def on_extend_surely(query: CallbackQuery, context: Context) -> None:
    """Extend, and tell those concerned."""
    services, person = context.bot_data, query.from_user
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return
    data = draft.data
    if not data.get("last_day") or not data.get("reason"):
        await query.answer("Cần cả ngày cuối mới và lý do.", show_alert=True)
        return
    if not await services.drafts.drop(person.id):
        await query.answer("Đã gia hạn rồi.")
        return
    last_day = date.fromisoformat(data["last_day"])
    before = last_day + timedelta(days=1)
    concerned = await _concerned(services, data["agency"])
    shown = {"who": _who(services, data["agency"]), "last_day": last_day, "before": before, "reason": data["reason"]}
    news = letter(say("told_extended", **shown))

    def words(role: Role) -> Letter | None:
        return news

    await services.deadlines.extend(actor(person), data["agency"], before, data["reason"], concerned, words)
    await replace(query, Reply(say("extended", **shown, concerned=len(concerned)), None))
    await query.answer("Đã gia hạn.")


async def _show(
    message: Message, person: User, services: Services, data: dict[str, Any], problem: str | None = None
) -> None:
    last_day = date.fromisoformat(data["last_day"]) if data.get("last_day") else None
    html = say(
        "extend_form",
        example=services.clock.today() + timedelta(days=7),
        who=_who(services, data["agency"]),
        now=await services.deadlines.of(data["agency"]),
        last_day=last_day,
        reason=data.get("reason"),
        concerned=len(await _concerned(services, data["agency"])),
        problem=problem,
    )
    rows: Rows = [[button("Gia hạn", Code.EXTEND_SURELY)]] if last_day and data.get("reason") else []
    await open_card(message, person.id, services, KIND, data, reply(html, [*rows, *cancel_row()]))


async def _concerned(services: Services, agency: str | None) -> list[str]:
    """The agencies to be told: those that can be reached and are not done."""
    states = await services.submissions.states()
    reached = await services.contacts.reached()
    among = [agency] if agency else sorted(reached)
    return [one for one in among if one in reached and states.get(one) not in _DONE]


def _without_because(text: str) -> str:
    """A reason without the "vì" or "do" that the label says already."""
    first, _, rest = text.strip().partition(" ")
    return rest.strip() if first.casefold() in {"vì", "vi", "do"} and rest else text.strip()


def _who(services: Services, agency: str | None) -> str:
    return agency_name(services, agency) if agency else _EVERYBODY
