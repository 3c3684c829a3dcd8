"""Groups: privacy mode, standing, and becoming a supergroup."""

import pytest
from telegram import Bot, ChatMemberAdministrator
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.sandbox import actions
from bot.sandbox.chats import Group
from bot.sandbox.errors import ActionError
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN, BINH

GROUP = -100123


@pytest.fixture
def group(world: World, an: Person, binh: Person) -> Group:
    """A group of two people and the bot."""
    return world.add_group(id=GROUP, title="Nhóm ISO tỉnh", members=[an, binh])


async def heard(bot: Bot) -> list[str]:
    """What the bot is given of what is said."""
    return [update.message.text or "" for update in await bot.get_updates() if update.message]


@pytest.mark.parametrize(
    "text",
    [
        "/han",
        "/han@isobot_demo_bot",
        "/han@ISOBOT_demo_bot nhé",
        "@isobot_demo_bot hạn nộp?",
        "Hỏi 😀 @isobot_demo_bot",
    ],
)
async def test_what_is_meant_for_the_bot_reaches_it(
    bot: Bot, world: World, group: Group, binh: Person, text: str
) -> None:
    actions.write(world, binh, text, group.id)
    assert await heard(bot) == [text]


@pytest.mark.parametrize("text", ["Chào cả nhà", "/han@other_bot", "@other_bot hạn nộp?", "1813/KH-SKHCN"])
async def test_what_is_not_meant_for_the_bot_is_private(
    bot: Bot, world: World, group: Group, binh: Person, text: str
) -> None:
    message = actions.write(world, binh, text, group.id)
    actions.edit(world, binh, message.id, f"{text}!", group.id)
    assert await bot.get_updates() == ()


async def test_replies_to_the_bot_reach_it(bot: Bot, world: World, group: Group, an: Person, binh: Person) -> None:
    asked = await bot.send_message(group.id, "Có ai cần hỏi?")
    said = actions.write(world, an, "Không", group.id)
    actions.write(world, binh, "Tôi", group.id, reply_to=said.id)
    assert await heard(bot) == []
    actions.write(world, binh, "Có", group.id, reply_to=asked.message_id)
    assert await heard(bot) == ["Có"]


async def test_in_a_group_the_bot_needs_no_start(bot: Bot, world: World, group: Group, binh: Person) -> None:
    sent = await bot.send_message(group.id, "Chào")
    assert (sent.chat.type, sent.chat.title) == ("group", "Nhóm ISO tỉnh")
    actions.write(world, binh, "/han", group.id)
    with pytest.raises(Forbidden):
        await bot.send_message(BINH, "a")


async def test_only_members_speak_in_a_group(world: World, group: Group, an: Person) -> None:
    group.members.remove(an)
    with pytest.raises(ActionError, match="Anh/chị không ở trong cuộc trò chuyện này"):
        actions.write(world, an, "a", group.id)


async def test_the_standing_of_everybody_is_told(bot: Bot, world: World, group: Group, an: Person) -> None:
    assert (await bot.get_chat_member(group.id, AN)).status == "member"
    group.members.remove(an)
    assert (await bot.get_chat_member(group.id, AN)).status == "left"
    assert (await bot.get_chat_member(group.id, 1)).status == "member"
    assert (await bot.get_chat_member(AN, 1)).status == "member"
    assert (await bot.get_chat(group.id)).title == "Nhóm ISO tỉnh"
    with pytest.raises(BadRequest, match="Participant_id_invalid"):
        await bot.get_chat_member(group.id, 5)


async def test_an_administrator_hears_everything_and_may_delete(
    bot: Bot, world: World, group: Group, an: Person
) -> None:
    message = actions.write(world, an, "Chào", group.id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, message.id)
    actions.set_bot_status(world, an, group, "administrator")
    assert isinstance(await bot.get_chat_member(group.id, 1), ChatMemberAdministrator)
    actions.write(world, an, "Nghe rõ không", group.id)
    (promoted, heard) = await bot.get_updates()
    assert promoted.my_chat_member is not None
    assert promoted.my_chat_member.new_chat_member.status == "administrator"
    assert heard.message is not None
    assert await bot.delete_message(group.id, message.id)


@pytest.mark.parametrize(
    ("status", "reason"),
    [("kicked", "bot was kicked from the group chat"), ("left", "bot is not a member of the group chat")],
)
async def test_out_of_the_group_the_bot_is_deaf_and_dumb(
    bot: Bot, world: World, group: Group, an: Person, status: str, reason: str
) -> None:
    actions.set_bot_status(world, an, group, status)
    with pytest.raises(Forbidden, match=reason):
        await bot.send_message(group.id, "a")
    actions.write(world, an, "/han", group.id)
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None


async def test_a_group_that_becomes_a_supergroup_has_another_id(
    bot: Bot, world: World, group: Group, an: Person
) -> None:
    new = world.migrate(group)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "a")
    assert migrated.value.new_chat_id == new.id
    old_told, new_told = [update.message for update in await bot.get_updates()]
    assert old_told is not None
    assert (old_told.chat.id, old_told.migrate_to_chat_id) == (group.id, new.id)
    assert new_told is not None
    assert (new_told.chat.id, new_told.migrate_from_chat_id) == (new.id, group.id)
    sent = await bot.send_message(new.id, "a")
    assert sent.chat.type == "supergroup"
    assert world.groups == [new]
    with pytest.raises(ActionError, match="đã được nâng cấp"):
        actions.write(world, an, "a", group.id)
