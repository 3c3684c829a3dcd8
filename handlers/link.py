"""Becoming an agency's contact, or a coordinator, by an invitation code."""

from telegram import CallbackQuery, Message, User

from bot.contacts import Role, Words
from bot.invitations import InvitationError, Refusal, read_code
from bot.outbox import Letter
from bot.store.people_tables import Invitation
from handlers.buttons import Code, button
from handlers.cards import PAST, cancel_row, letter, open_card, pressed_draft, reply
from handlers.commands import set_menu
from handlers.messages import answer_in, replace
from handlers.people import actor, agency_name, called
from handlers.replies import Reply
from handlers.services import Context, Services
from handlers.texts import say

KIND = "link"

_WHY = {
    Refusal.UNKNOWN: "Mã này không đúng.",
    Refusal.EXPIRED: "Mã này đã hết hạn.",
    Refusal.USED: "Mã này đã được dùng.",
    Refusal.REVOKED: "Mã này đã bị thu hồi.",
    Refusal.WAIT: "Anh/chị đã thử sai nhiều lần nên trợ lý tạm dừng nhận mã.",
}

_COORDINATION = "Ban điều phối"


async def use_code(message: Message, person: User, services: Services, typed: str) -> None:
    """A code was opened or typed: show what it would bind the person to, and ask."""
    try:
        invitation = await services.invitations.look_up(person.id, read_code(typed) or "")
    except InvitationError as error:
        await answer_in(message, _refused(error))
        return
    html = say(
        "link_consent",
        agency=_bound_to(services, invitation),
        coordinator=invitation.agency is None,
        predecessor=invitation.replaces is not None,
        name=called(person),
    )
    rows = [[button("Đồng ý", Code.LINK)], *cancel_row()]
    await open_card(message, person.id, services, KIND, {"invitation": invitation.id}, reply(html, rows))


async def on_agree(query: CallbackQuery, context: Context) -> None:
    """Agreed: link, and tell the others."""
    services, person = context.bot_data, query.from_user
    draft = await pressed_draft(query, services, KIND)
    if draft is None:
        return
    invitation = await services.invitations.get(draft.data["invitation"])
    if invitation is None:
        await query.answer(PAST)
        return
    try:
        await services.invitations.accept(invitation.id, actor(person), await _words(services, invitation, person))
    except InvitationError as error:
        await services.drafts.drop(person.id)
        await replace(query, _refused(error))
        await query.answer()
        return
    await services.drafts.drop(person.id)
    is_contact = invitation.agency is not None
    rows = [[button("Xác nhận nộp báo cáo", Code.BEGIN)]] if is_contact else []
    html = say("linked", agency=_bound_to(services, invitation), coordinator=not is_contact)
    await replace(query, reply(html, rows))
    await query.answer("Đã liên kết.")
    await set_menu(context.bot, services, person.id)
    if invitation.replaces:
        await set_menu(context.bot, services, invitation.replaces)


def _bound_to(services: Services, invitation: Invitation) -> str:
    return agency_name(services, invitation.agency) if invitation.agency else _COORDINATION


async def _words(services: Services, invitation: Invitation, person: User) -> Words:
    agency = invitation.agency
    before = None
    if agency and invitation.replaces:
        contacts = await services.contacts.of(agency)
        named = (contact.name for contact in contacts if contact.person_id == invitation.replaces)
        before = next(named, None) or "đầu mối trước"
    what = f"đầu mối của {agency_name(services, agency)}" if agency else "cán bộ điều phối"

    def words(role: Role) -> Letter | None:
        return letter(say("told_linked", name=called(person), what=what, predecessor=before))

    return words


def _refused(error: InvitationError) -> Reply:
    return Reply(say("link_refused", why=_WHY[error.refusal], until=error.until), None)
