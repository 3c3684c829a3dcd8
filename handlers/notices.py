"""/thongbao: writing a notice, choosing whom it is for, and seeing beforehand what will be sent."""

from telegram import CallbackQuery, Message, Update, User

from bot.store.ledger_tables import FileKind
from bot.store.notice_tables import Audience
from bot.store.people_tables import Draft
from handlers.buttons import Code, button
from handlers.cards import coordinators_draft, redraw, reply, show_card
from handlers.messages import send_as_notice
from handlers.notice_draft import CHOICE, KIND, TEXT, TIME, Data, draft_card, new_draft
from handlers.notice_time import read_moment
from handlers.notice_words import HEADING, LONGEST_CAPTION, LONGEST_TEXT, READ, forms_of, said_of, shown
from handlers.people import is_coordinator
from handlers.replies import GONE
from handlers.services import Context, Services


async def on_notice_command(update: Update, context: Context) -> None:
    """/thongbao: begin a notice."""
    message, person = update.effective_message, update.effective_user
    if message and person:
        await begin(message, person, context.bot_data, new_draft())


async def begin(message: Message, person: User, services: Services, data: Data) -> None:
    """Begin a notice, perhaps with something in it already; it takes the place of what was being done."""
    before = await services.drafts.of(person.id)
    await services.drafts.keep(person.id, KIND, data, before.message_id if before else None)
    if data["said"]:
        await _show_sample(message, data)
    await show_card(message, person.id, services, await draft_card(services, data))


async def hear(message: Message, person: User, services: Services, draft: Draft, text: str) -> bool:
    """Take a typed text, or a time; anything else is a question."""
    data = dict(draft.data)
    if not await is_coordinator(services, person.id):
        return False
    if data["stage"] == TEXT:
        await _take(message, person, services, data, message.text_html, text, data["file"])
        return True
    if data["stage"] != TIME:
        return False
    moment, now = read_moment(text, services.clock.now()), services.clock.now()
    if moment is None:
        problem = "Trợ lý chưa đọc được giờ này."
    elif moment <= now:
        problem = "Giờ này đã qua; anh/chị gõ giờ khác."
    else:
        problem, data = None, {**data, "at": moment.isoformat(), "stage": None}
    await services.drafts.keep(person.id, KIND, data, draft.message_id)
    await show_card(message, person.id, services, await draft_card(services, data, problem=problem))
    return True


async def hear_file(message: Message, person: User, services: Services, draft: Draft) -> bool:
    """Take a photo or a document with its caption; False if the notice does not wait for one."""
    data = dict(draft.data)
    if data["stage"] != TEXT or not await is_coordinator(services, person.id):
        return False
    if message.photo:
        file = {"file_id": message.photo[-1].file_id, "file_kind": str(FileKind.PHOTO)}
    elif message.document:
        file = {"file_id": message.document.file_id, "file_kind": str(FileKind.DOCUMENT)}
    else:
        return False
    await _take(message, person, services, data, message.caption_html or "", message.caption or "", file)
    return True


async def on_text(query: CallbackQuery, context: Context) -> None:
    """Write it anew."""
    await _change(query, context, stage=TEXT)


async def on_whom(query: CallbackQuery, context: Context) -> None:
    """Choose anew whom it is for."""
    await _change(query, context, audience=None, stage=None)


async def on_audience(query: CallbackQuery, context: Context, audience: str) -> None:
    """It is for these."""
    if audience not in set(Audience):
        await query.answer(GONE)
        return
    await _change(query, context, audience=audience, stage=CHOICE if audience == Audience.CHOSEN else None)


async def on_choice(query: CallbackQuery, context: Context, page: int) -> None:
    """Turn a page of the agencies to choose from."""
    await _change(query, context, page=page)


async def on_toggle(query: CallbackQuery, context: Context, page: int, agency: str) -> None:
    """An agency is chosen, or is not after all."""
    services = context.bot_data
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return
    forms = await forms_of(services)
    if agency not in forms or draft.data["stage"] != CHOICE:
        await query.answer(GONE)
        return
    chosen = set(draft.data["agencies"]) ^ {agency}
    draft.data = {**draft.data, "agencies": [one for one in forms if one in chosen]}
    await redraw(query, services, draft, await draft_card(services, draft.data, page=page))


async def on_time(query: CallbackQuery, context: Context, asks: int) -> None:
    """Ask when it shall go out, or let it go out at once."""
    await _change(query, context, **({"stage": TIME} if asks else {"at": None, "stage": None}))


async def on_preview(query: CallbackQuery, context: Context) -> None:
    """Show what will be sent."""
    await _change(query, context, stage=None)


async def _change(query: CallbackQuery, context: Context, page: int = 0, **values: object) -> None:
    services = context.bot_data
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return
    if draft.data["said"] is None:
        # No button that leads here stands under a draft without a text.
        await query.answer(GONE)
        return
    draft.data = {**draft.data, **values}
    await redraw(query, services, draft, await draft_card(services, draft.data, page=page))


async def _take(
    message: Message, person: User, services: Services, data: Data, html: str, text: str, file: Data | None
) -> None:
    has_file = bool(file and file.get("file_id"))
    longest = LONGEST_CAPTION if has_file else LONGEST_TEXT
    room = longest - (len(HEADING) + 1 if data["corrects"] else 0)
    if len(text.encode("utf-16-le")) // 2 > room:
        problem = f"Nội dung dài quá {room} ký tự{' cho chú thích của tệp' if has_file else ''}; anh/chị rút gọn giúp."
        await show_card(message, person.id, services, await draft_card(services, data, problem=problem))
        return
    said = {"html": html, "file_id": None, "file_kind": None}
    if file and has_file:
        said |= {"file_id": file["file_id"], "file_kind": file["file_kind"]}
    await begin(message, person, services, {**data, "said": said, "stage": None})


async def _show_sample(message: Message, data: Data) -> None:
    said = said_of(data["said"])
    markup = reply("", [[button(READ, Code.NOTICE_SAMPLE)]]).markup
    html = shown(said.html, is_correction=bool(data["corrects"]))
    await send_as_notice(message, html, said.file_id, said.file_kind is FileKind.PHOTO, markup)
