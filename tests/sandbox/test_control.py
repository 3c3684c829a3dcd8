"""The control API, as the chat page uses it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from telegram import Bot, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode

from bot.sandbox.world import World
from tests.sandbox.cast import AN, BINH
from tests.sandbox.test_files import PNG


async def test_the_state_draws_the_page(http: httpx.AsyncClient, world: World) -> None:
    world.add_group(-100123, "Nhóm ISO tỉnh", list(world.people.values()))
    state = (await http.get("/sandbox/state")).json()
    assert state["bot"]["username"] == "isobot_demo_bot"
    assert state["people"] == [
        {
            "id": AN,
            "key": "newcomer",
            "name": "Nguyễn Văn An",
            "username": "an_nguyen",
            "note": "Người mới",
            "started": True,
            "blocked": False,
            "unread": 0,
            "unread_groups": {},
        },
        {
            "id": BINH,
            "key": "contact",
            "name": "Trần Thị Bình",
            "username": None,
            "note": "",
            "started": False,
            "blocked": False,
            "unread": 0,
            "unread_groups": {},
        },
    ]
    assert state["groups"] == [{"id": -100123, "title": "Nhóm ISO tỉnh", "members": [AN, BINH]}]
    assert state["now"].startswith("2021-11-08T08:0")
    assert state["now"].endswith("+07:00")
    assert state["event"] == world.events.last


async def test_messages_are_shown_oldest_first(http: httpx.AsyncClient, bot: Bot) -> None:
    buttons = [
        [
            InlineKeyboardButton("Hạn", callback_data="han"),
            InlineKeyboardButton("Trang", url="https://binhphuoc.gov.vn"),
        ],
        [InlineKeyboardButton("Chép", copy_text=CopyTextButton("1813"))],
    ]
    asked = (await http.post(f"/sandbox/people/{AN}/messages", json={"text": "Hạn?"})).json()
    await bot.send_message(
        AN,
        '<a href="https://a.vn/b">Ở đây</a>',
        ParseMode.HTML,
        reply_markup=InlineKeyboardMarkup(buttons),
        reply_to_message_id=asked["id"],
    )
    start, question, answer = (await http.get(f"/sandbox/chats/{AN}/messages")).json()
    assert (start["text"], question) == ("/start", asked)
    assert answer["at"].startswith("2021-11-08T08:0")
    del answer["at"]
    assert answer == {
        "id": 3,
        "chat_id": AN,
        "from": "bot",
        "text": "Ở đây",
        "entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "https://a.vn/b"}],
        "reply_to": 2,
        "buttons": [
            [{"text": "Hạn", "callback_data": "han"}, {"text": "Trang", "url": "https://binhphuoc.gov.vn"}],
            [{"text": "Chép", "copy_text": "1813"}],
        ],
        "document": None,
        "photo": None,
        "kind": None,
        "service": False,
        "edited": False,
        "via_bot": False,
        "pinned": False,
    }


async def test_files_go_up_and_down(http: httpx.AsyncClient) -> None:
    sent = await http.post(
        f"/sandbox/people/{AN}/files", files={"file": ("báo cáo.html", b"<script>")}, data={"caption": "Đây"}
    )
    document = sent.json()["document"]
    assert (document["name"], document["size"], document["mime"]) == ("báo cáo.html", 8, "text/html")
    assert sent.json()["text"] == "Đây"
    fetched = await http.get(f"/sandbox/files/{document['file_id']}")
    assert fetched.content == b"<script>"
    assert fetched.headers["content-type"] == "application/octet-stream", "a page that was sent must not run here"
    assert fetched.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('báo cáo.html')}"
    assert fetched.headers["x-content-type-options"] == "nosniff"


async def test_photos_are_shown_in_place(http: httpx.AsyncClient) -> None:
    sent = await http.post(f"/sandbox/people/{AN}/files", files={"file": ("a.png", PNG)}, data={"as": "photo"})
    photo = sent.json()["photo"]
    assert (photo["width"], photo["height"]) == (640, 480)
    fetched = await http.get(f"/sandbox/files/{photo['file_id']}")
    assert fetched.headers["content-type"] == "image/png"
    assert fetched.headers["content-disposition"].startswith("inline;")


async def test_a_file_for_a_group_goes_there(http: httpx.AsyncClient, world: World) -> None:
    world.add_group(-5, "Nhóm", [world.people[AN]])
    sent = await http.post(f"/sandbox/people/{AN}/files", files={"file": ("a.txt", b"a")}, data={"chat_id": "-5"})
    assert sent.json()["chat_id"] == -5


async def test_a_file_that_is_much_too_big_is_refused(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.control_people._LARGEST_UPLOAD", 100_000)
    answer = await http.post(f"/sandbox/people/{AN}/files", files={"file": ("a.bin", bytes(3_000_000))})
    assert answer.status_code == 413


async def test_people_do_everything_over_http(http: httpx.AsyncClient, world: World) -> None:
    person = f"/sandbox/people/{AN}"
    voice = (await http.post(f"{person}/others", json={"kind": "voice"})).json()
    assert voice["kind"] == "voice"
    edited = (await http.post(f"{person}/edits", json={"message_id": 1, "text": "/help"})).json()
    assert (edited["text"], edited["edited"]) == ("/help", True)
    assert (await http.post(f"{person}/block")).json()["blocked"] is True
    assert (await http.post(f"{person}/messages", json={"text": "a"})).status_code == 409
    assert (await http.post(f"{person}/unblock", json={})).json()["blocked"] is False
    world.people[AN].unread[AN] = 3
    assert (await http.post(f"{person}/read", json={})).json()["unread"] == 0


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("people/5/messages", {"text": "a"}, 404, "Không có người này."),
        ("people/x/messages", {"text": "a"}, 400, "“person” phải là một số nguyên."),
        ("people/1001/messages", {}, 400, "Thiếu “text” (một chuỗi)."),
        ("people/1001/messages", {"text": 5}, 400, "Thiếu “text” (một chuỗi)."),
        ("people/1001/messages", [], 400, "Nội dung gửi lên phải là một đối tượng JSON."),
        ("people/1001/messages", {"text": "a", "chat_id": "x"}, 400, "“chat_id” phải là một số nguyên."),
        ("people/1001/messages", {"text": "a", "chat_id": 1002}, 404, "Anh/chị không ở trong cuộc trò chuyện này."),
        ("people/1001/presses", {"callback_data": "a"}, 400, "Thiếu “message_id” (một số nguyên)."),
        ("people/1001/presses", {"message_id": 1, "callback_data": "a"}, 409, "Tin nhắn này không còn nút đó."),
        ("people/1001/files", {}, 400, "Thiếu tệp."),
        ("people/1001/dances", {}, 404, "Không có gì ở địa chỉ này."),
        ("clock", {}, 400, "Thiếu “to” (một chuỗi)."),
        ("clock", {"to": "mai"}, 400, "Thời điểm phải có dạng 2021-11-12T08:00."),
        ("clock", {"by_seconds": "1"}, 400, "“by_seconds” phải là một số."),
        ("clock", {"by_seconds": -1}, 400, "Đồng hồ chỉ vặn tới được, không vặn lùi."),
        ("clock", {"to": "2021-11-08T07:00"}, 400, "Đồng hồ chỉ vặn tới được, không vặn lùi."),
        ("clock", {"by_seconds": 1e300}, 400, "Đồng hồ chỉ vặn tới tối đa mười năm mỗi lần."),
        ("clock", {"to": "9999-12-31T23:59"}, 400, "Đồng hồ chỉ vặn tới tối đa mười năm mỗi lần."),
    ],
)
async def test_what_cannot_be_done_is_told_in_vietnamese(
    http: httpx.AsyncClient, path: str, body: Any, status: int, error: str
) -> None:
    answer = await http.post(f"/sandbox/{path}", json=body)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


@pytest.mark.parametrize("path", ["chats/5/messages", "files/none", "nothing"])
async def test_what_is_not_there_is_not_found(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(f"/sandbox/{path}")
    assert answer.status_code == 404
    assert "error" in answer.json()


async def test_half_a_character_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(f"/sandbox/people/{AN}/messages", content='{"text": "\\ud83d"}')
    assert answer.status_code == 400
    whole = await http.post(f"/sandbox/people/{AN}/messages", content='{"text": "\\ud83d\\ude00"}')
    assert whole.json()["text"] == "😀"


async def test_the_clock_is_turned_forward(http: httpx.AsyncClient, world: World) -> None:
    turned = await http.post("/sandbox/clock", json={"to": "2021-11-12T08:00"})
    assert turned.json()["now"].startswith("2021-11-12T08:00:")
    assert world.clock.now() >= datetime(2021, 11, 12, 1, 0, tzinfo=UTC)
    await http.post("/sandbox/clock", json={"by_seconds": 3600})
    assert (await http.get("/sandbox/clock")).json()["now"].startswith("2021-11-12T09:00:")
    await http.post("/sandbox/clock", json={"to": "2021-11-13T08:00+00:00"})
    assert (await http.get("/sandbox/clock")).json()["now"].startswith("2021-11-13T15:00:")
