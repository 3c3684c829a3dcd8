"""Who may press what; asked anew each time, never read from a button."""

from telegram import CallbackQuery

from handlers.people import is_coordinator
from handlers.services import Services


async def refused(query: CallbackQuery, services: Services) -> bool:
    """Whether a coordinator's button was pressed by somebody else; says so."""
    if not await is_coordinator(services, query.from_user.id):
        await query.answer("Nút này dành cho cán bộ điều phối.")
        return True
    return False
