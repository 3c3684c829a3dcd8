"""What the coordinators are told after a restart that found something undone."""

from bot.outbox import Letter
from bot.restarts import Restart
from handlers.cards import letter
from handlers.people import agency_name
from handlers.services import Services
from handlers.texts import say


async def tell_of_restart(services: Services) -> None:
    """Tell them, if there is anything to tell."""

    def words(restart: Restart) -> Letter:
        agencies = [agency_name(services, agency) for agency in restart.agencies]
        return letter(say("restart", restart=restart, agencies=agencies, span=_span(restart)))

    await services.restarts.tell(words)


def _span(restart: Restart) -> str:
    """How long the bot was away, in the two largest units."""
    minutes = round((restart.back_at - restart.seen_at).total_seconds() / 60)
    days, hours = divmod(minutes // 60, 24)
    parts = [(days, "ngày"), (hours, "giờ"), (minutes % 60, "phút")]
    return " ".join([f"{count} {unit}" for count, unit in parts if count][:2]) or "dưới một phút"
