"""The bot's account at Telegram: it keeps its token and what people type to itself, and passes over what is odd."""

import json
import logging
from typing import Any

import pytest
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Defaults

from bot.account import open_account
from bot.wire import UpdatesWire, Wire, readable

TOKEN = "4711:AAH-do-not-tell-anybody"
PERSON = {"id": 7, "is_bot": False, "first_name": "Đỗ Thị Kín"}
CHAT = {"id": 7, "type": "private"}
WHOLE: dict[str, Any] = {
    "update_id": 1,
    "message": {"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON, "text": "bí mật"},
}


def answered(*updates: Any) -> bytes:
    return json.dumps({"ok": True, "result": updates}).encode()


def _nobody(_method: str, _failure: str | None) -> None:
    return


def test_it_can_be_shown_without_its_token() -> None:
    account = open_account(
        TOKEN, "http://127.0.0.1:9", Wire(_nobody, 1, None), UpdatesWire(_nobody, 1, None), Defaults()
    )
    assert repr(account) == str(account) == "Account[id=4711]"


@pytest.mark.parametrize("request_kind", [Wire, UpdatesWire])
@pytest.mark.parametrize("payload", [answered(WHOLE)[:-9], "bí mật".encode(), b"[" * 100_000, b""])
def test_half_an_answer_is_an_error_and_not_written_to_the_log(
    request_kind: type[Wire], payload: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(TelegramError):
        request_kind.parse_json_payload(payload)
    assert caplog.text == ""


@pytest.mark.parametrize(
    "odd",
    [
        {"message": {"text": "bí mật"}},
        {"message": "bí mật"},
        {"message": WHOLE["message"] | {"date": "bí mật"}},
        {"message": WHOLE["message"] | {"chat": {"id": 7}}},
        {"message": WHOLE["message"] | {"from": PERSON | {"id": ["bí mật"]}}},
        {"callback_query": {"data": "bí mật"}},
        {"inline_query": []},
    ],
)
def test_an_update_that_cannot_be_read_is_passed_over_and_the_next_one_is_not(
    odd: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    [first, second] = UpdatesWire.parse_json_payload(answered({"update_id": 8} | odd, WHOLE))["result"]
    assert (first, second) == ({"update_id": 8}, WHOLE)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.ERROR, "unreadable update passed over")
    ]
    assert "bí mật" not in caplog.text


@pytest.mark.parametrize("number", [None, "8", 1.5, True])
def test_what_has_no_number_is_left_out(number: object) -> None:
    odd = {"message": WHOLE["message"], "update_id": number}
    assert UpdatesWire.parse_json_payload(answered(odd, "?", WHOLE))["result"] == [WHOLE]


def test_other_answers_come_as_they_are() -> None:
    results: list[Any] = [True, {"id": 1}, [], None]
    for result in results:
        assert UpdatesWire.parse_json_payload(json.dumps({"ok": True, "result": result}).encode())["result"] == result


def test_kinds_of_updates_that_nobody_knows_yet_are_read() -> None:
    new = {"update_id": 1, "telepathy": {"from": PERSON}}
    assert readable(new) == new
    assert Update.de_json(new) is not None
