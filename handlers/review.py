"""The coordinator's card on a version: accepting, undoing that, looking at its files."""

from telegram import CallbackQuery, Message

from bot.submission_records import OvertakenError, Standing
from handlers import wording
from handlers.messages import send_stored
from handlers.people import actor
from handlers.replies import GONE
from handlers.rights import refused
from handlers.services import Context
from handlers.versions import event_words


async def on_accept(query: CallbackQuery, context: Context, receipt: int) -> None:
    """Accept a version; its cards say so."""
    services, person = context.bot_data, query.from_user
    if await refused(query, services):
        return
    try:
        await services.submissions.accept(actor(person), receipt, event_words(services))
    except OvertakenError as overtaken:
        await query.answer(past_review(overtaken.standing))
    else:
        await query.answer("Đã tiếp nhận.")


async def on_undo(query: CallbackQuery, context: Context, receipt: int) -> None:
    """Undo accepting a version, for a while."""
    services, person = context.bot_data, query.from_user
    if await refused(query, services):
        return
    try:
        await services.submissions.undo_acceptance(actor(person), receipt, event_words(services))
    except OvertakenError:
        await query.answer("Chỉ hoàn tác được trong mười phút sau khi tiếp nhận.")
    else:
        await query.answer("Đã hoàn tác.")


async def on_files(query: CallbackQuery, context: Context, receipt: int) -> None:
    """Send the files of a version below."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    found = await services.submissions.version(receipt)
    if found is None or not isinstance(message, Message):
        await query.answer(GONE)
        return
    missing = [file.name for file in found[1] if not services.attachments.path(file.sha256).is_file()]
    for file in found[1]:
        if file.name not in missing:
            await send_stored(message, services.attachments.path(file.sha256), file.name)
    await query.answer(f"Không còn tệp {', '.join(missing)} trên máy chủ." if missing else None)


def past_review(standing: Standing) -> str:
    """That a version does not lie before the coordinator any more, and how it stands."""
    version = standing.version.version if standing.version else 0
    return f"Đã thay đổi: hiện là bản {version}, {wording.STATES[standing.state][1]}."
