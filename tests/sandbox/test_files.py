"""Files in both directions."""

import struct
from pathlib import Path

import httpx
import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.attachment_kinds import AttachmentError, Kind, Reason
from bot.attachments import Attachments
from bot.clock import Clock
from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN, TOKEN

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 640, 480)
# A start, a segment to be skipped, and the frame with the size.
JPEG = b"\xff\xd8" + b"\xff\xe0\x00\x04ab" + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 480, 640)


async def test_a_document_the_bot_sends_can_be_fetched_again(bot: Bot) -> None:
    sent = await bot.send_document(AN, b"noi dung", caption="<b>Biểu</b> mẫu", parse_mode="HTML", filename="mẫu.docx")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("mẫu.docx", 8)
    assert sent.document.mime_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert sent.caption_html == "<b>Biểu</b> mẫu"
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"noi dung"


@pytest.mark.parametrize("content", [PNG, GIF, JPEG], ids=["png", "gif", "jpeg"])
async def test_a_photo_has_a_size(bot: Bot, content: bytes) -> None:
    sent = await bot.send_photo(AN, content)
    assert [(size.width, size.height) for size in sent.photo] == [(640, 480)]
    assert sent.document is None


@pytest.mark.parametrize("content", [b"text", PNG[:20], JPEG[:8], b"\xff\xd8abcdefgh"])
async def test_what_is_no_picture_is_no_photo(bot: Bot, content: bytes) -> None:
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(AN, content)


async def test_a_photo_has_at_most_ten_megabytes(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="is too big for a photo; the maximum size is 10485760 bytes"):
        await bot.send_photo(AN, PNG + bytes(10 * 1024 * 1024))


async def test_a_file_is_sent_again_by_its_id(bot: Bot) -> None:
    first = await bot.send_document(AN, b"a", filename="a.txt")
    assert first.document is not None
    again = await bot.send_document(AN, first.document.file_id)
    assert again.document == first.document
    with pytest.raises(BadRequest, match="Type of file mismatch"):
        await bot.send_photo(AN, first.document.file_id)
    photo = await bot.send_photo(AN, PNG)
    with pytest.raises(BadRequest, match="Type of file mismatch"):
        await bot.send_document(AN, photo.photo[0].file_id)


async def test_an_attached_file_is_found_under_its_other_name(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        f"/bot{TOKEN}/sendDocument",
        data={"chat_id": str(AN), "document": "attach://part"},
        files={"part": ("a.txt", b"content")},
    )
    assert answer.json()["result"]["document"]["file_name"] == "a.txt"


async def test_files_that_are_not_there_are_refused(bot: Bot, http: httpx.AsyncClient) -> None:
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_document(AN, "BQAC")
    with pytest.raises(BadRequest, match="Failed to get http url content"):
        await bot.send_document(AN, "https://example.com/a.pdf")
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("BQAC")
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(AN, InputFile(b"", "a.txt"))
    answer = await http.post(f"/bot{TOKEN}/sendDocument", data={"chat_id": AN})
    assert answer.json()["description"] == "Bad Request: there is no document in the request"


async def test_a_caption_that_is_too_long_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(AN, b"a", caption="a" * 1025)


async def test_a_copy_of_a_file_may_have_other_words(bot: Bot, world: World) -> None:
    sent = await bot.send_document(AN, b"a", caption="một")
    same = await bot.copy_message(AN, AN, sent.message_id)
    other = await bot.copy_message(AN, AN, sent.message_id, caption="hai")
    messages = world.chats[AN].messages
    assert [messages[copy.message_id].text for copy in (same, other)] == ["một", "hai"]
    assert messages[other.message_id].file is messages[sent.message_id].file


async def test_the_bot_cannot_fetch_what_is_too_big(bot: Bot, world: World, an: Person) -> None:
    world.files.download_limit = 10
    message = actions.send_file(world, an, "lớn.pdf", b"a" * 11)
    assert message.file is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(message.file.id)


async def test_the_limits_are_those_of_telegram(world: World) -> None:
    assert (world.files.download_limit, world.files.upload_limit) == (20 * 1024 * 1024, 50 * 1024 * 1024)


@pytest.mark.parametrize("size", [1500, 3_000_000])
async def test_the_bot_cannot_send_what_is_too_big(bot: Bot, world: World, size: int) -> None:
    """Just over the limit, and so far over that the body is not even read into memory."""
    world.files.upload_limit = 1000
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(AN, bytes(size))
    assert world.called("sendDocument")[0].error_code == 413


async def test_files_are_fetched_with_the_right_token_and_path_only(bot: Bot, http: httpx.AsyncClient) -> None:
    sent = await bot.send_document(AN, b"a")
    assert sent.document is not None
    path = (await bot.get_file(sent.document.file_id)).file_path
    assert path is not None
    assert (await http.get(path)).content == b"a"
    assert (await http.get(path.replace(TOKEN, "1:other"))).status_code == 401
    assert (await http.get(f"/file/bot{TOKEN}/documents/none.txt")).status_code == 404
    with pytest.raises(InvalidToken):
        await bot.request.retrieve(f"{bot.base_file_url}/documents/none.txt")


async def test_what_people_send_reaches_the_bot(bot: Bot, world: World, an: Person) -> None:
    actions.send_file(world, an, "../../báo cáo.xlsx", b"bang", "Báo cáo /help")
    actions.send_file(world, an, "ảnh.png", PNG, as_photo=True)
    report, photo = [update.message for update in await bot.get_updates()]
    assert report is not None
    assert report.document is not None
    assert (report.document.file_name, report.caption) == ("báo cáo.xlsx", "Báo cáo /help")
    assert report.parse_caption_entities(["bot_command"])
    assert photo is not None
    assert photo.photo[-1].width == 640
    assert photo.caption is None


async def test_what_people_send_is_kept_though_the_connection_breaks_twice(
    bot: Bot, world: World, an: Person, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    """As the real library gives the address, and as the real client is cut off."""
    kept = Attachments(tmp_path, http, pauses=(0, 0))
    actions.send_file(world, an, "báo cáo.pdf", b"%PDF-1.7\n" + bytes(300_000))
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    address = (await update.message.document.get_file()).file_path
    assert address is not None
    world.faults.append(Fault("cut_download", bytes=200_000, times=2))
    attachment = await kept.fetch(address, update.message.document.file_name or "")
    assert (attachment.name, attachment.kind) == ("báo cáo.pdf", Kind.PDF)
    assert attachment.size == update.message.document.file_size
    assert kept.verify(attachment.sha256)
    world.faults.append(Fault("cut_download", bytes=200_000, times=3))
    with pytest.raises(AttachmentError) as refusal:
        await kept.fetch(address, "")
    assert refusal.value.reason is Reason.BROKEN_OFF


def test_contents_can_be_kept_in_a_folder(tmp_path: Path) -> None:
    world = World(clock=Clock(), token=TOKEN, bot_username="b", bot_name="B", files_folder=tmp_path)
    file = world.files.add("a.txt", b"content")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"content"]
    assert file.read() == b"content"
