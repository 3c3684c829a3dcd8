"""What is said of submissions: what is given, where one stands, what just happened, and that somebody was faster."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.attachments import Attachment
from bot.audit import Actor
from bot.contacts import Role
from bot.outbox import Letter
from bot.states import State, Way
from bot.store.ledger_tables import Act
from bot.store.submission_tables import Step, Version, VersionFile


class OvertakenError(Exception):
    """A step cannot be taken any more.

    Attributes:
        standing: where the submission stands instead.
    """

    def __init__(self, standing: "Standing") -> None:
        super().__init__(standing.state)
        self.standing = standing


class DraftGoneError(Exception):
    """What was to be confirmed has been confirmed already, by another tap."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is confirmed.

    Attributes:
        way: how the report was sent.
        number: of the document, if told.
        day: of the document, if told.
        files: attached here.
        handed_in_by: who handed it in, where a coordinator records it on the agency's behalf.
    """

    way: Way
    number: str | None = None
    day: date | None = None
    files: tuple[Attachment, ...] = ()
    handed_in_by: str | None = None


class Standing(NamedTuple):
    """Where an agency's submission stands.

    Attributes:
        state: linked or not opened where nothing has happened yet.
        step: the last one; None where nothing has happened yet.
        version: the newest one; None where there is none.
        files: of that version.
        due_before: the day before which the report is due now.
    """

    agency: str
    state: State
    step: Step | None
    version: Version | None
    files: Sequence[VersionFile]
    due_before: date | None

    @property
    def number(self) -> int:
        """How many steps there were."""
        return self.step.number if self.step else 0


@dataclass(frozen=True, slots=True)
class Event:
    """A step that was just taken.

    Attributes:
        act: what was done.
        actor: by whom.
        step: the step.
        version: that it is about; None where the agency never confirmed anything.
        files: of that version.
        due_before: the day before which the report is due from now on.
        new_due: whether the step set this day.
    """

    act: Act
    actor: Actor
    step: Step
    version: Version | None
    files: Sequence[VersionFile]
    due_before: date | None
    new_due: bool = False


# The words of an event for each role; None: they are told nothing.
EventWords = Callable[[Event, Role], Letter | None]
