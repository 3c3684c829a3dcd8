"""In groups the bot speaks only when it is spoken to, and says to whom it answers."""

import pytest

from bot.sandbox.chats import Group
from tests.whole.town import BOT, Someone, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "hạn nộp báo cáo là ngày nào"


@pytest.fixture
def binh(town: Town) -> Someone:
    """Somebody else in the group."""
    return town.someone("Trần Thị Bình")


@pytest.fixture
def group(town: Town, an: Someone, binh: Someone) -> Group:
    """A group in which the bot hears everything, so that its silence is its own."""
    return town.group(an, binh, hears_all=True)


@pytest.mark.parametrize(
    "text", [QUESTION, "chào cả nhà", "gửi isobot_demo_bot nhé", f"{BOT}2 {QUESTION}", "a@isobot_demo_bot.vn"]
)
async def test_talk_among_people_is_left_alone(town: Town, an: Someone, group: Group, text: str) -> None:
    assert await an.says(text, chat_id=group.id) == []
    assert town.questions_of(an) == []


@pytest.mark.parametrize(
    "text",
    [f"{BOT} {QUESTION}", f"{QUESTION} {BOT}", f"nhờ {BOT.upper()} cho biết {QUESTION}", f"{BOT} {BOT} {QUESTION}"],
)
async def test_a_mention_is_answered(an: Someone, group: Group, text: str) -> None:
    assert "15/11/2021" in (await an.asks(text, chat_id=group.id)).text


async def test_a_mention_is_no_part_of_the_question(town: Town, an: Someone, group: Group) -> None:
    await an.asks(f"{BOT} {QUESTION}", chat_id=group.id)
    assert [row["text"] for row in town.questions_of(an)] == [QUESTION]


async def test_an_answer_in_a_group_points_at_its_question(an: Someone, group: Group) -> None:
    number = await an.writes(f"{BOT} {QUESTION}", chat_id=group.id)
    await an.town.settle()
    [answer] = an.heard(group.id)
    assert answer.reply_to == number


async def test_a_reply_to_the_bot_is_answered(an: Someone, binh: Someone, group: Group) -> None:
    answer = await an.asks(f"{BOT} {QUESTION}", chat_id=group.id)
    reply = await binh.asks("báo cáo gửi cho ai", chat_id=group.id, reply_to=answer.id)
    assert "Sở Khoa học và Công nghệ" in reply.text


async def test_a_reply_to_somebody_else_is_left_alone(an: Someone, binh: Someone, group: Group) -> None:
    number = await an.writes("anh em ơi", chat_id=group.id)
    assert await binh.says(QUESTION, chat_id=group.id, reply_to=number) == []


@pytest.mark.parametrize(
    "command", ["/han", "/han@isobot_demo_bot", f"/hoi {QUESTION}", f"/hoi@isobot_demo_bot {QUESTION}"]
)
async def test_a_command_is_answered(an: Someone, group: Group, command: str) -> None:
    assert "15/11/2021" in (await an.asks(command, chat_id=group.id)).text


@pytest.mark.parametrize(
    "command", ["/han@otherbot", "/start@otherbot", f"/hoi@otherbot {QUESTION}", "/khongco", "/khongco@otherbot"]
)
async def test_a_command_for_another_bot_is_left_alone(an: Someone, group: Group, command: str) -> None:
    assert await an.says(command, chat_id=group.id) == []


@pytest.mark.parametrize("kind", ["voice", "sticker", "location", "contact"])
async def test_what_is_no_text_is_left_alone(town: Town, an: Someone, group: Group, kind: str) -> None:
    await town.post(f"people/{an.id}/others", kind=kind, chat_id=group.id)
    await town.settle()
    assert an.heard(group.id) == []


async def test_an_ordinary_member_hears_what_is_meant_for_it(town: Town, an: Someone) -> None:
    group = town.group(an)
    assert await an.says(QUESTION, chat_id=group.id) == []
    assert "15/11/2021" in (await an.asks(f"{BOT} {QUESTION}", chat_id=group.id)).text


async def test_a_bare_mention_gets_an_answer(an: Someone, group: Group) -> None:
    assert labels(await an.asks(BOT, chat_id=group.id))


async def test_everybody_may_open_a_related_question(an: Someone, binh: Someone, group: Group) -> None:
    answer = await an.asks(f"{BOT} {QUESTION}", chat_id=group.id)
    pressed = await binh.presses(answer, labels(answer)[0])
    assert pressed.toasts == [""]
    assert len(pressed.replies) == 1


async def test_a_group_that_becomes_a_supergroup_is_answered_at_its_new_place(town: Town, an: Someone) -> None:
    new = town.world.migrate(town.group(an))
    assert "15/11/2021" in (await an.asks("/han", chat_id=new.id)).text
