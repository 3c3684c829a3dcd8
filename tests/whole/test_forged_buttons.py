"""Every kind of button: forged, too old, and pressed by somebody else.

The cases stand by kind in kinds_of_buttons.py; a new kind of button without cases fails here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from handlers.buttons import LONGEST_DATA, Code
from tests.whole.kinds_of_buttons import (
    DESK_KINDS,
    HUGE,
    INBOX_KINDS,
    KINDS,
    NO_BUTTONS,
    NOTICE_KINDS,
    QUESTION_KINDS,
    Right,
)
from tests.whole.town import BOT, COORDINATOR, Someone, Town, data_of, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What these carry, and what nobody's carries; buttons that concern agencies have a file of their own.
# What everybody may press on notices says more than nothing; it is tried with them.
OF_COORDINATORS = {code: kind for code, kind in NOTICE_KINDS.items() if kind.right is not Right.EVERYBODY}

CASES = {**QUESTION_KINDS, **INBOX_KINDS, **DESK_KINDS, **OF_COORDINATORS}

# What a true button of each kind carries.
TRUE = {code: f"{code}:{kind.true}" if kind.true else code.value for code, kind in CASES.items()}

# The kinds that belong to the one who asked; the others may be pressed by everybody.
PERSONAL = [code for code, kind in CASES.items() if kind.right is Right.ASKER]
EVERYBODYS = [code for code, kind in CASES.items() if kind.right is Right.EVERYBODY]


@dataclass(frozen=True)
class Case:
    """Two people who have asked something, and the numbers of their questions."""

    an: Someone
    binh: Someone
    mine: int
    theirs: int

    def filled(self, data: str) -> str:
        return data.replace("{mine}", str(self.mine)).replace("{theirs}", str(self.theirs))


@pytest_asyncio.fixture(loop_scope="module")
async def case(town: Town) -> Case:
    an, binh = town.someone("Nguyễn Văn An"), town.someone("Trần Thị Bình")
    for one in (an, binh):
        await one.asks("thời tiết hôm nay")
    [mine], [theirs] = town.questions_of(an), town.questions_of(binh)
    return Case(an, binh, mine["id"], theirs["id"])


def _forged() -> Iterator[str]:
    for code, kind in CASES.items():
        # Some buttons truly carry nothing but their code.
        yield from [code.value] if kind.true else []
        yield from (f"{code}:{ids}" for ids in kind.forged)
    yield from NO_BUTTONS


async def test_every_kind_of_button_has_its_cases() -> None:
    assert set(KINDS) == set(Code)


async def test_forged_data_changes_nothing_and_is_answered(town: Town, case: Case) -> None:
    message = case.an.heard()[0]
    shown, remembered = (message.text, labels(message)), town.remembered()
    for forged in (case.filled(data).encode()[:LONGEST_DATA].decode(errors="ignore") for data in _forged()):
        pressed = await case.an.forces(message.id, forged)
        assert len(pressed.toasts) == 1, f"{forged} was not answered once"
        assert pressed.toasts[0], f"{forged} was taken for a true button"
        assert pressed.replies == [], forged
        assert (message.text, labels(message)) == shown, forged
    assert town.remembered() == remembered


@pytest.mark.parametrize("code", CASES)
async def test_a_true_button_is_no_forgery(case: Case, code: Code) -> None:
    pressed = await case.an.forces(case.an.heard()[0].id, case.filled(TRUE[code]))
    assert len(pressed.toasts) == 1
    assert "không" not in pressed.toasts[0]


# The number of a message that Telegram no longer has: it sends a stub in its place.
GONE = 999


@pytest.mark.parametrize("code", CASES)
async def test_a_button_under_a_message_that_is_gone_is_answered_once(case: Case, code: Code) -> None:
    assert len((await case.an.forces(GONE, case.filled(TRUE[code]))).toasts) == 1


@pytest.mark.parametrize("code", CASES)
async def test_who_presses_a_button_under_a_message_that_is_gone_sees_that_it_was_heard(case: Case, code: Code) -> None:
    pressed = await case.an.forces(GONE, case.filled(TRUE[code]))
    assert pressed.toasts[0] or pressed.replies


FEEDBACK = (Code.PASS_ON, Code.HELPFUL, Code.WRONG)


@pytest.mark.parametrize("code", [code for code in CASES if code not in FEEDBACK])
async def test_under_a_message_that_is_gone_only_what_is_answered_is_recorded(
    town: Town, case: Case, code: Code
) -> None:
    remembered = town.remembered()
    pressed = await case.an.forces(GONE, case.filled(TRUE[code]))
    assert pressed.replies or town.remembered() == remembered


@pytest.mark.parametrize("code", FEEDBACK)
async def test_what_is_said_of_an_answer_counts_though_its_message_is_gone(town: Town, case: Case, code: Code) -> None:
    await case.an.forces(GONE, case.filled(TRUE[code]))
    [row] = town.questions_of(case.an)
    assert row["rating"] or row["passed_on_at"]


@pytest.mark.parametrize("code", PERSONAL)
async def test_a_stranger_in_the_group_changes_nothing(town: Town, case: Case, code: Code) -> None:
    group = town.group(case.an, case.binh)
    message = await case.an.asks(f"{BOT} đoàn kiểm tra gồm những ai", chat_id=group.id)
    question = town.questions_of(case.an)[-1]["id"]
    shown, remembered = (message.text, labels(message)), town.remembered()
    data = TRUE[code].replace("{mine}", str(question))
    pressed = await case.binh.forces(message.id, data, chat_id=group.id)
    assert "của người khác" in pressed.toasts[0]
    assert len(pressed.toasts) == 1
    assert pressed.replies == []
    assert (message.text, labels(message)) == shown
    assert town.remembered() == remembered


@pytest.mark.parametrize("code", INBOX_KINDS)
@pytest.mark.parametrize("forged", [False, True])
async def test_a_coordinators_button_does_nothing_in_a_group(town: Town, case: Case, code: Code, forged: bool) -> None:
    coordinator = town.person(COORDINATOR)
    group = town.group(case.an, coordinator)
    message = await case.an.asks(f"{BOT} đoàn kiểm tra gồm những ai", chat_id=group.id)
    shown, remembered = (message.text, labels(message)), town.remembered()
    pressed = await (case.an if forged else coordinator).forces(message.id, case.filled(TRUE[code]), chat_id=group.id)
    assert pressed.toasts == ["Nút này chỉ dùng trong trò chuyện riêng với trợ lý."]
    assert pressed.replies == []
    assert ((message.text, labels(message)), town.remembered()) == (shown, remembered)


@pytest.mark.parametrize("code", INBOX_KINDS)
async def test_a_coordinators_button_with_a_made_up_number_changes_nothing(town: Town, case: Case, code: Code) -> None:
    coordinator = town.person(COORDINATOR)
    inbox = await coordinator.asks("/hopthu")
    remembered = town.remembered()
    for number in ("0", str(HUGE)):
        pressed = await coordinator.forces(inbox.id, TRUE[code].replace("{mine}", number).replace("u:1", f"u:{number}"))
        assert len(pressed.toasts) == 1
        assert pressed.toasts[0]
    assert town.remembered() == remembered


@pytest.mark.parametrize("code", EVERYBODYS)
async def test_what_belongs_to_nobody_can_be_pressed_by_everybody(town: Town, case: Case, code: Code) -> None:
    group = town.group(case.an, case.binh)
    message = await case.an.asks(f"{BOT} đoàn kiểm tra gồm những ai", chat_id=group.id)
    before = town.questions_of(case.an)
    pressed = await case.binh.forces(message.id, TRUE[code], chat_id=group.id)
    assert pressed.toasts == [""]
    assert town.questions_of(case.an) == before


async def test_a_button_pressed_by_two_people_at_once_serves_both(town: Town, case: Case) -> None:
    group = town.group(case.an, case.binh)
    message = await case.an.asks(f"{BOT} hạn nộp báo cáo là ngày nào", chat_id=group.id)
    tap = {"message_id": message.id, "callback_data": data_of(message, labels(message)[0]), "chat_id": group.id}
    for one in (case.an, case.binh):
        await town.post(f"people/{one.id}/presses", **tap)
    await town.settle()
    assert len(case.an.heard(group.id, after=message.id)) == 2


async def test_a_button_with_nothing_in_it_is_answered(town: Town, case: Case) -> None:
    remembered = town.remembered()
    assert len((await case.an.forces(2, "")).toasts) == 1
    assert town.remembered() == remembered
