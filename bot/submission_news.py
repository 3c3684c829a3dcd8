"""Who is told of a step of a submission: the one who took it, the agency's contacts, the coordinators.

A version has one card in each coordinator's chat. It changes as the submission goes on and is never sent a second time.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.contacts import Contacts, Role
from bot.coordinators import Coordinators
from bot.outbox import Outbox
from bot.store.ledger_tables import Act
from bot.store.submission_tables import Version
from bot.submission_records import Event, EventWords, Standing

# What brings a new version before the coordinators.
_BRINGS_VERSION = frozenset({Act.CONFIRMED, Act.AMENDED, Act.RECORDED})

# What a coordinator does to a version: the others see it on the card they have.
_ON_THE_CARD = frozenset({Act.ACCEPTED, Act.ACCEPTANCE_UNDONE, Act.RETURNED})


def review_subject(version: Version) -> str:
    """What the coordinators' cards on a version are about, in the ledger."""
    return f"review:{version.id}"


class SubmissionNews:
    """Puts the messages of a step into the ledger, in its transaction."""

    def __init__(self, outbox: Outbox, contacts: Contacts, coordinators: Coordinators) -> None:
        self._outbox = outbox
        self._contacts = contacts
        self._coordinators = coordinators

    async def tell(
        self, session: AsyncSession, event: Event, words: EventWords, card: int | None, before: Standing
    ) -> None:
        """Tell everybody concerned.

        Args:
            session: the step's transaction.
            event: what happened.
            words: what each role is told.
            card: the message in the actor's chat that shows the outcome; None where it is the version's own card.
            before: where the submission stood.
        """
        coordinators = await self._coordinators.ids_in(session)
        brings_version = event.act in _BRINGS_VERSION
        subject = review_subject(event.version) if event.version else None
        told = {event.actor.id}
        letter = words(event, Role.ACTOR)
        # Who records for an agency reviews on the very card that shows it.
        records = event.act is Act.RECORDED
        if letter and card is not None and event.actor.id is not None:
            self._outbox.put(session, event.actor.id, letter, replaces=card, subject=subject if records else None)

        cards = words(event, Role.CARD) if subject else None
        if brings_version and before.version and (older := words(event, Role.OLDER_CARD)):
            await self._outbox.change(session, review_subject(before.version), older)
        elif not brings_version and subject and cards:
            await self._outbox.change(session, subject, cards)
        news = None
        if event.act not in _ON_THE_CARD:
            news = cards if brings_version else words(event, Role.COORDINATOR)
        if news:
            # A coordinator who confirms for their own agency has the receipt, and the card besides.
            for person_id in sorted(coordinators if brings_version and not records else coordinators - told):
                self._outbox.put(session, person_id, news, subject=subject if brings_version else None)
                told.add(person_id)

        letter = words(event, Role.CONTACT)
        for contact in await self._contacts.of_in(session, event.step.agency):
            if letter and contact.person_id not in told:
                self._outbox.put(session, contact.person_id, letter)
