"""/donvi: the agencies a person acts for; ceasing to, and handing over to a successor."""

from telegram import CallbackQuery, Message, Update

from bot.contacts import Role, Words
from bot.outbox import Letter
from handlers import wording
from handlers.agencies import NOT_YOURS
from handlers.buttons import Code, button
from handlers.cards import Rows, ask_once_more, letter, reply
from handlers.commands import set_menu
from handlers.invite import invitation_card
from handlers.messages import answer_in, replace
from handlers.people import actor, agency_name, called
from handlers.reminders import MUTE, UNMUTE
from handlers.replies import GONE, Reply
from handlers.services import Context, Services
from handlers.texts import say


async def on_my_agency(update: Update, context: Context) -> None:
    """/donvi: what one is linked to."""
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None:
        return
    await answer_in(message, await _page(services, person.id))


async def on_remind(query: CallbackQuery, context: Context, agency: str, wanted: int) -> None:
    """Be reminded about an agency, or no more."""
    services, person = context.bot_data, query.from_user
    if wanted not in (0, 1):
        await query.answer(GONE)
        return
    if not await services.contacts.mute(actor(person), agency, muted=not wanted):
        await query.answer(NOT_YOURS)
        return
    await replace(query, await _page(services, person.id))
    await query.answer("Đã bật nhắc." if wanted else "Đã tắt nhắc cho riêng anh/chị.")


async def on_unlink(query: CallbackQuery, context: Context, agency: str) -> None:
    """Ask once more."""
    services = context.bot_data
    if agency not in await services.contacts.agencies_of(query.from_user.id):
        await query.answer(NOT_YOURS)
        return
    name = agency_name(services, agency)
    surely = button(f"Huỷ liên kết với {name}", Code.UNLINK_SURELY, agency)
    if isinstance(query.message, Message):
        await answer_in(query.message, ask_once_more(say("unlink_sure", agency=name), surely))
    await query.answer()


async def on_unlink_surely(query: CallbackQuery, context: Context, agency: str) -> None:
    """Cease, and tell the others."""
    services, person = context.bot_data, query.from_user
    others = [one for one in await services.contacts.of(agency) if one.person_id != person.id]
    words = unlinked_words(services, agency, called(person), left=bool(others))
    if not await services.contacts.unlink(actor(person), agency, words):
        await query.answer(NOT_YOURS)
        return
    await replace(query, Reply(say("unlinked", agency=agency_name(services, agency)), None))
    await query.answer("Đã huỷ liên kết.")
    await set_menu(context.bot, services, person.id)


async def on_hand_over(query: CallbackQuery, context: Context, agency: str) -> None:
    """Make a code for a successor."""
    services, person, message = context.bot_data, query.from_user, query.message
    if agency not in await services.contacts.agencies_of(person.id) or not isinstance(message, Message):
        await query.answer(NOT_YOURS)
        return
    issued = await services.invitations.issue(actor(person), agency, replaces=person.id)
    await answer_in(message, invitation_card(message, services, issued, agency, handover=True))
    await query.answer()


async def _page(services: Services, person_id: int) -> Reply:
    agencies = await services.contacts.agencies_of(person_id)
    shown, rows = [], Rows()
    for agency in agencies:
        name = agency_name(services, agency)
        contacts = await services.contacts.of(agency)
        muted = any(one.person_id == person_id and one.muted_at for one in contacts)
        standing = await services.submissions.standing(agency)
        state = wording.state(standing.state)
        shown.append({"name": name, "state": state, "contacts": len(contacts), "muted": muted})
        which = f" · {name}" if len(agencies) > 1 else ""
        rows += [
            [button(f"{UNMUTE if muted else MUTE}{which}", Code.REMIND, agency, int(muted))],
            [button(f"Bàn giao{which}", Code.HAND_OVER, agency)],
            [button(f"Huỷ liên kết{which}", Code.UNLINK, agency)],
        ]
    return reply(say("my_agencies", agencies=shown), rows)


def unlinked_words(services: Services, agency: str, name: str | None, *, left: bool, forgotten: bool = False) -> Words:
    """What the others are told of somebody who is a contact no more."""

    def words(role: Role) -> Letter | None:
        return letter(
            say("told_unlinked", agency=agency_name(services, agency), name=name, left=left, forgotten=forgotten)
        )

    return words
