"""/riengtu: what is stored about a person, and deleting it."""

from telegram import CallbackQuery, Message, Update

from bot.contacts import Words
from handlers.buttons import Code, button
from handlers.cards import ask_once_more, reply
from handlers.commands import set_menu
from handlers.kept import NOTES, kept, until
from handlers.messages import answer_in, replace
from handlers.my_agency import unlinked_words
from handlers.notice_reading import UNSUBSCRIBE
from handlers.people import agency_name
from handlers.replies import Reply
from handlers.services import Context, Services
from handlers.texts import say


async def on_privacy(update: Update, context: Context) -> None:
    """/riengtu: what is stored, why, and for how long."""
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None:
        return
    stored = await services.privacy.stored(person.id)
    html = say(
        "privacy",
        stored=stored,
        id=person.id,
        agencies=[agency_name(services, agency) for agency in stored.agencies],
        kept=kept(until(await services.retention.last_day(), services.clock.today())),
        notes=NOTES,
    )
    rows = [[button(UNSUBSCRIBE, Code.UNSUBSCRIBE)]] if stored.subscribed else []
    await answer_in(message, reply(html, [*rows, [button("Xoá dữ liệu của tôi", Code.FORGET)]]))


async def on_forget(query: CallbackQuery, context: Context) -> None:
    """Ask once more."""
    services = context.bot_data
    agencies = await services.contacts.agencies_of(query.from_user.id)
    html = say(
        "privacy_sure",
        agencies=[agency_name(services, agency) for agency in agencies],
        is_named=services.coordinators.is_named(query.from_user.id),
    )
    if isinstance(query.message, Message):
        await answer_in(query.message, ask_once_more(html, button("Xoá dữ liệu của tôi", Code.FORGET_SURELY)))
    await query.answer()


async def on_forget_surely(query: CallbackQuery, context: Context) -> None:
    """Delete it."""
    services, person = context.bot_data, query.from_user
    agencies = await services.contacts.agencies_of(person.id)
    words = {agency: await _words(services, agency, person.id) for agency in agencies}
    await services.privacy.forget(person.id, words)
    await replace(query, Reply(say("forgotten"), None))
    await query.answer("Đã xoá.")
    await set_menu(context.bot, services, person.id)


async def _words(services: Services, agency: str, person_id: int) -> Words:
    others = [one for one in await services.contacts.of(agency) if one.person_id != person_id]
    return unlinked_words(services, agency, None, left=bool(others), forgotten=True)
