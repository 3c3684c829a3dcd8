"""The card on which a confirmation is put together: what was given so far, and what can still be added."""

from dataclasses import asdict
from datetime import date
from typing import Any

from bot.attachment_kinds import Kind
from bot.attachments import Attachment
from bot.states import State, Way
from bot.store.people_tables import Draft
from bot.submission_records import Given, Standing
from handlers import wording
from handlers.buttons import Code, button, two_a_row
from handlers.cards import BACK, Rows, cancel_row, reply
from handlers.people import agency_name, recipient
from handlers.replies import Reply
from handlers.services import Services
from handlers.texts import say
from knowledge.deadline import Deadline

KIND = "confirm"
CONFIRM = "Xác nhận"

# So many files fit on a card and in the archive of one submission.
MOST_FILES = 10
TOO_MANY = f"Mỗi lần xác nhận kèm tối đa {MOST_FILES} tệp. Anh/chị gộp các tệp vào một tệp ZIP."

Form = dict[str, Any]


def new_form(standing: Standing, *, behalf: bool) -> Form:
    """An empty form; what was given before is kept where the agency amends it."""
    form: Form = {"agency": standing.agency, "known": standing.number, "behalf": behalf, "files": []}
    version = standing.version
    if version and standing.state is not State.WITHDRAWN:
        form |= {
            "way": str(version.way),
            "number": version.document_number,
            "day": version.document_day and version.document_day.isoformat(),
            "files": [
                asdict(Attachment(sha256=file.sha256, size=file.size, name=file.name, kind=Kind(file.kind)))
                for file in standing.files
            ],
        }
    if behalf:
        form.setdefault("way", str(Way.PAPER))
    return form


def given(form: Form) -> Given:
    """What the form confirms."""
    return Given(
        way=Way(form["way"]),
        number=form.get("number"),
        day=date.fromisoformat(form["day"]) if form.get("day") else None,
        files=tuple(files(form)),
        handed_in_by=form.get("handed_in_by"),
    )


def files(form: Form) -> list[Attachment]:
    """The files on the form."""
    return [Attachment(**{**file, "kind": Kind(file["kind"])}) for file in form.get("files", [])]


def with_file(form: Form, attachment: Attachment) -> Form:
    """The form with one more file; the same content twice is one file, and a first file says how it was sent."""
    known = [file for file in form["files"] if file["sha256"] != attachment.sha256]
    return {**form, "way": form.get("way") or str(Way.FILES), "files": [*known, asdict(attachment)]}


def merged(form: Form, more: Form) -> Form:
    """The form with what was given without it; that a file came says how it was sent only if nothing else does."""
    others = {key: value for key, value in more.items() if value and key not in {"files", "way"}}
    whole = {**form, **others, "way": form.get("way") or more.get("way")}
    for file in files(more):
        whole = with_file(whole, file)
    return whole


async def form_card(
    services: Services, form: Form, *, problem: str | None = None, overtaken: str | None = None
) -> Reply:
    """The card of a form: the choice of how it was sent first, then everything.

    Args:
        services: for names and the deadline.
        form: what was given.
        problem: what could not be taken, and what to do.
        overtaken: who confirmed in the meantime.
    """
    agency = agency_name(services, form["agency"])
    if not form.get("way"):
        ways = two_a_row([button(label, Code.WAY, way) for way, label in wording.WAYS.items()])
        back = [[button(BACK, Code.BEGIN)]] if form.get("chosen") else []
        return reply(say("confirm_way", agency=agency, behalf=form["behalf"]), [*ways, *cancel_row(), *back])
    standing = await services.submissions.standing(form["agency"])
    today = services.clock.today()
    what = given(form)
    html = say(
        "confirm_form",
        today=services.clock.today(),
        agency=agency,
        behalf=form["behalf"],
        next=(standing.version.version if standing.version else 0) + 1,
        overtaken=overtaken,
        returned=standing.step.reason if standing.step and standing.state is State.RETURNED else None,
        way=wording.WAYS[what.way],
        document=wording.document(what.number, what.day),
        handed_in_by=what.handed_in_by,
        files=what.files,
        due=Deadline(standing.due_before, today) if standing.due_before else None,
        problem=problem,
        recipient=recipient(services),
    )
    others = [button("Đổi cách gửi", Code.OTHER_WAY)]
    if what.files:
        others.append(button("Bỏ các tệp", Code.NO_FILES))
    rows: Rows = [[button(CONFIRM, Code.CONFIRM, form["known"])], others, *cancel_row()]
    return reply(html, rows)


def unplaced(draft: Draft | None) -> Form:
    """What was given before it was said for which agency; empty if there is no such draft."""
    return form_of(draft) if draft and draft.kind == KIND and "agency" not in draft.data else {}


def form_of(draft: Draft) -> Form:
    """The form that a draft holds."""
    return dict(draft.data)
