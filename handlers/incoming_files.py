"""Files that contacts send: they begin a confirmation, or are added to the one that is open."""

from telegram import Document, Message, PhotoSize, Update
from telegram.error import BadRequest

from bot.attachment_kinds import AttachmentError, Reason
from bot.attachments import Attachment
from handlers import notice_draft, notices
from handlers.confirm import begin_somewhere, hear, open_form
from handlers.confirm_form import KIND, MOST_FILES, TOO_MANY, form_of, unplaced, with_file
from handlers.messages import answer_in, show_upload
from handlers.replies import Reply
from handlers.services import Context, Services
from handlers.texts import say
from knowledge.document_reference import read_reference

_WHY = {
    Reason.TOO_BIG: "Tệp lớn hơn 20 MB nên trợ lý không tải được. Anh/chị gửi bản nén hoặc bỏ qua bước này.",
    Reason.EMPTY: "Tệp trống. Anh/chị xem lại và gửi tệp khác.",
    Reason.NOT_ACCEPTED: (
        "Trợ lý chỉ nhận PDF, Word, Excel, ảnh và ZIP, xét theo nội dung tệp chứ không theo tên. "
        "Anh/chị chuyển sang một trong các dạng đó rồi gửi lại."
    ),
    Reason.OTHER_ARCHIVE: "Trợ lý không mở được RAR và 7z. Anh/chị nén lại bằng ZIP rồi gửi.",
    Reason.LOCKED: "Tệp có mật khẩu nên nơi nhận không mở được. Anh/chị bỏ mật khẩu rồi gửi lại.",
    Reason.MACROS: "Tệp chứa macro nên trợ lý không nhận. Anh/chị lưu lại dạng không macro (docx, xlsx) hoặc PDF.",
    Reason.NESTED_ARCHIVE: "Tệp ZIP chứa tệp nén khác bên trong. Anh/chị nén lại một lớp hoặc gửi từng tệp.",
    Reason.DAMAGED: "Tệp hỏng, không đọc được. Anh/chị mở thử, lưu lại rồi gửi.",
    Reason.ARCHIVE_BOMB: "Tệp nén này bung ra quá lớn nên trợ lý không nhận. Anh/chị gửi từng tệp riêng.",
    Reason.BROKEN_OFF: "Đường truyền đứt khi tải tệp. Anh/chị gửi lại tệp này.",
    Reason.NO_SPACE: "Máy chủ đang hết chỗ lưu tệp. Anh/chị xác nhận không kèm tệp, hoặc gửi lại sau.",
}


async def on_file(update: Update, context: Context) -> None:
    """A document or a photo in a private chat."""
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None:
        return
    draft = await services.drafts.of(person.id)
    if draft and draft.kind == notice_draft.KIND and await notices.hear_file(message, person, services, draft):
        return
    form = form_of(draft) if draft and draft.kind == KIND and "agency" in draft.data else None
    if form is None and not await services.contacts.agencies_of(person.id):
        await answer_in(message, Reply(say("not_contact_file"), None))
        return
    if form and len(form["files"]) >= MOST_FILES:
        await answer_in(message, Reply(say("file_refused", why=TOO_MANY), None))
        return
    try:
        attachment = await _fetch(message, services)
    except AttachmentError as error:
        await answer_in(message, Reply(say("file_refused", why=_WHY[error.reason]), None))
        return
    if form is None:
        first = with_file({"files": [], **unplaced(draft)}, attachment)
        reference = read_reference(message.caption or "", services.clock.today())
        if reference:
            first |= {"number": reference.number, "day": reference.day and reference.day.isoformat()}
        await begin_somewhere(message, person, services, "", first)
        return
    # Another file may have come while this one was on its way.
    draft = await services.drafts.of(person.id)
    if draft is None or draft.kind != KIND:
        return
    draft.data = with_file(form_of(draft), attachment)
    if not (message.caption and await hear(message, person, services, draft, message.caption)):
        await open_form(message, person, services, form_of(draft))


async def _fetch(message: Message, services: Services) -> Attachment:
    found: Document | PhotoSize | None = message.document or (message.photo[-1] if message.photo else None)
    if found is None:
        raise AttachmentError(Reason.NOT_ACCEPTED)
    name = found.file_name if isinstance(found, Document) and found.file_name else f"anh-{message.message_id}.jpg"
    await show_upload(message)
    try:
        file = await message.get_bot().get_file(found.file_id)
    except BadRequest as error:
        # Telegram does not hand out files of more than 20 MB.
        raise AttachmentError(Reason.TOO_BIG if "too big" in error.message.lower() else Reason.BROKEN_OFF) from error
    attachment = await services.attachments.fetch(file.file_path or "", name)
    if found.file_size and attachment.size != found.file_size:
        # A server that announced too little has sent too little.
        raise AttachmentError(Reason.BROKEN_OFF)
    return attachment
