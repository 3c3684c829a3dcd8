"""The coordinator's inbox: what gets into it, in what order, and leafing through it."""

import pytest

from bot.sandbox.messages import Message
from bot.store.tables import Outcome, Via
from handlers.buttons import Code
from tests.whole.town import COORDINATOR, Someone, Town, labels, labels_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASS_ON, WRONG = "Chuyển câu hỏi", "Chưa đúng"
DISMISS, TAKE_BACK, NEXT, BEFORE = "Bỏ qua", "Lấy lại", "Câu sau ›", "‹ Câu trước"

# What the bot does not understand, and does not take for something outside either.
RIDDLES = ["xyzzy plugh", "quux frobnicate", "blorf wibble zorp"]


async def _inbox(town: Town) -> Message:
    return await town.person(COORDINATOR).asks("/hopthu")


async def _press(town: Town, card: Message, label: str) -> list[str]:
    return (await town.person(COORDINATOR).presses(card, label)).toasts


async def _leaf(town: Town) -> list[str]:
    """The questions in the order of the inbox."""
    card = await _inbox(town)
    found = [card.text.split("\n")[1]]
    while NEXT in labels(card):
        await _press(town, card, NEXT)
        found.append(card.text.split("\n")[1])
    return found


async def test_an_empty_inbox_says_so(own_town: Town) -> None:
    card = await _inbox(own_town)
    assert (card.text, labels(card)) == ("Hộp thư không còn câu hỏi nào.", [])


async def test_a_card_shows_the_question_why_it_is_there_and_the_three_nearest_topics(own_town: Town) -> None:
    an = own_town.someone()
    await an.presses(await an.asks("đoàn kiểm tra gồm những ai"), PASS_ON)
    card = await _inbox(own_town)
    assert card.text.splitlines()[:2] == ["Câu 1/1 · 08:00 ngày 08/11/2021", "đoàn kiểm tra gồm những ai"]
    assert "đã chuyển câu này cho cán bộ điều phối" in card.text
    topics = labels_of(card, Code.LEARN)
    assert len(topics) == 3
    assert labels(card) == [*topics, "Trả lời", DISMISS]


async def test_what_was_passed_on_comes_first_then_what_was_called_wrong_then_what_is_not_understood(
    own_town: Town,
) -> None:
    an = own_town.someone()
    await an.asks(RIDDLES[0])
    wrong = await an.asks("hạn nộp báo cáo là ngày nào")
    declined = await an.asks("giá vàng hôm nay bao nhiêu")
    await an.asks(RIDDLES[1])
    await an.presses(wrong, WRONG)
    await an.presses(declined, PASS_ON)
    assert await _leaf(own_town) == [
        "giá vàng hôm nay bao nhiêu",
        "hạn nộp báo cáo là ngày nào",
        RIDDLES[0],
        RIDDLES[1],
    ]


async def test_a_wrong_answer_is_shown_with_what_it_was(own_town: Town) -> None:
    an = own_town.someone()
    await an.presses(await an.asks("hạn nộp báo cáo là ngày nào"), WRONG)
    card = await _inbox(own_town)
    assert "bấm Chưa đúng dưới câu trả lời của “Hạn nộp báo cáo là ngày nào?”." in card.text


async def test_what_was_answered_or_recognised_as_not_covered_or_only_lacks_an_agency_is_not_in_it(
    own_town: Town,
) -> None:
    an = own_town.someone()
    for question in ("hạn nộp báo cáo là ngày nào", "thời tiết hôm nay", "ubnd bđ kiểm tra kiểu gì", "/han"):
        await an.asks(question)
    assert own_town.rows("questions")[2]["outcome"] == "choose"
    assert (await _inbox(own_town)).text == "Hộp thư không còn câu hỏi nào."


async def test_what_is_alike_is_one_entry_with_its_count_and_its_wordings(own_town: Town) -> None:
    an, binh = own_town.someone(), own_town.someone()
    for one, text in ((an, "xyzzy plugh"), (binh, "Xyzzy, plugh?"), (binh, "xyzzy plugh"), (an, RIDDLES[2])):
        await one.asks(text)
    card = await _inbox(own_town)
    assert card.text.startswith("Câu 1/2 · 08:00 ngày 08/11/2021 · 3 lần, 2 người hỏi\n")
    assert "Cũng hỏi:\n• Xyzzy, plugh?" in card.text


async def test_a_question_that_no_topic_is_near_to_can_only_be_answered_or_dismissed(own_town: Town) -> None:
    await own_town.someone().asks(RIDDLES[0])
    card = await _inbox(own_town)
    assert "Không có chủ đề nào gần câu này." in card.text
    assert labels(card) == ["Trả lời", DISMISS]


async def test_leafing_goes_both_ways_and_ends_at_the_ends(own_town: Town) -> None:
    an = own_town.someone()
    for text in RIDDLES:
        await an.asks(text)
    card = await _inbox(own_town)
    assert BEFORE not in labels(card)
    for place, (there, back) in enumerate(((NEXT, BEFORE), (NEXT, BEFORE)), 2):
        assert await _press(own_town, card, there) == [""]
        assert card.text.startswith(f"Câu {place}/3")
        assert back in labels(card)
    assert NEXT not in labels(card)
    await _press(own_town, card, BEFORE)
    assert card.text.startswith("Câu 2/3")


async def test_a_dismissed_question_makes_room_for_the_next_and_can_be_taken_back(own_town: Town) -> None:
    an = own_town.someone()
    for text in RIDDLES[:2]:
        await an.asks(text)
    card = await _inbox(own_town)
    assert await _press(own_town, card, DISMISS) == ["Đã bỏ qua."]
    assert card.text.startswith(f"Đã bỏ qua “{RIDDLES[0]}”.\n\nCâu 1/1")
    assert RIDDLES[1] in card.text
    assert await _press(own_town, card, TAKE_BACK) == ["Đã lấy lại."]
    assert card.text.startswith("Câu 1/2")
    assert RIDDLES[0] in card.text


async def test_the_last_question_dismissed_leaves_an_empty_inbox(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks(RIDDLES[0])
    card = await _inbox(own_town)
    await _press(own_town, card, DISMISS)
    assert card.text.endswith("Hộp thư không còn câu hỏi nào.")
    assert labels(card) == [TAKE_BACK]
    [row] = own_town.rows("settlements")
    assert (row["how"], row["settled_by"], row["phrasing_id"]) == ("dismissed", COORDINATOR, None)


async def test_a_dismissed_question_that_is_passed_on_after_all_is_back(own_town: Town) -> None:
    an = own_town.someone()
    declined = await an.asks(RIDDLES[0])
    await _press(own_town, await _inbox(own_town), DISMISS)
    await own_town.post("clock", by_seconds=1)
    await an.presses(declined, PASS_ON)
    assert RIDDLES[0] in (await _inbox(own_town)).text


async def test_an_old_card_says_that_its_question_is_settled(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks(RIDDLES[0])
    old, new = await _inbox(own_town), await _inbox(own_town)
    await _press(own_town, new, DISMISS)
    assert await _press(own_town, old, DISMISS) == ["Câu này đã được xử lý."]
    assert len(own_town.rows("settlements")) == 1


async def test_markup_in_a_question_is_shown_as_it_was_typed(own_town: Town) -> None:
    an = own_town.someone()
    await an.presses(await an.asks("<b>xyzzy</b> & {{ 7*7 }} </i>"), PASS_ON)
    card = await _inbox(own_town)
    assert "<b>xyzzy</b> & {{ 7*7 }} </i>" in card.text
    await _press(own_town, card, DISMISS)
    assert "Đã bỏ qua “<b>xyzzy</b> & {{ 7*7 }} </i>”." in card.text


async def test_long_questions_and_many_of_them_fit_the_card(own_town: Town) -> None:
    questions = own_town.demo.application.bot_data.questions
    for number in range(600):
        await questions.record(
            person_id=number, text=f"xyzzy plugh {'dài ' * (900 + number % 5)}", via=Via.TEXT, outcome=Outcome.DECLINE,
            topic=None, agency=None, score=0,
        )  # fmt: skip
    card = await _inbox(own_town)
    assert card.text.startswith("Câu 1/1 · 08:00 ngày 08/11/2021 · 500 lần, 500 người hỏi")
    assert "…" in card.text


async def test_nobody_else_reads_the_inbox(town: Town) -> None:
    an = town.someone()
    await an.presses(await an.asks("thời tiết hôm nay"), PASS_ON)
    refused = (await town.someone().asks("/hopthu")).text
    assert "cán bộ điều phối" in refused
    assert "thời tiết" not in refused


async def test_the_inbox_is_not_read_out_in_a_group(town: Town) -> None:
    an: Someone = town.someone()
    coordinator = town.person(COORDINATOR)
    await an.presses(await an.asks("thời tiết hôm nay"), PASS_ON)
    replies = await coordinator.says("/hopthu", chat_id=town.group(an, coordinator).id)
    assert not any("thời tiết" in reply.text for reply in replies)
