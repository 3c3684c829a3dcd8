"""Buttons Telegram takes, and buttons it refuses."""

import json
from typing import Any

import httpx
import pytest

from tests.sandbox.cast import AN, TOKEN


async def send(http: httpx.AsyncClient, markup: Any) -> str:
    """What Telegram says to a message with these buttons."""
    params = {"chat_id": AN, "text": "a", "reply_markup": json.dumps(markup)}
    answer = await http.post(f"/bot{TOKEN}/sendMessage", data=params)
    body = answer.json()
    return "ok" if body["ok"] else body["description"].removeprefix("Bad Request: ")


async def send_button(http: httpx.AsyncClient, button: Any) -> str:
    """What Telegram says to a message with this button."""
    return await send(http, {"inline_keyboard": [[button]]})


@pytest.mark.parametrize(
    "action",
    [
        {"callback_data": "a" * 64},
        {"callback_data": "ạ" * 21},
        {"url": "https://t.me/isobot_demo_bot?start=abc"},
        {"url": "tg://user?id=1"},
        {"switch_inline_query": ""},
        {"switch_inline_query_current_chat": "hạn"},
        {"copy_text": {"text": "1813/KH-SKHCN"}},
    ],
)
async def test_a_button_with_one_action_is_taken(http: httpx.AsyncClient, action: dict[str, Any]) -> None:
    assert await send_button(http, {"text": "a", **action}) == "ok"


@pytest.mark.parametrize("data", ["a" * 65, "ạ" * 22, ""])
async def test_callback_data_has_from_one_to_sixty_four_bytes(http: httpx.AsyncClient, data: str) -> None:
    assert await send_button(http, {"text": "a", "callback_data": data}) == "BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "a"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "a"}, "can't parse inline keyboard button: can't find field \"text\""),
        ({"text": 5, "callback_data": "a"}, 'can\'t parse inline keyboard button: field "text" must be of type String'),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text is empty"),
        (
            {"text": "a", "callback_data": "a", "url": "https://a.vn"},
            "can't parse inline keyboard button: exactly one action field must be used, not url, callback_data",
        ),
        (
            {"text": "a", "url": "http://localhost/"},
            "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        ({"text": "a", "copy_text": {}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a", "copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ("a", "can't parse inline keyboard button: expected an Object"),
    ],
)
async def test_a_button_that_does_nothing_sensible_is_refused(
    http: httpx.AsyncClient, button: Any, reason: str
) -> None:
    assert await send_button(http, button) == reason


async def test_a_hundred_buttons_are_enough(http: httpx.AsyncClient) -> None:
    row = [{"text": "a", "callback_data": "a"}] * 4
    assert await send(http, {"inline_keyboard": [row] * 25}) == "ok"
    assert await send(http, {"inline_keyboard": [row] * 26}) == "REPLY_MARKUP_TOO_LONG"


@pytest.mark.parametrize(
    "markup",
    [
        {"inline_keyboard": []},
        {"inline_keyboard": [[]]},
        {"keyboard": [[{"text": "a"}]]},
        {"remove_keyboard": True},
        {"force_reply": True},
    ],
)
async def test_every_kind_of_markup_is_taken(http: httpx.AsyncClient, markup: Any) -> None:
    assert await send(http, markup) == "ok"


@pytest.mark.parametrize("markup", [[], 5, {}, {"inline_keyboard": 5}, {"inline_keyboard": [5]}])
async def test_what_is_no_markup_is_refused(http: httpx.AsyncClient, markup: Any) -> None:
    assert await send(http, markup) != "ok"
