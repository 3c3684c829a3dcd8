"""What people send that is no plain question: markup, very long texts, voices, edits, blocks."""

import pytest

from tests.whole.town import COORDINATOR, Someone, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODD = [
    "<b>xyzzy</b>",
    "<script>alert(1)</script>",
    "</i></b><a href='tg://user?id=1'>xyzzy</a>",
    "&lt;b&gt; &amp; &#x41; &nosuch;",
    "{{ 7*7 }} {% for x in y %} {# xyzzy #}",
    "{{ ''.__class__.__mro__ }}",
    "'; DROP TABLE questions; --",
    '" OR 1=1 --',
    "%s %d {0} ${x} \\n \\x00",
    "x\u200b\u202ey\u0301\u0323\ufe0f\u2028z",
    "\U0001f600" * 40,
    "א ب 漢 ﷽",
    "t:report.deadline",
    "._-:/",
    "1813/KH-SKHCN 15/11",
]


@pytest.mark.parametrize("text", ODD)
async def test_odd_text_is_answered_like_any_other_and_kept_as_it_was_typed(town: Town, an: Someone, text: str) -> None:
    reply = await an.asks(text)
    assert "49" not in reply.text, "a template of theirs was run"
    assert "Có lỗi" not in reply.text
    assert [row["text"] for row in town.questions_of(an)] == [text]


@pytest.mark.parametrize("texts", [ODD[:8], ODD[8:]], ids=["first", "second"])
async def test_odd_text_comes_back_to_the_coordinator_as_it_was_typed(own_town: Town, texts: list[str]) -> None:
    an = own_town.someone()
    for number, text in enumerate(texts, 1):
        answer = await an.asks(text)
        await an.forces(answer.id, f"p:{number}")
    coordinator = own_town.person(COORDINATOR)
    card = await coordinator.asks("/hopthu")
    shown = [card.text]
    while "Câu sau ›" in labels(card):
        await coordinator.presses(card, "Câu sau ›")
        shown.append(card.text)
    assert [text for text in texts if not any(f"\n{text}\n" in one for one in shown)] == []


@pytest.mark.parametrize(
    "text", ["/hoi <b>xyzzy</b> & {{ 7*7 }}", "/start <b>", "/start ' OR 1=1", "/hopthu <i>", "/khongco <b>"]
)
async def test_odd_words_behind_a_command_break_nothing(an: Someone, text: str) -> None:
    reply = await an.asks(text)
    assert "49" not in reply.text
    assert "Có lỗi" not in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "xyzzy " * 682 + "1813",
        "x" * 4096,
        "\U0001f600" * 2048,
        "<" * 4096,
        "hạn nộp báo cáo " * 256,
        "ộ" * 4096,
        "ㅤa" * 2048,
    ],
)
async def test_the_longest_text_that_telegram_lets_through_is_answered(town: Town, an: Someone, text: str) -> None:
    reply = await an.asks(text)
    assert "Có lỗi" not in reply.text
    assert [row["text"] for row in town.questions_of(an)] == [text.strip()]


@pytest.mark.parametrize("text", ["<" * 4096, "\U0001f600" * 2048])
async def test_the_longest_text_fits_into_the_inbox(own_town: Town, text: str) -> None:
    an = own_town.someone()
    await an.asks(text)
    [question] = own_town.questions_of(an)
    await an.forces(2, f"p:{question['id']}")
    assert f"\n{text[:50]}" in (await own_town.person(COORDINATOR).asks("/hopthu")).text


@pytest.mark.parametrize("kind", ["voice", "sticker", "location", "contact"])
async def test_what_is_no_text_gets_one_friendly_line(town: Town, an: Someone, kind: str) -> None:
    replies = await an.sends(kind)
    assert len(replies) == 1
    assert replies[0].text.startswith("Trợ lý chỉ đọc được câu hỏi bằng chữ.")
    assert "\n" not in replies[0].text
    assert town.questions_of(an) == []


@pytest.mark.parametrize("how", ["document", "photo"])
async def test_a_file_gets_one_friendly_line(town: Town, an: Someone, how: str) -> None:
    pixel = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
    files = {"file": ("bao-cao.gif", pixel)}
    fields = {"as": how, "caption": "hạn nộp báo cáo là ngày nào"}
    sent = await town.http.post(f"/sandbox/people/{an.id}/files", files=files, data=fields)
    assert sent.is_success, sent.text
    await town.settle()
    assert ["bằng chữ" in reply.text for reply in an.heard()] == [True]


async def test_an_edited_message_is_not_answered_again(town: Town, an: Someone) -> None:
    number = await an.writes("hạn nộp báo cáo là ngày nào")
    await town.settle()
    for text in ("hạn nộp báo cáo là khi nào", "/han"):
        await town.post(f"people/{an.id}/edits", message_id=number, text=text)
        await town.settle()
    assert len(an.heard()) == 1
    assert len(town.questions_of(an)) == 1


async def test_an_answer_is_not_lost_when_its_question_is_gone(town: Town, an: Someone) -> None:
    group = town.group(an)
    number = await an.writes("/han", chat_id=group.id)
    town.world.delete(town.world.chats[group.id].messages[number])
    await town.settle()
    assert ["15/11/2021" in reply.text for reply in an.heard(group.id)] == [True]


async def test_who_blocks_the_bot_and_comes_back_is_answered(town: Town, an: Someone) -> None:
    await an.says("/start")
    await town.post(f"people/{an.id}/block")
    await town.settle()
    await town.post(f"people/{an.id}/unblock")
    await town.settle()
    assert "15/11/2021" in (await an.asks("/han")).text


async def test_who_blocks_the_bot_before_the_answer_does_no_harm(town: Town, an: Someone) -> None:
    await an.writes("/han")
    await town.post(f"people/{an.id}/block")
    await town.settle()
    assert [call.error_code for call in town.world.called("sendMessage") if call.params["chat_id"] == an.id] == [403]
    assert an.heard() == []
    assert "15/11/2021" in (await town.someone().asks("/han")).text


async def test_a_text_that_comes_twice_by_a_fault_of_the_network_is_answered(town: Town, an: Someone) -> None:
    await an.writes("/han")
    await town.settle()
    town.world.updates.add("message", town.world.chats[an.id].messages[1].as_api(), an.id)
    await town.settle()
    assert all("15/11/2021" in reply.text for reply in an.heard())
