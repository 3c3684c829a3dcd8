"""The Bot API as HTTP: addresses, tokens, the ways to pass parameters, the record of calls."""

import json

import httpx
import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, MenuButtonCommands
from telegram.error import BadRequest, InvalidToken

from bot.sandbox.world import World
from tests.sandbox.cast import AN, TOKEN


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.first_name) == (1, "isobot_demo_bot", "Trợ lý ISO 9001")
    assert me.is_bot
    assert me.supports_inline_queries
    assert not me.can_read_all_group_messages


async def test_a_wrong_token_is_refused(url: str, http: httpx.AsyncClient) -> None:
    answer = await http.get("/bot1:other/getMe")
    assert answer.status_code == 401
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    stranger = Bot("2:sandbox", base_url=f"{url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


@pytest.mark.parametrize("path", ["/botsandbox/getMe", "/bot1:sandbox", "/bot1:sandbox/", "/bot/getMe"])
async def test_a_malformed_address_leads_nowhere(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 404
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_an_unknown_method_leads_nowhere(http: httpx.AsyncClient) -> None:
    answer = await http.post(f"/bot{TOKEN}/sendMoney")
    assert answer.status_code == 404
    assert answer.json()["description"] == "Not Found: method not found"


async def test_methods_are_found_in_upper_and_lower_case(http: httpx.AsyncClient, world: World) -> None:
    assert (await http.get(f"/bot{TOKEN}/GETME")).json()["ok"]
    assert world.calls[-1].method == "getMe"


async def test_parameters_come_in_every_form(http: httpx.AsyncClient, world: World) -> None:
    params = {"chat_id": str(AN), "text": "Xin chào"}
    path = f"/bot{TOKEN}/sendMessage"
    answers = [
        await http.get(path, params=params),
        await http.post(path, params=params),
        await http.post(path, data=params),
        await http.post(path, data=params, files={"unused": b"file"}),
        await http.post(path, json={"chat_id": AN, "text": "Xin chào"}),
    ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["Xin chào"] * 5


@pytest.mark.parametrize("body", ["{", "[]", '"text"', '{"text": "\\ud83d"}'])
async def test_a_body_that_is_no_json_object_is_refused(http: httpx.AsyncClient, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await http.post(f"/bot{TOKEN}/sendMessage", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["description"] == "Bad Request: can't parse request body as a JSON object"


async def test_a_broken_multipart_body_is_refused(http: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    answer = await http.post(f"/bot{TOKEN}/sendMessage", content="nothing", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["ok"] is False


@pytest.mark.parametrize("markup", ["{", '{"inline_keyboard": [[{"text": "\\ud83d"}]]}'])
async def test_a_parameter_that_is_no_json_is_refused(http: httpx.AsyncClient, markup: str) -> None:
    params = {"chat_id": AN, "text": "a", "reply_markup": markup}
    answer = await http.post(f"/bot{TOKEN}/sendMessage", data=params)
    assert answer.json()["description"] == "Bad Request: can't parse reply_markup JSON object"


async def test_a_number_that_is_none_counts_as_not_given(http: httpx.AsyncClient) -> None:
    answer = await http.post(f"/bot{TOKEN}/getUpdates", data={"offset": "x", "timeout": "x", "limit": "x"})
    assert answer.json() == {"ok": True, "result": []}


async def test_every_call_is_written_down(bot: Bot, world: World) -> None:
    await bot.send_message(AN, "123", disable_notification=True)
    with pytest.raises(BadRequest):
        await bot.send_message(5, "a")
    sent, failed = world.called("sendMessage")
    assert (sent.ok, sent.error_code, failed.ok, failed.error_code) == (True, None, False, 400)
    assert sent.params["text"] == "123"
    assert sent.params["chat_id"] == AN
    assert sent.params["disable_notification"] is True
    assert sent.at <= world.clock.now()


async def test_of_very_many_calls_the_oldest_are_forgotten(bot: Bot, world: World) -> None:
    await bot.get_me()
    world.calls[:] = [*world.calls, *[world.calls[0]] * 60_000]
    await bot.get_me()
    assert len(world.calls) < 60_000


async def test_what_the_bot_says_of_itself_is_kept(bot: Bot, http: httpx.AsyncClient) -> None:
    await bot.set_my_name("Trợ lý")
    await bot.set_my_description("Hỏi về kiểm tra ISO")
    await bot.set_my_short_description("Kiểm tra ISO")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_my_name()).name == "Trợ lý"
    assert (await bot.get_my_description()).description == "Hỏi về kiểm tra ISO"
    assert (await bot.get_my_short_description()).short_description == "Kiểm tra ISO"
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
    shown = (await http.get("/sandbox/state")).json()["bot"]
    assert (shown["name"], shown["description"]) == ("Trợ lý", "Hỏi về kiểm tra ISO")
    with pytest.raises(BadRequest):
        await bot.set_my_name("a" * 65)


async def test_closing_and_logging_out_do_nothing(bot: Bot) -> None:
    assert await bot.close()
    assert await bot.log_out()


async def test_each_scope_has_its_own_commands(bot: Bot, http: httpx.AsyncClient) -> None:
    await bot.set_my_commands([("start", "Bắt đầu")])
    await bot.set_my_commands([("bang", "Bảng theo dõi")], scope=BotCommandScopeChat(AN))
    await bot.set_my_commands([("start", "Bắt đầu nhé")], language_code="vi")
    assert await bot.get_my_commands() == (BotCommand("start", "Bắt đầu"),)
    assert await bot.get_my_commands(scope=BotCommandScopeChat(AN)) == (BotCommand("bang", "Bảng theo dõi"),)

    async def shown(person: str) -> list[str]:
        commands = (await http.get("/sandbox/state", params={"person": person})).json()["bot"]["commands"]
        return [command["description"] for command in commands]

    assert await shown(str(AN)) == ["Bảng theo dõi"]
    assert await shown("1002") == ["Bắt đầu nhé"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(AN))
    await bot.delete_my_commands(language_code="vi")
    assert await shown(str(AN)) == ["Bắt đầu"]
    await bot.delete_my_commands()
    assert await shown("") == []


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([{"command": "Start", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "chủđề", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "start", "description": " "}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "start", "description": "a"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ({"command": "start"}, "can't parse commands: expected an Array of BotCommand"),
    ],
)
async def test_commands_telegram_would_not_take_are_refused(
    http: httpx.AsyncClient, commands: object, reason: str
) -> None:
    answer = await http.post(f"/bot{TOKEN}/setMyCommands", data={"commands": json.dumps(commands)})
    assert answer.json()["description"] == f"Bad Request: {reason}"


@pytest.mark.parametrize("scope", [{"type": "moon"}, {"type": "chat", "chat_id": "x"}, 5])
async def test_a_scope_that_does_not_exist_is_refused(http: httpx.AsyncClient, scope: object) -> None:
    answer = await http.post(f"/bot{TOKEN}/getMyCommands", json={"scope": scope})
    assert answer.status_code == 400
