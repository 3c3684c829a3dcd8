"""Who is who: the person behind an update, what they may do, and what agencies are called."""

from telegram import User

from bot.audit import Actor
from bot.visible import line
from handlers.services import Services


def actor(person: User) -> Actor:
    """A person as the records name them."""
    return Actor(person.id, called(person))


def called(person: User) -> str:
    """A person's name as it may stand on a card; their number where nothing of it can be seen."""
    return line(person.full_name) or str(person.id)


async def is_coordinator(services: Services, person_id: int) -> bool:
    """Whether a person coordinates; asked of the records each time."""
    return await services.coordinators.has(person_id)


def agency_name(services: Services, agency: str) -> str:
    """What an agency is called; its id where the pack does not know it any more."""
    known = services.pack.agencies.everyone.get(agency)
    return known.name if known else agency


def recipient(services: Services) -> str | None:
    """To whom the report itself goes."""
    plan = services.pack.plan
    return plan.report.recipient.value if plan else None
