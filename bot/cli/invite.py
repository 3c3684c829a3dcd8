"""`isobot invite`: a code that makes its bearer an agency's contact, or a coordinator."""

import asyncio
import json
from datetime import timedelta

import click
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.audit import Actor
from bot.cli.options import Duration
from bot.cli.records import open_records
from bot.invitations import VALID, Issued
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.store.database import DatabaseError
from knowledge.pack import load as load_pack

# Who invites on the command line has no number on Telegram.
_OPERATOR = Actor(None, "isobot invite")


@click.command("invite")
@click.option("--agency", metavar="MÃ", help="Mời đầu mối của cơ quan này, ví dụ so-xay-dung.")
@click.option("--coordinator", is_flag=True, help="Mời cán bộ điều phối.")
@click.option("--expires", type=Duration(), default=VALID, help="Dùng được trong bao lâu: 12h, 7d (mặc định), 2w.")
@click.option("--uses", type=click.IntRange(1, 1000), default=1, show_default=True, help="Cho bao nhiêu người.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def command(agency: str | None, coordinator: bool, expires: timedelta, uses: int, as_json: bool) -> None:
    """In đường dẫn mời và mã mời."""
    if coordinator == (agency is not None):
        raise click.UsageError("Đưa --agency MÃ hoặc --coordinator.")
    settings = load_settings()
    try:
        issued, username = asyncio.run(_invite(settings, agency, expires, uses))
    except DatabaseError as error:
        raise click.ClickException(str(error)) from None
    link = link_to(username, issued)
    if as_json:
        click.echo(json.dumps({"code": issued.code, "link": link}))
    else:
        click.echo(f"{link}\nMã để đọc: {issued.spelled}")


async def _invite(settings: Settings, agency: str | None, expires: timedelta, uses: int) -> tuple[Issued, str]:
    pack = load_pack(settings.pack)
    async with open_records(settings) as records:
        known = {*pack.agencies.everyone, *(added.id for added in await records.roster.all())}
        if agency is not None and agency not in known:
            raise click.ClickException(f"Không có cơ quan “{agency}”; dùng một mã trong agencies.yaml.")
        username = await bot_username(settings)
        return await records.invitations.issue(_OPERATOR, agency, uses=uses, valid=expires), username


def link_to(username: str, issued: Issued) -> str:
    """The link that opens the bot with the code."""
    return f"https://t.me/{username}?start={issued.code}"


async def bot_username(settings: Settings) -> str:
    """What the bot is called, which its links need.

    Raises:
        ClickException: there is no token, or Telegram does not answer to it.
    """
    token = settings.token.get_secret_value()
    if not token:
        raise click.ClickException("Chưa có ISOBOT_TOKEN, nên không biết tên bot để làm đường dẫn.")
    try:
        async with ExtBot(token, f"{settings.api_url}/bot", request=HTTPXRequest(proxy=settings.proxy_url)) as bot:
            return str(bot.username)
    except InvalidToken:
        raise click.ClickException("Telegram không nhận mã bot trong ISOBOT_TOKEN.") from None
    except TelegramError as error:
        raise click.ClickException(f"Không kết nối được máy chủ Bot API ({error}).") from None
