"""Checks of the way to Telegram: the server, the time it has, the token, and who else fetches updates with it.

The server is asked directly: python-telegram-bot does not show the time that an answer carries. No message holds an
address of a call, since the token is part of it.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.cli.health.finding import Finding, fault, sound, unknown, warning
from bot.client import trusted
from bot.clock import LOCAL, Clock
from bot.settings import Settings
from bot.store.upkeep_tables import Heartbeat

# Seconds for an answer.
_PATIENCE = 10
# How long to wait for somebody else who fetches updates: longer than libraries wait after being turned away.
_LISTENING = 6
# Off by more than this a day may change at the wrong moment, and receipts show a wrong minute.
_OFF = timedelta(seconds=30)
_RECENT = timedelta(minutes=10)


class _UnreachableError(Exception):
    """There is no answer; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the server said, and how far its clock is ahead of this machine's."""

    status: int
    result: Any
    ahead: timedelta | None


async def way_to_telegram(settings: Settings, running: Sequence[Heartbeat] | None) -> AsyncIterator[Finding]:
    """Everything that can be found out about it.

    Args:
        settings: in force.
        running: the bots that run on this database; None if that is not known.
    """
    token = settings.token.get_secret_value()
    if not token:
        yield fault("token", "Chưa có ISOBOT_TOKEN", "Lấy mã bot từ @BotFather rồi ghi vào biến này hoặc tệp .env.")
        return
    async with httpx.AsyncClient(
        proxy=settings.proxy_url, base_url=f"{settings.api_url}/bot{token}/", trust_env=False, verify=trusted()
    ) as client:
        try:
            me = await _call(client, "getMe")
            yield sound("server", f"Máy chủ Bot API {settings.api_url} trả lời")
            yield _clock(me)
            if me.status != httpx.codes.OK:
                cure = "Lấy lại mã từ @BotFather; mã có dạng 123456:ABC…"
                yield fault("token", f"Telegram không nhận mã bot trong ISOBOT_TOKEN ({me.status})", cure)
                return
            yield sound("token", f"Mã bot là của @{me.result.get('username')}")
            if settings.webhook_url:
                yield await _own_webhook(client, settings.webhook_url)
                yield sound("poller", "Nhận tin qua webhook, nên không ai khác nhận được bằng long polling")
                return
            webhook = await _webhook(client)
            yield webhook
            yield await _poller(client, running, is_free=webhook == _NO_WEBHOOK)
        except _UnreachableError as error:
            yield _unreachable(settings, str(error))


def _unreachable(settings: Settings, why: str) -> Finding:
    if settings.proxy_url:
        proxy = urlsplit(settings.proxy_url)
        cure = f"Thử proxy {proxy.hostname}:{proxy.port} từ máy này; xem lại ISOBOT_PROXY và ISOBOT_API_URL."
    else:
        cure = "Mạng cơ quan có thể chặn máy chủ này: dùng ISOBOT_PROXY, hoặc máy chủ Bot API riêng ở ISOBOT_API_URL."
    return fault("server", f"Không tới được máy chủ Bot API {settings.api_url}: {why}", cure)


def _clock(answer: _Answer) -> Finding:
    if answer.ahead is None:
        return unknown("clock", "Máy chủ không cho biết giờ, nên chưa so được đồng hồ")
    seconds = round(abs(answer.ahead).total_seconds())
    if abs(answer.ahead) > _OFF:
        way = "chậm" if answer.ahead > timedelta(0) else "nhanh"
        cure = "Bật đồng bộ giờ trên máy này, ví dụ timedatectl set-ntp true."
        return fault("clock", f"Đồng hồ máy này {way} {seconds} giây so với máy chủ", cure)
    return sound("clock", f"Đồng hồ lệch máy chủ {seconds} giây")


_NO_WEBHOOK = sound("webhook", "Không có webhook nào chặn long polling")


async def _webhook(client: httpx.AsyncClient) -> Finding:
    info = (await _call(client, "getWebhookInfo")).result
    if url := info.get("url"):
        cure = "Nếu webhook đó không của mình: đổi mã bot ở @BotFather. Nếu của mình và đã bỏ: isobot run sẽ xoá nó."
        return fault("webhook", f"Tin nhắn đang được gửi tới webhook ở {urlsplit(url).hostname}", cure)
    return _NO_WEBHOOK


async def _own_webhook(client: httpx.AsyncClient, ours: str) -> Finding:
    """Whether Telegram brings messages to where this bot takes them in; `isobot run` registers it."""
    info = (await _call(client, "getWebhookInfo")).result
    host = urlsplit(info.get("url") or "").hostname
    if host is None:
        return warning("webhook", "Chưa đăng ký webhook", "isobot run sẽ đăng ký; bot đang chạy thì khởi động lại.")
    if info["url"] != ours:
        cure = "Xem lại ISOBOT_WEBHOOK_URL, hoặc khởi động lại isobot run để đăng ký lại."
        return fault("webhook", f"Webhook đang trỏ tới {host}, khác ISOBOT_WEBHOOK_URL", cure)
    if info.get("pending_update_count") and (said := info.get("last_error_message")):
        cure = "Xem proxy ngược, chứng thư và ISOBOT_LISTEN."
        return fault("webhook", f"Telegram không đưa được tin tới webhook: {said}", cure)
    return sound("webhook", "Webhook là của bot này")


async def _poller(client: httpx.AsyncClient, running: Sequence[Heartbeat] | None, *, is_free: bool) -> Finding:
    """Whether somebody else fetches updates.

    Fetching them here turns away whoever fetches them meanwhile. So a bot of this installation is not disturbed: it is
    told of others by Telegram, and what it was told is looked up.
    """
    if running is None:
        return unknown("poller", "Không rõ bot có đang chạy, nên chưa thử xem có ai khác nhận tin")
    where = ", ".join(f"{row.host}, tiến trình {row.pid}" for row in running)
    conflicts = [row.conflict_at for row in running if row.conflict_at]
    if conflicts and Clock().now() - max(conflicts) < _RECENT:
        return _second(f"Bot đang chạy ({where}) và lúc {max(conflicts).astimezone(LOCAL):%H:%M} có nơi khác nhận tin")
    if running:
        return sound("poller", f"Bot đang chạy ({where}), không có ai khác nhận tin")
    if not is_free:
        return unknown("poller", "Đang có webhook, nên không thử được xem có ai khác nhận tin")
    if await _somebody_fetches(client):
        return _second("Bot ở đây không chạy mà có nơi khác đang nhận tin")
    return sound("poller", "Bot chưa chạy và không có ai khác nhận tin")


def _second(says: str) -> Finding:
    cure = "Tìm và dừng bot thứ hai dùng mã này; không tìm ra thì đổi mã bot ở @BotFather."
    return fault("poller", says, cure)


async def _somebody_fetches(client: httpx.AsyncClient) -> bool:
    """Wait as one who fetches updates, without taking any: somebody else is turned away once, and comes back."""
    loop = asyncio.get_running_loop()
    end, before = loop.time() + _LISTENING, None
    while (left := end - loop.time()) > 0:
        answer = await _call(client, "getUpdates", limit=1, timeout=math.ceil(left))
        if answer.status == httpx.codes.CONFLICT:
            return True
        waiting = [update["update_id"] for update in answer.result]
        if before and waiting != before:
            return True
        before = waiting
        if waiting:
            await asyncio.sleep(min(1, left))
    return False


async def _call(client: httpx.AsyncClient, method: str, **params: int) -> _Answer:
    asked = datetime.now(UTC)
    try:
        response = await client.get(method, params=params, timeout=_PATIENCE + params.get("timeout", 0))
    except httpx.ProxyError:
        why = "proxy từ chối"
    except httpx.TimeoutException:
        why = f"không trả lời trong {_PATIENCE} giây"
    except httpx.ConnectError as error:
        why = f"không kết nối được ({error})"
    except httpx.HTTPError as error:
        why = type(error).__name__
    else:
        try:
            body = response.json()
            return _Answer(response.status_code, body["result"] if body["ok"] else {}, _ahead(response, asked))
        except (ValueError, LookupError, TypeError):
            why = f"nơi trả lời không phải máy chủ Bot API ({response.status_code})"
    raise _UnreachableError(why)


def _ahead(response: httpx.Response, asked: datetime) -> timedelta | None:
    """How far the server's clock is ahead; its time is in whole seconds, and the answer took its way."""
    try:
        return parsedate_to_datetime(response.headers["Date"]) - asked - response.elapsed / 2
    except (LookupError, ValueError, TypeError):
        return None
