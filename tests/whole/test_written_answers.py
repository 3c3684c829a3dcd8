"""Answering a missed question in one's own words: everybody who asked it gets the answer, once."""

import pytest
from sqlalchemy import text as sql

from bot.audit import Actor
from bot.sandbox.messages import Message
from tests.whole.town import AT_SO_XAY_DUNG, COORDINATOR, Someone, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

RESPOND, SEND, OUTCOME, DISMISS, PASS_ON, CANCEL = (
    "Trả lời", "Gửi câu trả lời", "Kết quả gửi", "Bỏ qua", "Chuyển câu hỏi", "Huỷ",
)  # fmt: skip
RIDDLE, LIKE_IT, OTHER = "xyzzy plugh", "Xyzzy, plugh?", "quux frobnicate"
ANSWER = "Đoàn do Giám đốc Sở ký quyết định; anh/chị gọi Thanh tra Sở.\n\nSố máy có trong công văn."


async def _begin(town: Town) -> Message:
    """The form for the first entry of the inbox."""
    coordinator = town.person(COORDINATOR)
    return (await coordinator.presses(await coordinator.asks("/hopthu"), RESPOND)).replies[0]


async def _typed(town: Town, text: str = ANSWER) -> Message:
    await _begin(town)
    return await town.person(COORDINATOR).asks(text)


async def test_everybody_who_asked_gets_the_answer_under_their_own_question(own_town: Town) -> None:
    an, binh, chi = own_town.someone(), own_town.someone(), own_town.someone()
    for one, text in ((an, RIDDLE), (binh, LIKE_IT), (binh, RIDDLE), (chi, OTHER)):
        await one.asks(text)
    form = await _begin(own_town)
    assert form.text == f"Trả lời câu hỏi · gửi cho 2 người hỏi\n{RIDDLE}\nGõ câu trả lời trong một tin."
    assert labels(form) == [CANCEL]
    preview = await own_town.person(COORDINATOR).asks(ANSWER)
    assert ANSWER in preview.text
    assert labels(preview) == [SEND, CANCEL]
    last = {one.id: one.heard()[-1].id for one in (an, binh, chi)}
    pressed = await own_town.person(COORDINATOR).presses(preview, SEND)
    assert pressed.toasts == ["Đã gửi câu trả lời."]
    told = {one.id: [message.text for message in one.heard(after=last[one.id])] for one in (an, binh, chi)}
    head = "Cán bộ điều phối trả lời câu hỏi của anh/chị:"
    assert told == {an.id: [f"{head}\n{RIDDLE}\n{ANSWER}"], binh.id: [f"{head}\n{LIKE_IT}\n{ANSWER}"], chi.id: []}
    assert OTHER in (await own_town.person(COORDINATOR).asks("/hopthu")).text


async def test_the_answer_its_settlement_and_its_entry_in_the_log_are_kept(own_town: Town) -> None:
    await own_town.someone().asks(RIDDLE)
    preview = await _typed(own_town)
    await own_town.person(COORDINATOR).presses(preview, SEND)
    [settled] = own_town.rows("settlements")
    assert (settled["how"], settled["answer"], settled["settled_by"]) == ("answered", ANSWER, COORDINATOR)
    assert [(row["act"], row["person_id"]) for row in own_town.rows("audit")] == [("answered", COORDINATOR)]
    assert own_town.rows("drafts") == []


async def test_the_card_tells_how_many_were_reached_who_could_not_be_and_whose_name_is_forgotten(
    own_town: Town,
) -> None:
    an, blocking, forgotten = own_town.someone(), own_town.someone(), own_town.someone()
    for one in (an, blocking, forgotten):
        await one.asks(RIDDLE)
    await _forget(forgotten)
    own_town.world.people[blocking.id].blocked = True
    preview = await _typed(own_town)
    assert "gửi cho 2 người hỏi" in preview.text
    await own_town.person(COORDINATOR).presses(preview, SEND)
    await own_town.person(COORDINATOR).presses(preview, OUTCOME)
    lines = ["Đã gửi: 1 người", "Không gửi được: 1 người", "Không còn lưu người hỏi: 1 câu"]
    assert preview.text.splitlines()[-3:] == lines


async def test_when_nobody_can_be_answered_any_more_answering_is_not_offered(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks(RIDDLE)
    await _forget(an)
    card = await own_town.person(COORDINATOR).asks("/hopthu")
    assert labels(card) == [DISMISS]
    assert "Người hỏi không còn được lưu" in card.text


async def test_without_an_answer_nothing_can_be_sent_and_typing_again_replaces_it(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks(RIDDLE)
    coordinator = own_town.person(COORDINATOR)
    form = await _begin(own_town)
    assert (await coordinator.forces(form.id, "is")).toasts == ["Cần câu trả lời: anh/chị gõ câu trả lời trước."]
    first = await coordinator.asks("nhầm")
    second = await coordinator.asks("đúng")
    assert (labels(form), labels(first), labels(second)) == ([], [], [SEND, CANCEL])
    await coordinator.presses(second, SEND)
    assert an.heard()[-1].text.endswith("\nđúng")


async def test_an_answer_that_is_too_long_is_not_taken_and_the_longest_still_fits(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks("🙂 " + "xyzzy plugh " * 300)
    card = await _typed(own_town, "<b>" * 833 + "a")
    assert labels(card) == [SEND, CANCEL]
    refused = await own_town.person(COORDINATOR).asks("a" * 2501)
    assert "dài quá 2500 ký tự" in refused.text
    await own_town.person(COORDINATOR).presses(refused, SEND)
    assert an.heard()[-1].text.endswith("<b>" * 833 + "a")


async def test_what_somebody_else_settled_meanwhile_is_not_answered(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks(RIDDLE)
    coordinator = own_town.person(COORDINATOR)
    preview = await _typed(own_town)
    [question] = own_town.questions_of(an)
    await own_town.demo.application.bot_data.inbox.dismiss([question["id"]], COORDINATOR)
    pressed = await coordinator.presses(preview, SEND)
    assert pressed.toasts == ["Câu này đã được xử lý."]
    assert (preview.text, labels(preview)) == ("Câu này đã được xử lý.", [])
    assert "trả lời câu hỏi của anh/chị" not in an.heard()[-1].text


async def test_pressing_twice_sends_once(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks(RIDDLE)
    preview = await _typed(own_town)
    heard = len(an.heard())
    coordinator = own_town.person(COORDINATOR)
    await coordinator.presses(preview, SEND)
    assert (await coordinator.forces(preview.id, "is")).toasts == ["Bước này đã qua. Gõ lệnh để bắt đầu lại nếu cần."]
    assert len(an.heard()) == heard + 1


async def test_who_passes_a_question_on_after_the_answer_can_be_answered_again(own_town: Town) -> None:
    an, coordinator = own_town.someone(), own_town.person(COORDINATOR)
    declined = await an.asks(RIDDLE)
    await coordinator.presses(await _typed(own_town, "một"), SEND)
    await own_town.post("clock", by_seconds=1)
    await an.presses(declined, PASS_ON)
    again = await _typed(own_town, "hai")
    await coordinator.presses(again, SEND)
    await coordinator.presses(again, OUTCOME)
    assert an.heard()[-1].text.endswith("\nhai")
    assert "Đã gửi: 1 người" in again.text


async def test_a_card_says_how_many_people_passed_the_question_on(own_town: Town) -> None:
    an, binh, chi = own_town.someone(), own_town.someone(), own_town.someone()
    for one in (an, binh):
        await one.presses(await one.asks(RIDDLE), PASS_ON)
    await chi.asks(RIDDLE)
    card = await own_town.person(COORDINATOR).asks("/hopthu")
    assert "2 người hỏi đã chuyển câu này cho cán bộ điều phối." in card.text


@pytest.mark.parametrize("data", ["ir:1", "is", "it:1"])
async def test_nobody_but_a_coordinator_answers(own_town: Town, data: str) -> None:
    an = own_town.someone()
    await an.asks(RIDDLE)
    await own_town.person(COORDINATOR).presses(await _typed(own_town), CANCEL)
    for one in (an, own_town.person(AT_SO_XAY_DUNG)):
        card = (await one.says("/help"))[0]
        before = own_town.remembered()
        pressed = await one.forces(card.id, data)
        assert (len(pressed.toasts), pressed.replies) == (1, [])
        assert pressed.toasts[0] != ""
        assert own_town.remembered() == before


async def test_who_ceased_to_coordinate_does_not_send_what_they_typed(own_town: Town) -> None:
    an, second = own_town.someone(), own_town.someone()
    await an.asks(RIDDLE)
    issued = await own_town.demo.application.bot_data.invitations.issue(Actor(None, None), None)
    await second.presses(await second.asks(issued.spelled), "Đồng ý")
    await second.presses(await second.asks("/hopthu"), RESPOND)
    preview = await second.asks("trả lời")
    async with own_town.demo.application.bot_data.coordinators._database.writing() as session:
        await session.execute(sql("DELETE FROM coordinators"))
    heard = len(an.heard())
    pressed = await second.presses(preview, SEND)
    assert pressed.toasts == ["Nút này dành cho cán bộ điều phối."]
    assert len(an.heard()) == heard


async def _forget(someone: Someone) -> None:
    """Who asked is forgotten, as after thirty days; who deletes their data takes the question along."""
    assert someone.town.store.change(f"UPDATE questions SET person_id = NULL WHERE person_id = {someone.id}")
