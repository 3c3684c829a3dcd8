"""A version as people see it: the receipt, and the coordinator's card; and what those concerned are told of a step."""

from collections.abc import Sequence

from bot.clock import LOCAL
from bot.contacts import Role
from bot.outbox import Letter
from bot.states import TO_REVIEW, State
from bot.store.ledger_tables import Act
from bot.store.submission_tables import Version, VersionFile
from bot.submission_records import Event, EventWords
from handlers import wording
from handlers.buttons import Code, button
from handlers.cards import Rows, letter
from handlers.people import agency_name, recipient
from handlers.services import Services
from handlers.texts import say
from knowledge.deadline import Deadline

ACCEPT, SEND_BACK, UNDO = "Tiếp nhận", "Trả lại", "Hoàn tác tiếp nhận"


def due_of(version: Version) -> Deadline | None:
    """The deadline as it stood, on the day of the confirmation."""
    if version.due_before is None:
        return None
    return Deadline(version.due_before, version.confirmed_at.astimezone(LOCAL).date())


def receipt_html(services: Services, version: Version, files: Sequence[VersionFile], state: State, newest: int) -> str:
    """The receipt of a version."""
    return say(
        "receipt",
        version=version,
        files=files,
        agency=agency_name(services, version.agency),
        way=wording.WAYS[version.way],
        due=due_of(version),
        state=wording.state(state),
        code=services.receipts.code(version, files),
        newest=newest,
        recipient=recipient(services),
    )


def receipt_rows(version: Version) -> Rows:
    """What one can do below a receipt."""
    return [[button("Tình trạng", Code.CHOOSE, "v", version.agency)]]


def review_letter(services: Services, event: Event) -> Letter:
    """The coordinators' card on a version, as it stands after a step."""
    version, step = event.version, event.step
    if version is None:
        return told_letter(services, event)
    by = f" bởi {step.person_name}" if step.person_name else ""
    when = f"{step.at.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}"
    notes = {
        Act.ACCEPTED: f"Tiếp nhận lúc {when}{by}.",
        Act.ACCEPTANCE_UNDONE: f"Hoàn tác tiếp nhận lúc {when}{by}.",
        Act.RETURNED: f"Trả lại lúc {when}{by}. Lý do: {step.reason}",
        Act.WITHDRAWN: f"Cơ quan rút xác nhận lúc {when}{by}.",
        Act.WAIVED: f"Miễn nộp lúc {when}{by}. Lý do: {step.reason}",
    }
    titles = {Act.AMENDED: "Bản bổ sung", Act.RECORDED: "Ghi nhận thay mặt cơ quan"}
    html = say(
        "review_card",
        title=titles.get(event.act, "Xác nhận nộp báo cáo"),
        version=version,
        files=event.files,
        agency=agency_name(services, version.agency),
        way=wording.WAYS[version.way],
        due=due_of(version),
        state=wording.state(step.after),
        code=services.receipts.code(version, event.files),
        note=notes.get(event.act),
    )
    return letter(html, review_rows(version, step.after, event.files))


def review_rows(version: Version, state: State, files: Sequence[VersionFile]) -> Rows:
    """What a coordinator can do with a version in this state."""
    rows: Rows = []
    if state in TO_REVIEW:
        rows.append([button(ACCEPT, Code.ACCEPT, version.id), button(SEND_BACK, Code.SEND_BACK, version.id)])
    elif state is State.ACCEPTED:
        rows.append([button(UNDO, Code.UNDO, version.id)])
    if files:
        rows.append([button("Xem tệp", Code.FILES, version.id)])
    return rows


def told_letter(services: Services, event: Event) -> Letter:
    """What those are told whom a step concerns and who have no card of it."""
    step = event.step
    html = say(
        "told_state",
        agency=agency_name(services, step.agency),
        what=wording.TOLD[event.act],
        version=event.version.version if event.version else None,
        by=f"Người thực hiện: {step.person_name}" if step.person_name else None,
        reason=step.reason,
        next="Xem lại: /tinhtrang, /biennhan." if event.version else None,
    )
    return letter(html)


def event_words(services: Services) -> EventWords:
    """The words of every step of a submission, for every role."""

    def words(event: Event, role: Role) -> Letter | None:
        is_new = event.act in (Act.CONFIRMED, Act.AMENDED, Act.RECORDED)
        match role:
            case Role.OLDER_CARD:
                older = event.version.version - 1 if event.version else 0
                return letter(say("review_overtaken", agency=agency_name(services, event.step.agency), version=older))
            case Role.CARD:
                return review_letter(services, event)
            case Role.ACTOR if is_new and event.version and event.version.on_behalf:
                return review_letter(services, event)
            case _ if is_new and event.version:
                html = receipt_html(services, event.version, event.files, event.step.after, event.version.version)
                return letter(html, receipt_rows(event.version))
            case Role.CONTACT if event.act is Act.RETURNED:
                return _returned(services, event)
            case Role.ACTOR if event.act is Act.RETURNED:
                return letter(
                    say(
                        "told_state",
                        agency=agency_name(services, event.step.agency),
                        what="đã trả lại để bổ sung",
                        version=event.step.version,
                        by=None,
                        reason=event.step.reason,
                        next="Cơ quan đã được báo.",
                    )
                )
            case _:
                return told_letter(services, event)

    return words


def _returned(services: Services, event: Event) -> Letter:
    html = say(
        "told_returned",
        agency=agency_name(services, event.step.agency),
        version=event.step.version,
        reason=event.step.reason,
        due=Deadline(event.due_before, services.clock.today()) if event.due_before else None,
        new_due=event.new_due,
    )
    return letter(html, [[button("Bổ sung", Code.CHOOSE, "k", event.step.agency)]])
