"""The commands, who sees each in Telegram's menu, and setting those menus."""

from contextlib import suppress
from enum import StrEnum

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.people import is_coordinator
from handlers.services import Services


class Audience(StrEnum):
    """Whom a command is for."""

    EVERYONE = "everyone"
    GROUPS = "groups"
    CONTACT = "contact"
    COORDINATOR = "coordinator"


_PRIVATE = frozenset({Audience.EVERYONE, Audience.CONTACT, Audience.COORDINATOR})
_ANYWHERE = _PRIVATE | {Audience.GROUPS}
_AGENCY = frozenset({Audience.CONTACT, Audience.COORDINATOR})
_DESK = frozenset({Audience.COORDINATOR})

_COMMANDS: tuple[tuple[str, str, frozenset[Audience]], ...] = (
    ("xacnhan", "Xác nhận nộp báo cáo", _AGENCY),
    ("tinhtrang", "Tình trạng cơ quan", _AGENCY),
    ("biennhan", "Biên nhận", _AGENCY),
    ("bang", "Bảng theo dõi", _DESK),
    ("xuat", "Xuất Excel", _DESK),
    ("moi", "Mời đầu mối", _DESK),
    ("giahan", "Gia hạn", _DESK),
    ("thongbao", "Gửi thông báo", _DESK),
    ("hopthu", "Câu hỏi chờ trả lời", _DESK),
    ("phuongan", "Chuyển phương án dịch", _DESK),
    ("nhatky", "Nhật ký", _DESK),
    ("han", "Hạn nộp báo cáo", _ANYWHERE),
    ("kehoach", "Kế hoạch trên một thẻ", _ANYWHERE),
    ("hoi", "Đặt câu hỏi", _ANYWHERE),
    ("chude", "Các chủ đề", _PRIVATE),
    ("donvi", "Cơ quan của tôi", _PRIVATE),
    ("kiemtra", "Kiểm tra biên nhận", _PRIVATE),
    ("riengtu", "Dữ liệu lưu về tôi", _PRIVATE),
    ("huy", "Dừng việc đang dở", _PRIVATE),
    ("help", "Hướng dẫn", _ANYWHERE),
    ("start", "Bắt đầu", _PRIVATE),
)


def commands_for(audience: Audience) -> list[BotCommand]:
    """The commands that an audience sees, in order."""
    return [BotCommand(name, what) for name, what, audiences in _COMMANDS if audience in audiences]


async def audience_of(services: Services, person_id: int) -> Audience:
    """What a person is, in a private chat."""
    if await is_coordinator(services, person_id):
        return Audience.COORDINATOR
    return Audience.CONTACT if await services.contacts.agencies_of(person_id) else Audience.EVERYONE


async def set_menus(bot: ExtBot[None], services: Services) -> None:
    """Show each role its own commands."""
    await bot.set_my_commands(commands_for(Audience.EVERYONE), BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(commands_for(Audience.GROUPS), BotCommandScopeAllGroupChats())
    for person in await services.coordinators.ids():
        await set_menu(bot, services, person)


async def set_menu(bot: ExtBot[None], services: Services, person_id: int) -> None:
    """Show a person the commands for what they are now."""
    scope = BotCommandScopeChat(person_id)
    audience = await audience_of(services, person_id)
    # They may not have written to the bot yet; /start sets their menu. That Telegram is busy must not stop the work.
    with suppress(TelegramError):
        if audience is Audience.EVERYONE:
            await bot.delete_my_commands(scope)
        else:
            await bot.set_my_commands(commands_for(audience), scope)
