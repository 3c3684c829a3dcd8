"""First words: /start, /help, and the command menus."""

import re

import pytest

from bot.sandbox.messages import Message
from handlers.buttons import Code
from tests.whole.town import AT_SO_XAY_DUNG, COORDINATOR, NEWCOMER, Someone, Town, labels, labels_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _listed(help_: Message) -> list[str]:
    return re.findall(r"^/(\w+) – \S", help_.text, re.MULTILINE)


def _menu(town: Town, scope: dict[str, object]) -> list[str]:
    return [command["command"] for command in town.world.commands.get(scope, "")]


async def test_start_greets_by_name(town: Town) -> None:
    welcome = await town.someone("Đặng Thị Thuỷ").asks("/start")
    assert welcome.text.splitlines()[0] == "Xin chào anh/chị Đặng Thị Thuỷ!"
    assert "1813/KH-SKHCN" in welcome.text


async def test_a_name_with_markup_is_shown_as_it_is(town: Town) -> None:
    welcome = await town.someone("<b>An</b> & {{ 7*7 }} <script>").asks("/start")
    assert welcome.text.splitlines()[0] == "Xin chào anh/chị <b>An</b> & {{ 7*7 }} <script>!"


async def test_the_questions_under_the_welcome_are_answered(an: Someone) -> None:
    welcome = await an.asks("/start")
    questions = labels_of(welcome, Code.TOPIC)
    assert questions
    for question in questions:
        pressed = await an.presses(welcome, question)
        assert pressed.toasts == [""]
        assert len(pressed.replies) == 1
        assert "Nguồn:" in pressed.replies[0].text


@pytest.mark.parametrize("command", ["/start", "/help"])
async def test_opening_the_topics_leaves_the_message_above_as_it_was(an: Someone, command: str) -> None:
    message = await an.asks(command)
    before = message.text
    pressed = await an.presses(message, "Các chủ đề")
    assert message.text == before
    assert [reply.text.splitlines()[0] for reply in pressed.replies] == ["Chủ đề"]


async def test_starting_twice_greets_twice(an: Someone) -> None:
    first, second = await an.asks("/start"), await an.asks("/start")
    assert first.text == second.text
    assert labels(first) == labels(second)


@pytest.mark.parametrize("person", [NEWCOMER, COORDINATOR])
async def test_help_lists_exactly_the_commands_of_the_role(town: Town, person: int) -> None:
    await town.person(person).says("/start")
    help_ = await town.person(person).asks("/help")
    assert _listed(help_) == [command["command"] for command in town.world.commands.shown_to(person)]
    assert ("hopthu" in _listed(help_)) is (person == COORDINATOR)


async def test_help_in_a_group_lists_the_commands_for_groups(town: Town, an: Someone) -> None:
    help_ = await an.asks("/help", chat_id=town.group(an).id)
    assert _listed(help_) == _menu(town, {"type": "all_group_chats"})


@pytest.mark.parametrize("person", [NEWCOMER, COORDINATOR])
async def test_every_command_that_help_lists_is_answered(town: Town, person: int) -> None:
    one = town.person(person)
    await one.says("/start")
    for command in _listed(await one.asks("/help")):
        assert "không có lệnh này" not in (await one.asks(f"/{command}")).text


async def test_each_role_has_its_own_menu_in_telegram(town: Town) -> None:
    everyone, groups = _menu(town, {"type": "all_private_chats"}), _menu(town, {"type": "all_group_chats"})
    coordinator = _menu(town, {"type": "chat", "chat_id": COORDINATOR})
    assert {"start", "help", "hoi", "chude", "kehoach", "han"} <= set(everyone)
    assert set(groups) < set(everyone) < set(coordinator)
    assert set(coordinator) - set(everyone) == {
        "xacnhan",
        "tinhtrang",
        "biennhan",
        "bang",
        "xuat",
        "moi",
        "giahan",
        "thongbao",
        "hopthu",
        "phuongan",
        "nhatky",
    }
    await town.person(AT_SO_XAY_DUNG).says("/start")
    contact = _menu(town, {"type": "chat", "chat_id": AT_SO_XAY_DUNG})
    assert set(contact) - set(everyone) == {"xacnhan", "tinhtrang", "biennhan"}


async def test_a_new_coordinator_gets_their_menu_with_start(own_town: Town) -> None:
    own_town.world.commands.delete({"type": "chat", "chat_id": COORDINATOR}, "")
    await own_town.person(COORDINATOR).says("/start")
    assert "hopthu" in _menu(own_town, {"type": "chat", "chat_id": COORDINATOR})


async def test_anybody_else_keeps_the_common_menu(town: Town, an: Someone) -> None:
    await an.says("/start")
    assert _menu(town, {"type": "chat", "chat_id": an.id}) == []


async def test_an_unknown_command_is_answered_with_the_way_to_help(an: Someone) -> None:
    assert "/help" in (await an.asks("/khongco")).text


async def test_a_command_is_known_in_capitals_and_with_the_name_of_the_bot(an: Someone) -> None:
    plain = await an.asks("/kehoach")
    assert (await an.asks("/KeHoach")).text == plain.text
    assert (await an.asks("/kehoach@isobot_demo_bot")).text == plain.text
