"""/phuongan: switching to the epidemic plan and back, after a look at what changes."""

from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update, User

from bot.contacts import Role
from bot.contingency import KIND
from bot.outbox import Letter
from bot.store.people_tables import Draft
from bot.visible import line
from handlers.buttons import Code, button
from handlers.cards import Rows, cancel_row, coordinators_draft, letter, reply, show_card
from handlers.messages import answer_in, replace
from handlers.people import actor
from handlers.replies import Reply
from handlers.services import Context, Services
from handlers.texts import say
from knowledge.agencies import Agency, Form, Standing

__all__ = ["KIND", "form_of", "hear", "on_contingency", "on_switch_surely"]

_SWITCH = {True: "Chuyển sang phương án dịch", False: "Trở lại kế hoạch chính"}
_NOTHING_CHANGES = "Kế hoạch không xếp cơ quan nào kiểm tra tại trụ sở, nên không có gì để chuyển."
_OVERTAKEN = "Việc chuyển phương án đã có người làm. Gõ /phuongan để xem lại."


@dataclass(frozen=True)
class _Change:
    """What a switch changes.

    Attributes:
        ids: the agencies whose form changes.
        agencies: their names, each with its number of contacts.
        people: how many contacts there are, each counted once.
    """

    ids: list[str]
    agencies: list[tuple[str, int]]
    people: int

    @property
    def unreached(self) -> int:
        """How many agencies have nobody to be told."""
        return sum(not contacts for _, contacts in self.agencies)


async def on_contingency(update: Update, context: Context) -> None:
    """/phuongan: which plan is in force, what switching would change, and the reason to be typed."""
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None:
        return
    if services.pack.plan is None:
        await answer_in(message, Reply(say("no_plan"), None))
        return
    await services.in_force.refresh()
    if not _concerned(services):
        await answer_in(message, Reply(_NOTHING_CHANGES, None))
        return
    await _show(message, person, services, "")


async def hear(message: Message, person: User, services: Services, draft: Draft, text: str) -> bool:
    """Take the typed reason."""
    await _show(message, person, services, line(text), draft.message_id)
    return True


async def on_switch_surely(query: CallbackQuery, context: Context) -> None:
    """Switch, tell those concerned, and answer by the other plan from now on."""
    services, person = context.bot_data, query.from_user
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return
    contingency, reason = draft.data["contingency"], draft.data["reason"]
    if not reason:
        await query.answer("Cần lý do: anh/chị gõ lý do trước.", show_alert=True)
        return
    change = await _change(services)
    shown = {"contingency": contingency, "reason": reason, "plan": services.pack.values}
    names = [name for name, _ in change.agencies]

    def words(role: Role) -> Letter | None:
        return letter(say("told_switched", **shown, agencies=names, contact=role is Role.CONTACT))

    if not await services.contingency.switch(actor(person), reason, change.ids, words, contingency=contingency):
        await query.answer(_OVERTAKEN)
        await replace(query, Reply(_OVERTAKEN, None))
        return
    # Putting it into force takes a second or two; Telegram wants to hear sooner that the press arrived.
    await query.answer("Đã chuyển.")
    await services.in_force.refresh()
    await replace(query, Reply(say("switched", **shown, change=change), None))


def form_of(services: Services, agency: str) -> str | None:
    """How an agency is inspected as things stand, in the plan's words; None where that is not known."""
    pack = services.pack
    known = pack.agencies.everyone.get(agency)
    if pack.plan is None or known is None or known.form is None:
        return None
    onsite, dossier = pack.plan.forms.value[:2]
    form = onsite if known.form is Form.ONSITE else dossier
    if pack.contingency and known in pack.contingency.agencies:
        return f"{form}, theo phương án dịch"
    return f"{form} (suy ra)" if known.source is Standing.INFERRED else form


async def _show(message: Message, person: User, services: Services, reason: str, card: int | None = None) -> None:
    """Keep and show a switch to the plan that is not in force at this moment, whichever it was before."""
    contingency = services.pack.contingency is None
    await services.drafts.keep(person.id, KIND, {"contingency": contingency, "reason": reason}, card)
    await show_card(message, person.id, services, await _card(services, contingency=contingency, reason=reason))


async def _card(services: Services, *, contingency: bool, reason: str) -> Reply:
    html = say(
        "switch_form",
        contingency=contingency,
        reason=reason,
        plan=services.pack.values,
        newest=await services.contingency.newest(),
        change=await _change(services),
        label=_SWITCH[contingency],
    )
    rows: Rows = [[button(_SWITCH[contingency], Code.SWITCH_SURELY)]] if reason else []
    return reply(html, [*rows, *cancel_row()])


async def _change(services: Services) -> _Change:
    contacts = {agency.id: await services.contacts.of(agency.id) for agency in _concerned(services)}
    return _Change(
        ids=list(contacts),
        agencies=[(agency.name, len(contacts[agency.id])) for agency in _concerned(services)],
        people=len({contact.person_id for some in contacts.values() for contact in some}),
    )


def _concerned(services: Services) -> list[Agency]:
    """The agencies that are inspected in another form once the plan is switched."""
    pack = services.pack
    return list(pack.contingency.agencies) if pack.contingency else pack.agencies.of_form(Form.ONSITE)
