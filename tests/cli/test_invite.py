"""`isobot invite`: a link and a code, or one line that says why there is none."""

import asyncio
import json
import re
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.audit import Actor
from bot.cli.records import open_records
from bot.invitations import read_code
from bot.roster import Listed
from bot.settings import load as load_settings
from tests.cli.conftest import TOKEN

Isobot = Callable[..., tuple[int, str, str]]

LINK = re.compile(r"https://t\.me/isobot_demo_bot\?start=([0-9A-Z]{20})")
DATABASE = Path("data/isobot.db")


def _rows() -> list[dict[str, Any]]:
    """The invitations on record."""
    if not DATABASE.exists():
        return []
    with closing(sqlite3.connect(DATABASE)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM invitations ORDER BY id")]


def _hours(row: dict[str, Any]) -> float:
    created, expires = (datetime.fromisoformat(row[name]) for name in ("created_at", "expires_at"))
    return (expires - created).total_seconds() / 3600


def _is_refused(ended: tuple[int, str, str], told: str) -> bool:
    """Whether a call ended with one line and nothing else, and made no code."""
    code, printed, complained = ended
    return (code, printed, len(complained.splitlines()), _rows()) == (1, "", 1, []) and told in complained


@pytest.mark.usefixtures("office", "telegram")
async def test_a_contact_is_invited_by_a_link_and_the_same_code_spelled(isobot: Isobot) -> None:
    code, printed, complained = await asyncio.to_thread(isobot, "invite", "--agency", "so-xay-dung")
    assert (code, complained) == (0, "")
    link, spelled = printed.splitlines()
    found = LINK.fullmatch(link)
    assert found
    assert spelled.startswith("Mã để đọc: ")
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", spelled.removeprefix("Mã để đọc: "))
    assert read_code(spelled.removeprefix("Mã để đọc: ")) == found[1]
    [row] = _rows()
    assert (row["agency"], row["uses"], row["used"], _hours(row)) == ("so-xay-dung", 1, 0, 7 * 24)
    assert found[1] not in str(row)


@pytest.mark.usefixtures("office", "telegram")
async def test_scripts_get_one_json_object_of_code_and_link(isobot: Isobot) -> None:
    code, printed, _ = await asyncio.to_thread(isobot, "invite", "--coordinator", "--json")
    assert code == 0
    [line] = printed.splitlines()
    result = json.loads(line)
    assert set(result) == {"code", "link"}
    found = LINK.fullmatch(result["link"])
    assert found
    assert found[1] == result["code"]
    assert [row["agency"] for row in _rows()] == [None]


@pytest.mark.usefixtures("office", "telegram")
@pytest.mark.parametrize(("given", "hours"), [("12h", 12), ("3d", 72), (" 2w ", 336), ("366d", 366 * 24)])
async def test_an_invitation_lasts_as_long_as_is_said(given: str, hours: int, isobot: Isobot) -> None:
    assert (await asyncio.to_thread(isobot, "invite", "--agency", "so-y-te", "--expires", given))[0] == 0
    assert [_hours(row) for row in _rows()] == [hours]


@pytest.mark.usefixtures("office", "telegram")
@pytest.mark.parametrize("given", ["", "7", "0d", "-1d", "1.5d", "7 days", "7D", "53w", "367d", "9999w", "٣d"])
async def test_a_time_that_is_none_is_told_with_examples(given: str, isobot: Isobot) -> None:
    code, printed, complained = await asyncio.to_thread(isobot, "invite", "--coordinator", "--expires", given)
    assert (code, printed) == (2, "")
    assert "12h, 7d hoặc 2w" in complained.splitlines()[-1]
    assert _rows() == []


@pytest.mark.usefixtures("office", "telegram")
async def test_an_invitation_is_for_as_many_people_as_is_said(isobot: Isobot) -> None:
    assert (await asyncio.to_thread(isobot, "invite", "--agency", "so-y-te", "--uses", "3"))[0] == 0
    assert [row["uses"] for row in _rows()] == [3]


@pytest.mark.usefixtures("office", "telegram")
@pytest.mark.parametrize("given", ["0", "-1", "1001", "ba"])
async def test_a_number_of_people_that_is_none_is_refused(given: str, isobot: Isobot) -> None:
    code, printed, complained = await asyncio.to_thread(isobot, "invite", "--coordinator", "--uses", given)
    assert (code, printed) == (2, "")
    assert "--uses" in complained
    assert _rows() == []


@pytest.mark.parametrize("options", [(), ("--agency", "so-y-te", "--coordinator")])
def test_either_an_agency_or_the_coordination_is_meant(options: tuple[str, ...], isobot: Isobot) -> None:
    code, printed, complained = isobot("invite", *options)
    assert (code, printed) == (2, "")
    assert complained.splitlines()[-1].endswith("Đưa --agency MÃ hoặc --coordinator.")


@pytest.mark.usefixtures("office", "telegram")
@pytest.mark.parametrize("agency", ["so-moi", "Sở Xây dựng", ""])
async def test_an_agency_that_nobody_knows_is_refused(agency: str, isobot: Isobot) -> None:
    ended = await asyncio.to_thread(isobot, "invite", "--agency", agency)
    assert _is_refused(ended, f"Không có cơ quan “{agency}”")


@pytest.mark.usefixtures("office", "telegram")
async def test_an_agency_that_a_roster_added_is_known(isobot: Isobot) -> None:
    async with open_records(load_settings()) as records:
        added = [Listed("so-moi", "Sở Mới", "province", "dossier")]
        await records.roster.take_in(Actor(None, "isobot roster"), added, [])
    assert (await asyncio.to_thread(isobot, "invite", "--agency", "so-moi"))[0] == 0
    assert [row["agency"] for row in _rows()] == ["so-moi"]


@pytest.mark.usefixtures("office")
def test_without_a_token_there_is_no_link_and_no_code(isobot: Isobot) -> None:
    assert _is_refused(isobot("invite", "--coordinator"), "ISOBOT_TOKEN")


@pytest.mark.usefixtures("office", "telegram")
async def test_a_token_that_telegram_refuses_is_told_and_not_repeated(
    isobot: Isobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_TOKEN", "2:wrong")
    ended = await asyncio.to_thread(isobot, "invite", "--coordinator")
    assert _is_refused(ended, "Telegram không nhận mã bot")
    assert "2:wrong" not in ended[2]


@pytest.mark.usefixtures("office")
def test_a_server_that_is_not_reached_is_told(isobot: Isobot, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # taken, so that nobody else answers there
        monkeypatch.setenv("ISOBOT_API_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("ISOBOT_TOKEN", TOKEN)
        ended = isobot("invite", "--coordinator")
    assert _is_refused(ended, "Không kết nối được máy chủ Bot API")
    assert TOKEN not in ended[2]


@pytest.mark.usefixtures("office")
async def test_the_server_is_reached_through_the_proxy_of_the_settings(
    isobot: Isobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"T","username":"isobot_demo_bot"}}'
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as proxy:
        monkeypatch.setenv("ISOBOT_PROXY", f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
        monkeypatch.setenv("ISOBOT_API_URL", "http://bot-api.invalid:8081")
        monkeypatch.setenv("ISOBOT_TOKEN", TOKEN)
        code, printed, complained = await asyncio.to_thread(isobot, "invite", "--coordinator")
    assert (code, complained) == (0, "")
    assert LINK.match(printed)
    assert asked[0].startswith(b"POST http://bot-api.invalid:8081/bot")


@pytest.mark.usefixtures("office", "telegram")
async def test_a_data_folder_that_cannot_be_used_is_told(
    isobot: Isobot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ISOBOT_DATA", str(tmp_path / "file" / "data"))
    assert _is_refused(await asyncio.to_thread(isobot, "invite", "--coordinator"), "ISOBOT_DATA")
