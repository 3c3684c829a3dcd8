"""The commands, who sees each in Telegram's menu, and setting those menus."""

from enum import StrEnum

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot


class Audience(StrEnum):
    """Whom a command is for."""

    EVERYONE = "everyone"
    GROUPS = "groups"
    COORDINATOR = "coordinator"


_COMMANDS: tuple[tuple[str, str, frozenset[Audience]], ...] = (
    ("han", "Hạn nộp báo cáo", frozenset({Audience.EVERYONE, Audience.GROUPS, Audience.COORDINATOR})),
    ("kehoach", "Kế hoạch trên một thẻ", frozenset({Audience.EVERYONE, Audience.GROUPS, Audience.COORDINATOR})),
    ("hoi", "Đặt câu hỏi", frozenset({Audience.EVERYONE, Audience.GROUPS, Audience.COORDINATOR})),
    ("chude", "Các chủ đề", frozenset({Audience.EVERYONE, Audience.COORDINATOR})),
    ("hopthu", "Câu hỏi chờ trả lời", frozenset({Audience.COORDINATOR})),
    ("help", "Hướng dẫn", frozenset({Audience.EVERYONE, Audience.GROUPS, Audience.COORDINATOR})),
    ("start", "Bắt đầu", frozenset({Audience.EVERYONE, Audience.COORDINATOR})),
)


def commands_for(audience: Audience) -> list[BotCommand]:
    """The commands that an audience sees, in order."""
    return [BotCommand(name, what) for name, what, audiences in _COMMANDS if audience in audiences]


async def set_menus(bot: ExtBot[None], coordinators: frozenset[int]) -> None:
    """Show each role its own commands."""
    await bot.set_my_commands(commands_for(Audience.EVERYONE), BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(commands_for(Audience.GROUPS), BotCommandScopeAllGroupChats())
    for person in coordinators:
        try:
            await bot.set_my_commands(commands_for(Audience.COORDINATOR), BotCommandScopeChat(person))
        except (BadRequest, Forbidden):
            # They have not written to the bot yet; /start sets their menu.
            continue
