"""/moi: inviting contacts, and making codes worthless again."""

from telegram import CallbackQuery, Message, Update, User

from bot.invitations import Issued
from handlers.agencies import NOT_YOURS, Purpose, offer, typed
from handlers.buttons import Code, button
from handlers.cards import Rows, reply
from handlers.messages import answer_in, replace
from handlers.people import actor, agency_name, is_coordinator
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say

_COORDINATOR = "cán bộ điều phối"


async def on_invite(update: Update, context: Context) -> None:
    """/moi: for which agency?"""
    message, services = update.effective_message, context.bot_data
    if message is None:
        return
    named = typed(services, " ".join(context.args or ()))
    if len(named) == 1 and update.effective_user:
        await invite(message, update.effective_user, services, named[0])
    else:
        await offer(message, services, Purpose.INVITE, named or None)


async def invite(message: Message, person: User, services: Services, agency: str) -> None:
    """Make a code for a contact of an agency."""
    if not await is_coordinator(services, person.id):
        await answer_in(message, Reply(say("coordinators_only"), None))
        return
    issued = await services.invitations.issue(actor(person), agency)
    await answer_in(message, invitation_card(message, services, issued, agency))


async def on_invite_coordinator(query: CallbackQuery, context: Context) -> None:
    """Make a code for another coordinator."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    if not isinstance(message, Message):
        await query.answer(GONE)
        return
    issued = await services.invitations.issue(actor(query.from_user), None)
    await answer_in(message, invitation_card(message, services, issued, None))
    await query.answer()


def invitation_card(
    message: Message, services: Services, issued: Issued, agency: str | None, *, handover: bool = False
) -> Reply:
    """The link and the code, to be passed on; for a coordinator where no agency is named."""
    html = say(
        "invitation",
        agency=agency_name(services, agency) if agency else _COORDINATOR,
        link=f"https://t.me/{message.get_bot().username}?start={issued.code}",
        code=issued.spelled,
        uses=issued.uses,
        expires_at=issued.expires_at,
        handover=handover,
    )
    rows: Rows = [[button("Thu hồi mã", Code.REVOKE, issued.id)]]
    return reply(html, rows)


async def on_revoke(query: CallbackQuery, context: Context, invitation_id: int) -> None:
    """Make a code worthless; whoever made it may, and every coordinator."""
    services, person = context.bot_data, query.from_user
    invitation = await services.invitations.get(invitation_id)
    if invitation is None:
        await query.answer(GONE)
        return
    if invitation.created_by != person.id and not await is_coordinator(services, person.id):
        await query.answer(NOT_YOURS)
        return
    if not await services.invitations.revoke(invitation_id, actor(person)):
        await query.answer("Mã này đã được dùng, hết hạn hoặc thu hồi rồi.")
        return
    name = agency_name(services, invitation.agency) if invitation.agency else _COORDINATOR
    await replace(query, Reply(say("revoked", agency=name), None))
    await query.answer("Đã thu hồi.")
