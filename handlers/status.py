"""/tinhtrang: an agency's submission and its story, with what one can do about it."""

from telegram import CallbackQuery, Message, Update, User

from bot.states import FOLLOWS, OPEN, OWING, State
from bot.submission_records import OvertakenError, Standing
from handlers import wording
from handlers.agencies import NOT_YOURS, Purpose, may_see, with_own
from handlers.buttons import Code, button
from handlers.cards import Rows, ask_once_more, reply
from handlers.contingency import form_of
from handlers.messages import answer_in
from handlers.people import actor, agency_name, is_coordinator
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say
from handlers.versions import event_words, review_rows
from knowledge.deadline import Deadline

_CHANGED = "Tình trạng đã thay đổi. Gõ /tinhtrang để xem lại."


async def on_status(update: Update, context: Context) -> None:
    """/tinhtrang: where one's agency stands."""
    await with_own(update, context, Purpose.VIEW, show_status)


async def show_status(message: Message, person: User, services: Services, agency: str) -> None:
    """An agency's page, as this person may see it."""
    if not await may_see(services, person.id, agency):
        await answer_in(message, Reply(NOT_YOURS, None))
        return
    await answer_in(message, await _page(services, person.id, agency))


async def on_withdraw(query: CallbackQuery, context: Context, agency: str) -> None:
    """Ask once more."""
    services, message = context.bot_data, query.message
    if agency not in await services.contacts.agencies_of(query.from_user.id) or not isinstance(message, Message):
        await query.answer(NOT_YOURS)
        return
    standing = await services.submissions.standing(agency)
    if standing.version is None or State.WITHDRAWN not in FOLLOWS.get(standing.state, frozenset()):
        await query.answer(_CHANGED)
        return
    name = agency_name(services, agency)
    surely = button(f"Rút xác nhận của {name}", Code.WITHDRAW_SURELY, agency, standing.number)
    await answer_in(message, ask_once_more(say("withdraw_sure", agency=name, version=standing.version.version), surely))
    await query.answer()


async def on_withdraw_surely(query: CallbackQuery, context: Context, agency: str, known: int) -> None:
    """Withdraw."""
    services, person, message = context.bot_data, query.from_user, query.message
    if agency not in await services.contacts.agencies_of(person.id) or not isinstance(message, Message):
        await query.answer(NOT_YOURS)
        return
    try:
        await services.submissions.withdraw(actor(person), agency, known, event_words(services), message.message_id)
    except OvertakenError:
        await query.answer(_CHANGED)
    else:
        await query.answer("Đã rút xác nhận.")


async def on_lift_waiver(query: CallbackQuery, context: Context, agency: str, known: int) -> None:
    """Want the agency's report after all."""
    services, person, message = context.bot_data, query.from_user, query.message
    if await refused(query, services):
        return
    if not isinstance(message, Message):
        await query.answer(GONE)
        return
    try:
        await services.submissions.lift_waiver(actor(person), agency, known, event_words(services), message.message_id)
    except OvertakenError:
        await query.answer(_CHANGED)
    else:
        await query.answer("Đã bỏ miễn nộp.")


async def _page(services: Services, person_id: int, agency: str) -> Reply:
    standing = await services.submissions.standing(agency)
    story = await services.submissions.story(agency)
    coordinates = await is_coordinator(services, person_id)
    contacts = await services.contacts.of(agency)
    returned = standing.step.reason if standing.step and standing.state is State.RETURNED else None
    html = say(
        "agency_page",
        agency=agency_name(services, agency),
        form=form_of(services, agency),
        state=wording.state(standing.state),
        due=Deadline(standing.due_before, services.clock.today()) if standing.due_before else None,
        owing=standing.state in OWING,
        returned=returned,
        contacts=[
            (contact.name or "không rõ tên") + (" (đã tắt nhắc)" if contact.muted_at else "") for contact in contacts
        ],
        steps=[
            {
                "at": step.at,
                "what": wording.act(step.before, step.after),
                "version": step.version,
                "by": step.person_name,
                "reason": step.reason,
            }
            for step in story
        ],
    )
    own = agency in await services.contacts.agencies_of(person_id)
    rows = _own_rows(standing) if own else []
    return reply(html, [*rows, *(_coordinator_rows(standing, own=own) if coordinates else [])])


def _own_rows(standing: Standing) -> Rows:
    rows: Rows = []
    if standing.state in OPEN | {State.LINKED}:
        rows.append([button(wording.giving(standing.version), Code.CHOOSE, Purpose.CONFIRM, standing.agency)])
    if standing.version:
        rows.append([button("Biên nhận", Code.RECEIPT, standing.version.id)])
    if State.WITHDRAWN in FOLLOWS.get(standing.state, frozenset()):
        rows.append([button("Rút xác nhận", Code.WITHDRAW, standing.agency)])
    return rows


def _coordinator_rows(standing: Standing, *, own: bool) -> Rows:
    agency = standing.agency
    rows: Rows = review_rows(standing.version, standing.state, standing.files) if standing.version else []
    if standing.version and not own:
        rows.append([button("Biên nhận", Code.RECEIPT, standing.version.id)])
    if standing.state in OPEN | {State.LINKED} and not own:
        rows.append([button("Ghi nhận thay", Code.CHOOSE, Purpose.RECORD, agency)])
    before = State.NOT_OPENED if standing.state is State.LINKED else standing.state
    if State.WAIVED in FOLLOWS[before]:
        rows.append([button("Miễn nộp", Code.WAIVE, agency)])
    if standing.state is State.WAIVED:
        rows.append([button("Bỏ miễn nộp", Code.LIFT_WAIVER, agency, standing.number)])
    rows.append([button("Gia hạn", Code.EXTEND, agency), button("Mời đầu mối", Code.CHOOSE, Purpose.INVITE, agency)])
    return rows
