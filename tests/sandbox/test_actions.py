"""What people do, and what the bot hears of it."""

import pytest
from telegram import Bot

from bot.sandbox import actions
from bot.sandbox.errors import ActionError
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN


async def test_the_first_message_starts_the_bot(bot: Bot, world: World, binh: Person) -> None:
    assert not binh.started
    actions.write(world, binh, "/start CODE")
    assert binh.started
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}
    assert update.effective_user is not None
    assert update.effective_user.full_name == "Trần Thị Bình"
    assert update.effective_user.username is None
    assert update.effective_user.language_code == "vi"


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "a" * 4097])
def test_a_text_nobody_could_send_is_refused(world: World, an: Person, text: str) -> None:
    with pytest.raises(ActionError) as refused:
        actions.write(world, an, text)
    assert refused.value.status == 400


@pytest.mark.parametrize("kind", ["voice", "sticker", "location", "contact"])
async def test_what_is_neither_text_nor_file_reaches_the_bot(bot: Bot, world: World, an: Person, kind: str) -> None:
    message = actions.send_other(world, an, kind)
    assert message.text, "the page shows something in its place"
    assert message.as_page()["kind"] == kind
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert getattr(update.message, kind) is not None
    assert update.message.text is None


def test_other_kinds_are_unknown(world: World, an: Person) -> None:
    with pytest.raises(ActionError, match="Chỉ gửi được: voice, sticker, location, contact"):
        actions.send_other(world, an, "poll")


async def test_an_edit_is_told_to_the_bot(bot: Bot, world: World, an: Person) -> None:
    message = actions.write(world, an, "Hạn nop?")
    actions.edit(world, an, message.id, "Hạn nộp?")
    edited = (await bot.get_updates())[-1].edited_message
    assert edited is not None
    assert (edited.message_id, edited.text) == (message.id, "Hạn nộp?")
    assert edited.edit_date is not None
    assert message.as_page()["edited"]


async def test_people_edit_only_what_they_have_written(bot: Bot, world: World, an: Person) -> None:
    of_the_bot = await bot.send_message(AN, "a")
    voice = actions.send_other(world, an, "voice")
    for message_id in (of_the_bot.message_id, voice.id, 99):
        with pytest.raises(ActionError) as refused:
            actions.edit(world, an, message_id, "b")
        assert refused.value.status == 404


def test_a_reply_needs_something_to_reply_to(world: World, an: Person) -> None:
    with pytest.raises(ActionError, match="Không còn tin nhắn để trả lời"):
        actions.write(world, an, "a", reply_to=99)


def test_a_file_that_is_none_is_refused(world: World, an: Person) -> None:
    for content, as_photo in ((b"", False), (b"text", True)):
        with pytest.raises(ActionError, match="Tệp trống, hoặc không phải là ảnh"):
            actions.send_file(world, an, "a", content, as_photo=as_photo)
    assert len(world.chats[AN].messages) == 1


async def test_what_is_new_to_a_person_is_counted_until_they_look(bot: Bot, world: World, an: Person) -> None:
    group = world.add_group(-5, "Nhóm", [an])
    await bot.send_message(AN, "a")
    await bot.send_message(AN, "b")
    await bot.send_message(group.id, "c")
    assert (an.as_page()["unread"], an.as_page()["unread_groups"]) == (2, {-5: 1})
    actions.read(world, an)
    actions.read(world, an, group.id)
    actions.write(world, an, "d")
    assert (an.as_page()["unread"], an.as_page()["unread_groups"]) == (0, {})


async def test_somebody_new_can_come(bot: Bot, world: World) -> None:
    person = world.add_person(Person(id=7, key="moi", name="Lê Văn Mới"))
    actions.write(world, person, "Chào")
    assert (await bot.send_message(7, "Chào")).chat.first_name == "Lê Văn Mới"
