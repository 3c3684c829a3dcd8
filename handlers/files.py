"""Files that answers carry: made from the pack the moment somebody asks for one."""

import asyncio

from telegram import CallbackQuery, Message

from handlers.ask import asker_of
from handlers.messages import send_file, show_upload
from handlers.replies import GONE
from handlers.services import Context
from knowledge.documents import make
from knowledge.outcome import Asker
from knowledge.pack import Pack


async def on_file(query: CallbackQuery, context: Context, name: str) -> None:
    """Make the file with the facts of this moment and send it below; the answer stays."""
    services, message = context.bot_data, query.message
    if name not in services.pack.handouts or not isinstance(message, Message):
        await query.answer(GONE)
        return
    await show_upload(message)
    asker = await asker_of(services, message.chat_id, query.from_user)
    agency = _agency(services.pack, asker)
    # Making one takes a moment in which other chats shall not wait.
    document = await asyncio.to_thread(make, services.pack, name, asker, agency, services.clock.now())
    await send_file(message, document)
    await query.answer()


def _agency(pack: Pack, asker: Asker) -> str | None:
    """The agency that writes the report: the asker's own, or else the one the chat was about, but never the lead."""
    ids = (asker.agency, asker.before.agency if asker.before else None)
    found = (pack.agencies.everyone.get(one) for one in ids if one)
    return next((agency.id for agency in found if agency and not agency.is_lead), None)
