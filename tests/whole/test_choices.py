"""Asking back: which question is meant, and which agency."""

import copy
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.sandbox.messages import Message
from handlers.buttons import Code
from knowledge.answer import MOST_CHOICES, Answerer
from tests.conftest import NewStore
from tests.whole.conftest import open_town
from tests.whole.town import AT_BU_DANG, AT_SO_XAY_DUNG, Someone, Town, data_of, labels, labels_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "hạn nộp báo cáo là ngày nào"
OWN_FORM = "cơ quan tôi kiểm tra hình thức nào"


@pytest.fixture(scope="module")
def unsure(answerer: Answerer) -> Answerer:
    """Knows what the shipped pack knows, but never dares to answer."""
    calibration = answerer.pack.calibration
    timid = calibration.thresholds.model_copy(update={"answer": 1.1, "choose": 0.0})
    other = copy.copy(answerer)
    other.pack = replace(answerer.pack, calibration=calibration.model_copy(update={"thresholds": timid}))
    return other


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def unsure_town(
    unsure: Answerer, new_store: NewStore, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    async with open_town(unsure, tmp_path_factory.mktemp("unsure") / "data", new_store) as opened:
        yield opened


@pytest.fixture
def binh(unsure_town: Town) -> Someone:
    """Somebody whom the bot does not quite understand."""
    return unsure_town.someone("Trần Thị Bình")


async def test_who_is_not_understood_is_offered_the_nearest_questions(binh: Someone, unsure: Answerer) -> None:
    card = await binh.asks(QUESTION)
    offered = labels_of(card, Code.PICK)
    assert 1 <= len(offered) <= MOST_CHOICES
    assert offered[0] == unsure.pack.topics["report.deadline"].ask, "the likeliest first"
    assert labels(card) == [*offered, "Chuyển câu hỏi"]


async def test_the_choice_becomes_its_answer_in_place(unsure_town: Town, binh: Someone) -> None:
    card = await binh.asks(QUESTION)
    pressed = await binh.presses(card, labels_of(card, Code.PICK)[0])
    assert (pressed.toasts, pressed.replies) == ([""], [])
    assert "15/11/2021" in card.text.splitlines()[0]
    assert labels(card)[-2:] == ["Hữu ích", "Chưa đúng"]
    [row] = unsure_town.questions_of(binh)
    assert (row["text"], row["outcome"], row["topic"]) == (QUESTION, "choose", "report.deadline")


async def test_a_chosen_answer_can_be_rated(unsure_town: Town, binh: Someone) -> None:
    card = await binh.asks(QUESTION)
    await binh.presses(card, labels_of(card, Code.PICK)[0])
    await binh.presses(card, "Hữu ích")
    assert [row["rating"] for row in unsure_town.questions_of(binh)] == ["helpful"]


async def test_the_agency_that_the_question_names_is_not_asked_for_again(binh: Someone) -> None:
    card = await binh.asks("sở xây dựng kiểm tra kiểu gì")
    await binh.presses(card, "Cơ quan tôi kiểm tra theo hình thức nào?")
    assert "Sở Xây dựng: kiểm tra tại trụ sở" in card.text


async def test_choosing_twice_changes_nothing_more(unsure_town: Town, binh: Someone) -> None:
    card = await binh.asks(QUESTION)
    data = data_of(card, labels_of(card, Code.PICK)[0])
    await binh.forces(card.id, data)
    answered, remembered = (card.text, labels(card)), unsure_town.questions_of(binh)
    pressed = await binh.forces(card.id, data)
    assert (pressed.toasts, pressed.replies) == ([""], [])
    assert ((card.text, labels(card)), unsure_town.questions_of(binh)) == (answered, remembered)


async def test_when_none_of_the_choices_is_meant_the_question_can_be_passed_on(
    unsure_town: Town, binh: Someone
) -> None:
    card = await binh.asks(QUESTION)
    await binh.presses(card, "Chuyển câu hỏi")
    assert labels(card) == [], "what was offered is gone"
    assert [row["passed_on_at"] is not None for row in unsure_town.questions_of(binh)] == [True]


async def test_a_newcomer_who_asks_about_their_agency_is_shown_all_of_them(answerer: Answerer, an: Someone) -> None:
    answer = await an.asks(OWN_FORM)
    assert labels_of(answer, Code.AGENCY) == [agency.name for agency in answerer.pack.agencies.listed]


async def _agencies(one: Someone, topic: str = "plan.agency-form") -> Message:
    pressed = await one.forces((await one.asks("/chude")).id, f"t:{topic}")
    return pressed.replies[0]


@pytest.mark.parametrize(
    ("agency", "told"),
    [
        ("Sở Xây dựng", "Sở Xây dựng: kiểm tra tại trụ sở"),
        ("UBND huyện Bù Đăng", "UBND huyện Bù Đăng: kiểm tra qua hồ sơ"),
    ],
)
async def test_a_chosen_agency_turns_the_card_into_its_answer(town: Town, an: Someone, agency: str, told: str) -> None:
    card = await _agencies(an)
    pressed = await an.presses(card, agency)
    assert (pressed.toasts, pressed.replies) == ([""], [])
    assert told in card.text
    assert labels_of(card, Code.AGENCY) == []
    assert labels(card)[-2:] == ["Hữu ích", "Chưa đúng"]
    assert town.questions_of(an)[-1]["topic"] == "plan.agency-form"


async def test_every_agency_has_an_answer(answerer: Answerer, an: Someone) -> None:
    card = await _agencies(an, "report.my-agency")
    for agency in answerer.pack.agencies.listed:
        await an.forces(card.id, f"a:report.my-agency:{agency.id}")
        assert agency.name in card.text


@pytest.mark.parametrize(
    ("person", "own"), [(AT_SO_XAY_DUNG, "Sở Xây dựng: kiểm tra tại trụ sở"), (AT_BU_DANG, "UBND huyện Bù Đăng")]
)
async def test_a_contact_is_told_about_their_own_agency(town: Town, person: int, own: str) -> None:
    answer = await town.person(person).asks(OWN_FORM)
    assert own in answer.text
    assert labels_of(answer, Code.AGENCY) == []


async def test_a_contact_of_two_agencies_is_asked_which_one_is_meant(town: Town, an: Someone) -> None:
    for agency in ("so-xay-dung", "ubnd-bu-dang"):
        await town.demo.application.bot_data.contacts.link(an.id, agency, an.person.name)
    assert {"Sở Xây dựng", "UBND huyện Bù Đăng"} <= set(labels_of(await _agencies(an), Code.AGENCY))


async def test_an_ambiguous_name_is_asked_back(an: Someone) -> None:
    card = await an.asks("sở kh có phải nộp báo cáo không")
    names = ["Sở Khoa học và Công nghệ", "Sở Kế hoạch và Đầu tư"]
    assert labels(card) == names
    await an.presses(card, names[1])
    assert "Sở Kế hoạch và Đầu tư gửi báo cáo" in card.text.splitlines()[0]
    assert labels(card)[-2:] == ["Hữu ích", "Chưa đúng"]
