"""Buttons that concern agencies: forged, pressed by somebody who may not, and when they have had their day.

Each kind's cases stand in kinds_of_buttons.py. Whatever is not allowed is answered once and leaves no trace.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.messages import Message
from bot.states import State
from handlers.agencies import NOT_YOURS
from handlers.buttons import LONGEST_DATA, Code
from handlers.cards import PAST
from handlers.replies import GONE
from tests.whole.kinds_of_buttons import AGENCY_KINDS, Right
from tests.whole.offices import OPERATOR, Office, open_office
from tests.whole.town import COORDINATOR, Pressed, Someone, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

IN_DIALOGUE = [code for code, kind in AGENCY_KINDS.items() if kind.dialogue]
RESTRICTED = [code for code, kind in AGENCY_KINDS.items() if kind.right is not Right.EVERYBODY]
STALE = [(code, state) for code, kind in AGENCY_KINDS.items() for state in kind.stale]
OF_COORDINATORS = (Right.COORDINATOR, Right.COORDINATOR_IN_DIALOGUE)


@dataclass(frozen=True)
class Stage:
    """Agencies in every state, and people at, beside and outside of them."""

    town: Town
    other: Office
    stranger: Someone
    offices: dict[State, Office] = field(default_factory=dict)

    async def office(self, state: State) -> Office:
        """An agency in this state."""
        if state not in self.offices:
            self.offices[state] = await open_office(self.town)
            await self.offices[state].contact.asks("/start")
            await self.offices[state].brought_to(state)
        return self.offices[state]

    async def presser(self, code: Code) -> Someone:
        """Who may press such a button, if the submission stands as it should."""
        kind = AGENCY_KINDS[code]
        if kind.right in OF_COORDINATORS:
            return self.town.person(COORDINATOR)
        return (await self.office(kind.state)).contact

    async def card(self, code: Code) -> Message:
        """The message under which the button stands: the card of its dialogue, opened anew, if it has one."""
        kind, presser = AGENCY_KINDS[code], await self.presser(code)
        return await open_dialogue(kind.dialogue, presser, await self.office(kind.state))

    async def data(self, code: Code, ids: str, state: State | None = None) -> str:
        """What such a button carries; for an agency in another state than is due, as when its card was made."""
        office = await self.office(state or AGENCY_KINDS[code].state)
        receipts = [row["id"] for row in office.rows("versions")]
        values = {
            "agency": office.agency,
            "other": self.other.agency,
            "steps": 1 if state else len(office.rows("steps")),
            "receipt": (receipts or [0])[0],
            "their_receipt": self.other.rows("versions")[0]["id"],
            "invitation": self.town.rows("invitations")[0]["id"],
        }
        filled = ids
        for name, value in values.items():
            filled = filled.replace(f"{{{name}}}", str(value))
        return f"{code}:{filled}" if ids else code.value


async def open_dialogue(kind: str | None, person: Someone, office: Office) -> Message:
    match kind:
        case "confirm":
            return await office.form()
        case "link":
            invitations = office.town.demo.application.bot_data.invitations
            return await person.asks(f"/start {(await invitations.issue(OPERATOR, office.agency)).code}")
        case "send-back":
            await person.presses(office.review(), "Trả lại")
            return await person.asks("thiếu phụ lục")
        case "waive":
            await person.presses(await person.asks(f"/tinhtrang {office.name}"), "Miễn nộp")
            return await person.asks("đã sáp nhập")
        case "extend":
            await person.asks(f"/giahan {office.name}")
            return await person.asks("19/11/2021 vì dịch")
        case _:
            return await person.asks("/han")


async def stage_in(town: Town) -> Stage:
    other = await open_office(town, "Trần Văn Lộc")
    await other.confirms()
    stranger = town.someone("Người Lạ")
    await stranger.asks("/start")
    await town.person(COORDINATOR).asks("/start")
    await town.demo.application.bot_data.invitations.issue(OPERATOR, other.agency)
    return Stage(town, other, stranger)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(town: Town) -> Stage:
    return await stage_in(town)


def shown(message: Message) -> Any:
    return message.text, labels(message)


def is_refusal(pressed: Pressed) -> bool:
    """Answered once; with a word in the place of the button, or with one message."""
    return len(pressed.toasts) == 1 and bool(pressed.toasts[0]) != (len(pressed.replies) == 1)


@pytest.mark.parametrize("code", AGENCY_KINDS)
async def test_forged_data_changes_nothing_and_is_answered(stage: Stage, code: Code) -> None:
    card, presser = await stage.card(code), await stage.presser(code)
    before, remembered = shown(card), stage.town.remembered()
    kind = AGENCY_KINDS[code]
    forged = [await stage.data(code, ids) for ids in kind.forged if ids]
    forged += [f"{code}:", *([code.value] if kind.true else [])]
    for data in (one.encode()[:LONGEST_DATA].decode(errors="ignore") for one in forged):
        pressed = await presser.forces(card.id, data)
        assert len(pressed.toasts) == 1, f"{data} was not answered once"
        assert pressed.toasts[0], f"{data} was taken for a true button"
        assert pressed.replies == [], data
        assert shown(card) == before, data
    assert stage.town.remembered() == remembered


# Besides those whose button it is: a coordinator sees what any contact sees, and any contact may begin with their own.
ALSO_MAY = {
    (Code.CHOOSE, "coordinator"),
    (Code.RECEIPT, "coordinator"),
    (Code.BEGIN, "coordinator"),
    (Code.BEGIN, "contact of another agency"),
}


@pytest.mark.parametrize("code", RESTRICTED)
async def test_who_may_not_press_it_is_told_so_and_changes_nothing(stage: Stage, code: Code) -> None:
    kind, owner, card = AGENCY_KINDS[code], await stage.presser(code), await stage.card(code)
    people = {
        "stranger": stage.stranger,
        "contact of another agency": stage.other.contact,
        "contact": (await stage.office(kind.state)).contact,
        "coordinator": stage.town.person(COORDINATOR),
    }
    data, before = await stage.data(code, kind.true), shown(card)
    remembered = stage.town.remembered()
    for who, intruder in people.items():
        if intruder != owner and (code, who) not in ALSO_MAY:
            theirs = intruder.heard()[0]
            there = shown(theirs)
            pressed = await intruder.forces(theirs.id, data)
            assert is_refusal(pressed), (who, pressed)
            assert (shown(card), shown(theirs)) == (before, there), who
    assert stage.town.remembered() == remembered


@pytest.mark.parametrize(("code", "state"), STALE)
async def test_on_a_card_that_has_had_its_day_it_says_so_and_changes_nothing(
    stage: Stage, code: Code, state: State
) -> None:
    office = await stage.office(state)
    presser = stage.town.person(COORDINATOR) if AGENCY_KINDS[code].right in OF_COORDINATORS else office.contact
    card = presser.heard()[0]
    remembered = stage.town.remembered()
    pressed = await presser.forces(card.id, await stage.data(code, AGENCY_KINDS[code].true, state))
    assert len(pressed.toasts) == 1
    assert pressed.toasts[0]
    assert pressed.replies == []
    assert stage.town.remembered() == remembered


@pytest.mark.parametrize("code", IN_DIALOGUE)
async def test_under_a_card_that_a_newer_one_took_the_place_of_it_is_past(stage: Stage, code: Code) -> None:
    old = await stage.card(code)
    new, presser = await stage.card(code), await stage.presser(code)
    assert labels(old) == [], "the older card has lost its buttons"
    before, remembered = shown(new), stage.town.remembered()
    pressed = await presser.forces(old.id, await stage.data(code, AGENCY_KINDS[code].true))
    assert (pressed.toasts, pressed.replies) == ([PAST], [])
    assert shown(new) == before
    assert stage.town.remembered() == remembered


@pytest.mark.parametrize("code", IN_DIALOGUE)
async def test_after_leaving_the_dialogue_it_is_past(stage: Stage, code: Code) -> None:
    card, presser = await stage.card(code), await stage.presser(code)
    await presser.asks("/huy")
    assert labels(card) == []
    remembered = stage.town.remembered()
    pressed = await presser.forces(card.id, await stage.data(code, AGENCY_KINDS[code].true))
    assert (pressed.toasts, pressed.replies) == ([PAST], [])
    assert stage.town.remembered() == remembered


@pytest.mark.parametrize("code", [code for code in IN_DIALOGUE if code is not Code.CANCEL])
async def test_in_the_middle_of_another_dialogue_it_is_past(stage: Stage, code: Code) -> None:
    presser, office = await stage.presser(code), await stage.office(AGENCY_KINDS[code].state)
    another = "link" if AGENCY_KINDS[code].dialogue != "link" else "confirm"
    card = await open_dialogue(another, presser, office)
    remembered = stage.town.remembered()
    pressed = await presser.forces(card.id, await stage.data(code, AGENCY_KINDS[code].true))
    assert (pressed.toasts, pressed.replies) == ([PAST], [])
    assert stage.town.remembered() == remembered


async def test_a_true_button_of_each_kind_is_no_forgery(own_town: Town) -> None:
    stage = await stage_in(own_town)
    for code, kind in AGENCY_KINDS.items():
        card, presser = await stage.card(code), await stage.presser(code)
        story = own_town.rows("steps"), own_town.rows("contacts")
        pressed = await presser.forces(card.id, await stage.data(code, kind.true))
        assert len(pressed.toasts) == 1, code
        assert not any(word in pressed.toasts[0] for word in (NOT_YOURS, PAST, GONE, "không", "thay đổi")), code
        if (own_town.rows("steps"), own_town.rows("contacts")) != story:
            # What this one has done is in the way of the next.
            del stage.offices[kind.state]
