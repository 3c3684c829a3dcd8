"""Files under answers: the button, what arrives, and for whom it is filled in."""

from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook
from telegram.constants import ChatAction

from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from handlers.buttons import Code
from handlers.replies import GONE
from knowledge.answer import Answerer
from tests.whole.town import AT_SO_XAY_DUNG, BOT, Pressed, Someone, Town, labels, labels_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUTLINE = "f:report-outline"


def file_in(pressed: Pressed) -> Message:
    """The one file that a press brought."""
    assert pressed.toasts == [""]
    [message] = pressed.replies
    assert message.file is not None
    return message


def content_of(message: Message) -> bytes:
    assert message.file is not None
    return message.file.read()


def words_in(message: Message) -> str:
    body = docx.Document(BytesIO(content_of(message))).element.body
    return "".join(text.text or "" for text in body.iter(qn("w:t")))


@pytest.mark.parametrize(
    ("topic", "label", "file", "caption"),
    [
        (
            "report.content",
            "Tải đề cương",
            "de-cuong-bao-cao.docx",
            "Đề cương gợi ý, không phải mẫu của cơ quan chủ trì.",
        ),
        (
            "report.template",
            "Tải đề cương",
            "de-cuong-bao-cao.docx",
            "Đề cương gợi ý, không phải mẫu của cơ quan chủ trì.",
        ),
        ("prepare.checklist", "Tải danh mục", "danh-muc-chuan-bi.docx", "Danh mục gợi ý"),
        ("transition.matrix", "Tải bảng đối chiếu", "bang-doi-chieu-dieu-khoan.xlsx", "Bảng đối chiếu điều khoản"),
        ("report.deadline", "Thêm vào lịch", "han-nop-bao-cao.ics", "chậm nhất Chủ nhật, 14/11/2021"),
    ],
)
async def test_the_button_under_an_answer_brings_its_file(
    an: Someone, topic: str, label: str, file: str, caption: str
) -> None:
    menu = await an.asks("/chude")
    [answer] = (await an.forces(menu.id, f"t:{topic}")).replies
    assert labels_of(answer, Code.FILE) == [label]
    shown = answer.text, labels(answer)
    sent = file_in(await an.presses(answer, label))
    assert sent.file is not None
    assert sent.file.name == file
    assert caption in sent.text
    assert "\n" not in sent.text
    assert not labels(sent)
    assert (answer.text, labels(answer)) == shown


async def test_a_typed_question_has_the_button_too(an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    assert content_of(file_in(await an.presses(answer, "Thêm vào lịch"))).startswith(b"BEGIN:VCALENDAR\r\n")


async def test_an_answer_without_a_file_has_no_such_button(an: Someone) -> None:
    assert not labels_of(await an.asks("đoàn kiểm tra gồm những ai"), Code.FILE)


async def test_every_button_of_the_pack_names_a_file_of_the_pack(an: Someone, answerer: Answerer) -> None:
    menu = await an.asks("/chude")
    for topic in answerer.pack.topics.values():
        [answer] = (await an.forces(menu.id, f"t:{topic.id}")).replies
        expected = [answerer.pack.handouts[topic.file].button] if topic.file else []
        assert labels_of(answer, Code.FILE) == expected, topic.id


async def test_the_person_sees_that_a_file_is_on_its_way(town: Town, an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    event = town.world.events.last
    await an.presses(answer, "Thêm vào lịch")
    seen = [one for one in town.world.events.since(event) if one.kind in ("typing", "message")]
    assert [one.kind for one in seen] == ["typing", "message"]
    assert seen[0].data == {"chat_id": an.id, "action": ChatAction.UPLOAD_DOCUMENT}


async def test_the_outline_is_for_the_agency_of_the_one_who_presses(town: Town) -> None:
    contact = town.person(AT_SO_XAY_DUNG)
    answer = await contact.asks("báo cáo gồm những nội dung gì")
    assert "SỞ XÂY DỰNG" in words_in(file_in(await contact.presses(answer, "Tải đề cương")))


async def test_a_newcomer_gets_an_outline_with_room_for_the_name(an: Someone) -> None:
    answer = await an.asks("báo cáo gồm những nội dung gì")
    assert "[TÊN CƠ QUAN]" in words_in(file_in(await an.presses(answer, "Tải đề cương")))


async def test_the_outline_is_for_the_agency_that_was_spoken_of(an: Someone) -> None:
    await an.asks("bù đăng kiểm tra theo hình thức nào")
    answer = await an.asks("báo cáo gồm những nội dung gì")
    assert "UBND HUYỆN BÙ ĐĂNG" in words_in(file_in(await an.presses(answer, "Tải đề cương")))


async def test_the_receiving_department_writes_no_report(an: Someone) -> None:
    before = await an.asks("sở khoa học và công nghệ kiểm tra hình thức nào")
    sent = file_in(await an.forces(before.id, OUTLINE))
    assert "[TÊN CƠ QUAN]" in words_in(sent)


async def test_the_table_of_clauses_can_be_opened(an: Someone) -> None:
    sent = file_in(await an.forces((await an.asks("/chude")).id, "f:clause-matrix"))
    sheet = load_workbook(BytesIO(content_of(sent))).worksheets[0]
    assert "9001:2008 → TCVN ISO 9001:2015" in str(sheet["A1"].value)


async def test_in_a_group_the_file_points_at_its_answer(town: Town, an: Someone) -> None:
    other = town.someone("Trần Thị Bình")
    group = town.group(an, other)
    answer = await an.asks(f"{BOT} hạn nộp báo cáo là ngày nào", chat_id=group.id)
    sent = file_in(await other.presses(answer, "Thêm vào lịch"))
    assert (sent.chat.id, sent.reply_to) == (group.id, answer.id)


async def test_a_file_of_an_older_pack_is_refused_politely(an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    pressed = await an.forces(answer.id, "f:mau-bao-cao-cu")
    assert (pressed.toasts, pressed.replies) == ([GONE], [])


async def test_a_file_leaves_no_trace_in_the_records(town: Town, an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    remembered = town.remembered()
    await an.presses(answer, "Thêm vào lịch")
    assert town.remembered() == remembered


async def test_two_questions_in_one_message_bring_both_files(an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo khi nào, báo cáo gồm những nội dung gì")
    assert labels_of(answer, Code.FILE) == ["Thêm vào lịch", "Tải đề cương"]


async def test_after_rating_the_file_can_still_be_had(an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    await an.presses(answer, "Hữu ích")
    assert labels_of(answer, Code.FILE) == ["Thêm vào lịch"]


async def test_the_calendar_is_stamped_by_the_bots_clock(own_town: Town) -> None:
    an = own_town.someone()
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    await own_town.turn_clock("2021-11-15T08:00")
    sent = file_in(await an.presses(answer, "Thêm vào lịch"))
    assert b"DTSTAMP:20211115T01" in content_of(sent)
    assert sent.text.startswith("Hạn đã qua")


@pytest.mark.parametrize("fault", [Fault("drop_before"), Fault("retry_after", seconds=0), Fault("error")])
async def test_a_file_that_does_not_get_through_is_sent_again(town: Town, an: Someone, fault: Fault) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    fault.method, fault.chat_id = "sendDocument", an.id
    town.world.faults.append(fault)
    file_in(await an.presses(answer, "Thêm vào lịch"))
    assert fault.times == 0, "the fault has struck"


@pytest.mark.parametrize("status", [400, 500])
async def test_a_file_comes_though_its_announcement_fails(town: Town, an: Someone, status: int) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    town.world.faults.append(Fault("error", method="sendChatAction", chat_id=an.id, status=status))
    file_in(await an.presses(answer, "Thêm vào lịch"))
    assert town.world.faults[-1].times == 0, "the fault has struck"
