"""Audiences of notices: which agencies and people each one is, and who of them cannot be reached."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import OWING, State
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Failure, Outgoing
from bot.store.notice_tables import Audience, Subscriber
from bot.store.people_tables import Contact
from bot.submissions import Submissions

# The agencies there are, each with the form of its inspection where that is known.
Forms = Mapping[str, str | None]

_LOST = frozenset({Failure.BLOCKED, Failure.UNREACHABLE})


@dataclass(slots=True)
class Addressee:
    """A person to whom a notice goes, and for which agencies."""

    name: str | None
    agencies: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an audience comes to.

    Attributes:
        agencies: all that belong to it.
        people: who gets the notice, by their number.
        without_contact: the agencies for which nobody acts.
        cut_off: the agencies that were lost, since the last message to each of their contacts failed, and why.
    """

    agencies: tuple[str, ...]
    people: Mapping[int, Addressee]
    without_contact: tuple[str, ...]
    cut_off: Mapping[str, Failure]


class Audiences:
    """Looks up who belongs to an audience at this moment."""

    def __init__(self, database: Database, submissions: Submissions) -> None:
        self._database = database
        self._submissions = submissions

    async def sizes(self, forms: Forms) -> dict[Audience, int]:
        """How many agencies, and people where it is not about agencies, each audience has."""
        async with self._database.session() as session:
            states = await self._submissions.states_in(session)
            sizes = {one: len(_agencies(one, forms, states, ())) for one in Audience}
            sizes[Audience.SUBSCRIBERS] = await session.scalar(select(func.count()).select_from(Subscriber)) or 0
            return sizes

    async def reach(self, audience: Audience, forms: Forms, chosen: Collection[str] = ()) -> Reach:
        """Whom an audience comes to now."""
        async with self._database.session() as session:
            return await self.reach_in(session, audience, forms, chosen)

    async def reach_in(self, session: AsyncSession, audience: Audience, forms: Forms, chosen: Collection[str]) -> Reach:
        """Whom an audience comes to, within a transaction.

        Args:
            session: the transaction.
            audience: which.
            forms: the agencies there are.
            chosen: the agencies that were chosen one by one.
        """
        if audience is Audience.SUBSCRIBERS:
            found = await session.scalars(select(Subscriber.person_id).order_by(Subscriber.person_id))
            return Reach((), {person: Addressee(None) for person in found}, (), {})
        agencies = _agencies(audience, forms, await self._submissions.states_in(session), chosen)
        people: dict[int, Addressee] = {}
        for contact in await session.scalars(select(Contact).order_by(Contact.linked_at, Contact.person_id)):
            if contact.agency in agencies:
                people.setdefault(contact.person_id, Addressee(contact.name)).agencies.append(contact.agency)
        lost = await _lost(session, people)
        cut_off: dict[str, Failure] = {}
        without = []
        for agency in agencies:
            contacts = [person for person, one in people.items() if agency in one.agencies]
            if not contacts:
                without.append(agency)
            elif all(person in lost for person in contacts):
                cut_off[agency] = lost[contacts[0]]
        return Reach(tuple(agencies), people, tuple(without), cut_off)


def _agencies(audience: Audience, forms: Forms, states: Mapping[str, State], chosen: Collection[str]) -> list[str]:
    def belongs(agency: str) -> bool:
        match audience:
            case Audience.ALL:
                return True
            case Audience.ONSITE | Audience.DOSSIER:
                return forms[agency] == audience
            case Audience.OWING:
                return states.get(agency, State.NOT_OPENED) in OWING
            case Audience.RETURNED:
                return states.get(agency) is State.RETURNED
            case _:
                return agency in chosen

    return [agency for agency in forms if belongs(agency)]


async def _lost(session: AsyncSession, people: Collection[int]) -> dict[int, Failure]:
    """Those whose last message failed for good, and why."""
    ended = Outgoing.state.in_((Delivery.SENT, Delivery.FAILED)) & Outgoing.chat_id.in_(people)
    last = select(func.max(Outgoing.id)).where(ended).group_by(Outgoing.chat_id)
    found = await session.execute(
        select(Outgoing.chat_id, Outgoing.reason).where(Outgoing.id.in_(last), Outgoing.reason.in_(_LOST))
    )
    return {chat_id: reason for chat_id, reason in found if reason}
