"""/xacnhan: an agency's contact confirms that the report was submitted; a coordinator records it for an agency."""

from telegram import CallbackQuery, Message, Update, User

from bot.clock import LOCAL
from bot.states import OPEN, State, Way
from bot.store.people_tables import Draft
from bot.submission_records import DraftGoneError, OvertakenError, Standing
from bot.visible import line
from handlers import wording
from handlers.agencies import NOT_YOURS, Purpose, may_see, offer, typed
from handlers.cards import PAST, close_card, open_card, pressed_draft, redraw
from handlers.confirm_form import (
    KIND,
    MOST_FILES,
    TOO_MANY,
    Form,
    form_card,
    form_of,
    given,
    merged,
    new_form,
    unplaced,
)
from handlers.messages import answer_in, replace
from handlers.people import actor, agency_name, is_coordinator
from handlers.replies import GONE, Reply
from handlers.services import Context, Services
from handlers.texts import say
from handlers.versions import event_words
from knowledge.document_reference import Problem, read_reference

_HANDED_IN = "người nộp:"

_PROBLEMS = {
    Problem.FUTURE: "Ngày văn bản chưa tới; nếu gõ nhầm, anh/chị gửi lại số và ngày.",
    Problem.NO_SUCH_DAY: "Không có ngày này trong lịch; anh/chị gửi lại số và ngày.",
}


async def on_confirm_command(update: Update, context: Context) -> None:
    """/xacnhan: begin, for the agency one acts for; a choice where there are several."""
    message, person = update.effective_message, update.effective_user
    if message and person:
        await begin_somewhere(message, person, context.bot_data, " ".join(context.args or ()))


async def on_begin(query: CallbackQuery, context: Context) -> None:
    """The button that begins a confirmation."""
    if isinstance(query.message, Message):
        await begin_somewhere(query.message, query.from_user, context.bot_data)
    await query.answer()


async def begin_somewhere(
    message: Message, person: User, services: Services, text: str = "", form: Form | None = None
) -> None:
    """Begin a confirmation, or ask for which agency.

    Args:
        message: in the person's chat.
        person: who confirms.
        services: the rooms behind.
        text: that may name the agency.
        form: what was given already, without an agency.
    """
    draft = await services.drafts.of(person.id)
    if draft and draft.kind == KIND and "agency" in draft.data and draft.data.get("way") and not text and form is None:
        # Begun once more in the middle of it: what was given already is not lost.
        await begin(message, person, services, draft.data["agency"])
        return
    form = form or unplaced(draft)
    own = await services.contacts.agencies_of(person.id)
    coordinates = await is_coordinator(services, person.id)
    named = [agency for agency in typed(services, text) if coordinates or agency in own]
    choices = named or own
    if len(choices) == 1:
        await begin(message, person, services, choices[0], form)
    elif choices:
        await services.drafts.keep(person.id, KIND, {**form, "chosen": True}, None)
        await offer(message, services, Purpose.CONFIRM, choices)
        if draft and draft.message_id:
            await close_card(message, draft.message_id)
    elif coordinates:
        await offer(message, services, Purpose.RECORD)
    else:
        await answer_in(message, Reply(say("not_linked"), None))


async def begin(message: Message, person: User, services: Services, agency: str, form: Form | None = None) -> None:
    """Open the form for an agency, unless its submission is closed."""
    if not await may_see(services, person.id, agency):
        await answer_in(message, Reply(NOT_YOURS, None))
        return
    standing = await services.submissions.standing(agency)
    if standing.state not in OPEN | {State.LINKED}:
        await answer_in(message, closed(services, standing))
        return
    behalf = agency not in await services.contacts.agencies_of(person.id)
    filled = new_form(standing, behalf=behalf)
    before = await services.drafts.of(person.id)
    if before and before.kind == KIND and before.data.get("agency") == agency:
        filled = {**form_of(before), "known": standing.number}
    filled = merged(filled, form or {})
    kept = filled["files"][:MOST_FILES]
    problem = TOO_MANY if len(kept) < len(filled["files"]) else None
    await open_form(message, person, services, {**filled, "files": kept}, problem=problem)


async def open_form(
    message: Message, person: User, services: Services, form: Form, *, problem: str | None = None
) -> None:
    """Keep a form and show it in a new message."""
    await open_card(message, person.id, services, KIND, form, await form_card(services, form, problem=problem))


async def on_way(query: CallbackQuery, context: Context, way: str) -> None:
    """How it was sent was chosen."""
    services = context.bot_data
    draft = await _form_draft(query, services)
    if draft is None:
        return
    if way not in set(Way):
        await query.answer(GONE)
        return
    await _redraw(query, services, draft, {**form_of(draft), "way": way})


async def on_other_way(query: CallbackQuery, context: Context) -> None:
    """Choose again how it was sent."""
    services = context.bot_data
    draft = await _form_draft(query, services)
    if draft:
        await _redraw(query, services, draft, {**form_of(draft), "way": None})


async def on_no_files(query: CallbackQuery, context: Context) -> None:
    """Leave the files out."""
    services = context.bot_data
    draft = await _form_draft(query, services)
    if draft:
        await _redraw(query, services, draft, {**form_of(draft), "files": []})


async def on_confirm(query: CallbackQuery, context: Context, known: int) -> None:
    """Confirmed: the card becomes the receipt."""
    services, person = context.bot_data, query.from_user
    draft = await _form_draft(query, services)
    if draft is None or not isinstance(query.message, Message):
        return
    form = form_of(draft)
    agency = form["agency"]
    if form["known"] != known or not form.get("way"):
        await query.answer(PAST)
        return
    if form["way"] == Way.FILES and not form["files"]:
        await query.answer("Chưa có tệp nào. Gửi tệp vào đây, hoặc đổi cách gửi.", show_alert=True)
        return
    try:
        await services.submissions.confirm(
            actor(person), agency, given(form), known=known, words=event_words(services),
            card=query.message.message_id, on_behalf=form["behalf"],
        )  # fmt: skip
    except DraftGoneError:
        await query.answer("Đã xác nhận rồi.")
    except OvertakenError as overtaken:
        await _overtaken(query, services, draft, overtaken.standing)
    else:
        await query.answer("Đã xác nhận.")


async def hear(message: Message, person: User, services: Services, draft: Draft, text: str) -> bool:
    """Take a line typed while the form is open; False if it says nothing about the document."""
    form = form_of(draft)
    if "agency" not in form:
        return False
    if form["behalf"] and text.casefold().startswith(_HANDED_IN):
        name = line(text[len(_HANDED_IN) :])
        await open_form(message, person, services, {**form, "handed_in_by": name or None})
        return True
    reference = read_reference(text, services.clock.today())
    if reference is None:
        return False
    if reference.number:
        form["number"] = reference.number
    if reference.day:
        form["day"] = reference.day.isoformat()
    problem = _PROBLEMS[reference.problem] if reference.problem else None
    await open_form(message, person, services, form, problem=problem)
    return True


def closed(services: Services, standing: Standing) -> Reply:
    """That there is nothing to confirm any more."""
    html = say(
        "confirm_closed",
        agency=agency_name(services, standing.agency),
        state=wording.state(standing.state),
        accepted=standing.state is State.ACCEPTED,
    )
    return Reply(html, None)


async def _form_draft(query: CallbackQuery, services: Services) -> Draft | None:
    draft = await pressed_draft(query, services, KIND)
    if draft and "agency" not in draft.data:
        await query.answer(PAST)
        return None
    if draft and not await _may_confirm(services, draft.person_id, form_of(draft)):
        await query.answer(NOT_YOURS)
        return None
    return draft


async def _may_confirm(services: Services, person_id: int, form: Form) -> bool:
    if form["behalf"]:
        return await is_coordinator(services, person_id)
    return form["agency"] in await services.contacts.agencies_of(person_id)


async def _redraw(query: CallbackQuery, services: Services, draft: Draft, form: Form) -> None:
    draft.data = form
    await redraw(query, services, draft, await form_card(services, form))


async def _overtaken(query: CallbackQuery, services: Services, draft: Draft, standing: Standing) -> None:
    """Somebody was faster: say who, and keep what was given, to be confirmed as the next version if still wanted."""
    if standing.state not in OPEN | {State.LINKED}:
        await services.drafts.drop(draft.person_id)
        await replace(query, closed(services, standing))
        await query.answer()
        return
    version, step = standing.version, standing.step
    who = (step.person_name if step else None) or "Người khác"
    when = f"{step.at.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}" if step else ""
    number = version.version if version else 0
    of_version = f" (bản {number})" if number else ""
    did = wording.act(step.before, step.after) if step else ""
    what = (
        f"{who} vừa {did} lúc {when}{of_version}; bản của anh/chị chưa được ghi nhận. "
        f"Nếu vẫn cần, bấm Xác nhận để ghi thành bản {number + 1}."
    )
    draft.data = {**draft.data, "known": standing.number}
    await redraw(query, services, draft, await form_card(services, draft.data, overtaken=what))
