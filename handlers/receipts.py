"""/biennhan and /kiemtra: receipts shown again, and whether one is real and current."""

from telegram import CallbackQuery, Message, Update, User

from bot.states import State
from handlers import wording
from handlers.agencies import NOT_YOURS, Purpose, may_see, with_own
from handlers.buttons import Code, button, two_a_row
from handlers.cards import reply
from handlers.messages import answer_in
from handlers.people import agency_name
from handlers.replies import GONE, Reply
from handlers.services import Context, Services
from handlers.texts import say
from handlers.versions import due_of, receipt_html

# Older versions offered under the newest receipt.
_OLDER = 6


async def on_receipts(update: Update, context: Context) -> None:
    """/biennhan: the newest receipt of one's agency."""
    await with_own(update, context, Purpose.RECEIPTS, show_receipts)


async def show_receipts(message: Message, person: User, services: Services, agency: str) -> None:
    """The newest receipt of an agency, with the older ones to choose from."""
    if not await may_see(services, person.id, agency):
        await answer_in(message, Reply(NOT_YOURS, None))
        return
    versions = await services.submissions.versions(agency)
    if not versions:
        await answer_in(message, Reply(say("no_receipt", agency=agency_name(services, agency)), None))
        return
    await answer_in(message, await _receipt(services, versions[0][0].id))


async def on_receipt(query: CallbackQuery, context: Context, receipt: int) -> None:
    """Show a receipt below."""
    services, message = context.bot_data, query.message
    found = await services.submissions.version(receipt)
    if found is None or not isinstance(message, Message):
        await query.answer(GONE)
        return
    if not await may_see(services, query.from_user.id, found[0].agency):
        await query.answer(NOT_YOURS)
        return
    await answer_in(message, await _receipt(services, receipt))
    await query.answer()


async def on_check(update: Update, context: Context) -> None:
    """/kiemtra CODE: is this receipt real and current? For whoever holds the code."""
    message, services = update.effective_message, context.bot_data
    if message is None:
        return
    if not context.args:
        await answer_in(message, Reply(say("check_how"), None))
        return
    checked = await services.receipts.check(" ".join(context.args))
    if checked is None:
        await answer_in(message, Reply(say("check_wrong"), None))
        return
    html = say(
        "checked",
        version=checked.version,
        agency=agency_name(services, checked.version.agency),
        current=checked.is_current,
        withdrawn=checked.state is State.WITHDRAWN,
        newest=checked.newest,
        state=wording.state(checked.state),
        due=due_of(checked.version),
        files=checked.files,
    )
    await answer_in(message, Reply(html, None))


async def _receipt(services: Services, receipt: int) -> Reply:
    found = await services.submissions.version(receipt)
    if found is None:
        return Reply(GONE, None)
    version, files = found
    versions = await services.submissions.versions(version.agency)
    standing = await services.submissions.standing(version.agency)
    html = receipt_html(services, version, files, standing.state, versions[0][0].version)
    others = [
        button(f"Bản {one.version}", Code.RECEIPT, one.id) for one, _ in versions[: _OLDER + 1] if one.id != version.id
    ]
    return reply(html, two_a_row(others))
