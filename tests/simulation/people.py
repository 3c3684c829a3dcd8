"""What people do: they write, and they press what stands under the bot's messages; also twice, and what is old."""

import json
from collections.abc import Iterator, Sequence

from bot.sandbox import actions
from bot.sandbox.messages import Message
from handlers.buttons import Code
from tests.simulation.house import House

# A text is typed, "[…]" a button whose label begins so, on the newest message that has one, "~…" the newest one of that
# code that is gone by now; "<code>" stands for the newest invitation.
Script = tuple[str, ...]

OF_CONTACTS: Sequence[Script] = (
    ("/xacnhan", "[Email]", "[Xác nhận]"),
    ("/xacnhan", "[Trục liên thông]", "12/BC-SXD ngày 05/11/2021", "[Xác nhận]"),
    ("/xacnhan", "[Email]", "[Xác nhận]", "[Xác nhận]"),
    ("[Bổ sung]", "[Xác nhận]"),
    ("[Xác nhận đã nộp]", "[Trục liên thông]", "[Xác nhận]"),
    ("/tinhtrang", "[Rút xác nhận]", "[Rút xác nhận của"),
    ("[Đã đọc]",),
    ("họp ở phòng nào",),
    ("xe đạp điện được trợ giá không", "[Chuyển câu hỏi]"),
    ("/biennhan",),
    ("/riengtu", "[Xoá dữ liệu của tôi]", "[Xoá dữ liệu của tôi]"),
    ("/donvi", "[Tắt nhắc]"),
    ("/donvi", "[Huỷ liên kết]", "[Huỷ liên kết với"),
    ("/start <code>", "[Đồng ý]"),
    ("/huy",),
    (f"~{Code.CONFIRM}",),
    (f"~{Code.WITHDRAW_SURELY}",),
)
OF_COORDINATORS: Sequence[Script] = (
    ("[Tiếp nhận]",),
    ("[Tiếp nhận]", "[Hoàn tác]"),
    ("[Tiếp nhận]", f"~{Code.ACCEPT}"),
    ("[Trả lại]", "thiếu phụ lục", "[Trả lại]"),
    ("[Trả lại]", "thiếu phụ lục", "[Hạn +3 ngày làm việc]", "[Trả lại]"),
    ("/tinhtrang Sở Xây dựng", "[Ghi nhận thay]", "[Email]", "[Xác nhận]"),
    ("/tinhtrang Sở Ngoại vụ", "[Miễn nộp]", "đã sáp nhập", "[Miễn nộp]"),
    ("/tinhtrang Sở Ngoại vụ", "[Bỏ miễn nộp]"),
    ("/giahan Sở Xây dựng", "20/11 vì dịch", "[Gia hạn]"),
    ("/giahan", "[Tất cả", "22/11 vì bão", "[Gia hạn]"),
    ("/thongbao", "Họp lúc 14:00", "[Tất cả cơ quan]", "[Gửi]"),
    ("/thongbao", "Mang theo hồ sơ", "[Tất cả cơ quan]", "[Gửi]", "[Tạm dừng]"),
    ("/thongbao", "Nhớ nộp báo cáo", "[Chưa xác nhận]", "[Hẹn giờ]", "10/11 09:00", "[Đặt lịch]"),
    ("[Tiếp tục]",),
    ("[Tạm dừng]", "[Đính chính]", "Họp lúc 15:00", "[Gửi]"),
    ("[Đính chính]", "Họp lúc 16:00", "[Gửi]"),
    ("[Thu hồi]", "[Thu hồi thông báo]"),
    ("[Gửi lại tin chưa rõ]",),
    ("[Dừng hẳn]",),
    ("/hopthu", "[Trả lời]", "Chưa có chủ trương.", "[Gửi câu trả lời]"),
    ("/hopthu", "[Bỏ qua]"),
    ("/moi Sở Ngoại vụ",),
    ("/moi Sở Xây dựng", "[Thu hồi mã]"),
    ("/moi", "[Mời cán bộ điều phối]"),
    (f"~{Code.ACCEPT}",),
    (f"~{Code.SEND_BACK_SURELY}",),
)


async def perform(house: House, person_id: int, script: Script, *, rushed: bool = False, twice: bool = False) -> None:
    """Let a person do some things one after another.

    Args:
        rushed: they do not wait for answers before the last one.
        twice: they press each button twice.
    """
    for line in script:
        if line.startswith("["):
            for _ in range(1 + twice):
                _press_labelled(house, person_id, line[1:].rstrip("]"))
        elif line.startswith("~"):
            _press_gone(house, person_id, line[1:])
        else:
            code = newest_code(house)
            if "<code>" not in line or code:
                message = actions.write(house.world, house.world.people[person_id], line.replace("<code>", code or ""))
                if house.is_calm:
                    house.asked.append((person_id, message.id))
        if not rushed:
            await house.wait()
    await house.wait()


def press_any(house: House, person_id: int, place: int, *, of_old: bool) -> None:
    """Let a person press some button in their chat, however old it is.

    Args:
        of_old: also one that is gone by now: their telephone has not heard of that yet.
    """
    buttons = list(_ever_shown(house, person_id) if of_old else _shown(house, person_id))
    if buttons:
        message_id, data = buttons[-1 - place % len(buttons)]
        _press(house, person_id, message_id, data)


def heard(house: House, person_id: int) -> list[Message]:
    """The bot's messages to a person."""
    messages = house.world.chats[person_id].messages.values()
    return [message for message in messages if message.sender is house.world.bot]


def newest_code(house: House) -> str | None:
    """The code of the newest invitation that a coordinator was shown."""
    return next((text.split("start=")[1].split()[0] for text in _texts(house) if "start=" in text), None)


def _shown(house: House, person_id: int) -> Iterator[tuple[int, str]]:
    """The buttons under the messages to a person: each with its message, and what it carries."""
    for message in heard(house, person_id):
        for row in message.keyboard:
            yield from ((message.id, button["callback_data"]) for button in row if "callback_data" in button)


def _ever_shown(house: House, person_id: int) -> Iterator[tuple[int, str]]:
    """The same, and those that have stood there before."""
    for call in house.wire.accepted:
        if call.number and call.params.get("chat_id") == str(person_id) and "reply_markup" in call.params:
            for row in json.loads(call.params["reply_markup"]).get("inline_keyboard", ()):
                yield from ((call.number, button["callback_data"]) for button in row if "callback_data" in button)


def _texts(house: House) -> Iterator[str]:
    for person_id in house.world.people:
        for message in reversed(heard(house, person_id)):
            yield message.text


def _press_labelled(house: House, person_id: int, label: str) -> None:
    for message in reversed(heard(house, person_id)):
        for row in message.keyboard:
            for button in row:
                if button["text"].lstrip("👁✅↩️ ").startswith(label):
                    _press(house, person_id, message.id, button["callback_data"])
                    return


def _press_gone(house: House, person_id: int, code: str) -> None:
    """Press a button that is not there any more: the person's telephone has not heard of that yet."""
    shown = set(_shown(house, person_id))
    for message_id, data in reversed(list(_ever_shown(house, person_id))):
        if data.split(":")[0] == code and (message_id, data) not in shown:
            _press(house, person_id, message_id, data)
            return


def _press(house: House, person_id: int, message_id: int, data: str) -> None:
    press = actions.press(house.world, house.world.people[person_id], message_id, data, force=True)
    house.pressed[press.id] = data
    if house.is_calm:
        house.asked.append(press.id)
