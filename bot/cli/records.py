"""The records that commands share: who was invited, and which agencies were added."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.audit import Audit
from bot.clock import Clock
from bot.contacts import Contacts
from bot.coordinators import Coordinators
from bot.invitations import Invitations
from bot.outbox import Outbox
from bot.roster import Roster
from bot.settings import Settings
from bot.store.database import open_database


@dataclass(frozen=True)
class Records:
    """The rooms behind the commands."""

    invitations: Invitations
    roster: Roster


@asynccontextmanager
async def open_records(settings: Settings) -> AsyncIterator[Records]:
    """Open the records until the block ends.

    Raises:
        DatabaseError: they cannot be opened.
    """
    clock = Clock(settings.at)
    async with open_database(settings.sqlalchemy_url) as database:
        outbox, audit = Outbox(clock), Audit(database, clock)
        coordinators = Coordinators(database, settings.coordinators)
        contacts = Contacts(database, clock, outbox, audit, coordinators)
        invitations = Invitations(database, clock, outbox, audit, contacts, coordinators)
        yield Records(invitations, Roster(database, clock, audit, contacts, invitations))
