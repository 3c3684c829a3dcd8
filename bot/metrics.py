"""What the bot counts and measures, for Prometheus. Labels are words of the program, never a person's id or text."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.store import reminder_tables
from bot.store.ledger_tables import Delivery, Lane
from bot.store.tables import Outcome, Via

# Of the ledger's states, those that the database is asked for; what was sent is counted as it is sent, since counting
# two million rows of it takes half a second at each scrape.
UNSENT = tuple(state for state in Delivery if state is not Delivery.SENT)

# Why a request to the webhook is turned away.
REFUSALS = ("secret", "size", "format")

# Seconds.
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

# Calls that show something to people; the others have their own gauges.
_SENDING = ("send", "edit", "delete", "answer", "copy", "forward")


@dataclass(frozen=True, slots=True)
class Counts:
    """What the database counts.

    Attributes:
        ledger: messages that were not sent, by lane and state.
        reminders: milestones by what became of them.
    """

    ledger: Mapping[tuple[Lane, Delivery], int]
    reminders: Mapping[reminder_tables.Outcome, int]


class Metrics:
    """The measures of one running bot.

    Args:
        pack: the name of the pack in use.
        version: of its files.
    """

    def __init__(self, pack: str, version: str) -> None:
        registry = self._registry = CollectorRegistry()
        about = "The pack that answers are made from."
        self._pack = Gauge("isobot_pack_info", about, ["pack", "version"], registry=registry)
        self.pack_in_force(pack, version)
        about = "Questions by how they ended and how they came."
        self._questions = Counter("isobot_questions", about, ["outcome", "via"], registry=registry)
        about = "From taking up a question to its answer being at Telegram."
        self.answer_time = Histogram("isobot_answer_seconds", about, buckets=_BUCKETS, registry=registry)
        about = "From the turn of an update to its end."
        self._updates = Histogram("isobot_update_seconds", about, ["kind"], buckets=_BUCKETS, registry=registry)
        about = "When the last update was handled, in seconds since 1970."
        self._last_update = Gauge("isobot_last_update_timestamp_seconds", about, registry=registry)
        about = "Calls that did not show people what they should, by method and kind of error."
        self._send_errors = Counter("isobot_send_errors", about, ["method", "kind"], registry=registry)
        about = "Requests to the webhook that were turned away."
        self._turned_away = Counter("isobot_webhook_refused", about, ["reason"], registry=registry)
        about = "Messages in the ledger that were not sent, by lane and state."
        self._ledger = Gauge("isobot_ledger_messages", about, ["lane", "state"], registry=registry)
        about = "Messages of the ledger that ended since the start, by lane and state."
        self._ended = Counter("isobot_ledger_ended", about, ["lane", "state"], registry=registry)
        about = "Agencies with a reminder that is due and neither sent nor settled."
        self._due = Gauge("isobot_reminders_due", about, registry=registry)
        about = "Milestones by what became of their reminders."
        self._reminders = Gauge("isobot_reminders", about, ["outcome"], registry=registry)
        about = "Whether a part goes on as it should, as /healthz says."
        self._healthy = Gauge("isobot_healthy", about, ["part"], registry=registry)
        # What has not happened yet is zero, not absent: alerts need the first one, too.
        for reason in REFUSALS:
            self._turned_away.labels(reason)
        for outcome, via in product(Outcome, Via):
            self._questions.labels(outcome, via)
        for lane, state in product(Lane, (Delivery.SENT, Delivery.FAILED, Delivery.UNCERTAIN)):
            self._ended.labels(lane, state)

    def pack_in_force(self, pack: str, version: str) -> None:
        """Answers are made from this pack now."""
        self._pack.clear()
        self._pack.labels(pack, version).set(1)

    def question(self, outcome: Outcome, via: Via) -> None:
        """A question was understood, or not."""
        self._questions.labels(outcome, via).inc()

    def handled(self, kind: str, seconds: float) -> None:
        """An update was handled."""
        self._updates.labels(kind).observe(seconds)
        self._last_update.set(time.time())

    def called(self, method: str, failure: str | None) -> None:
        """A method of the Bot API was called."""
        if failure and method.startswith(_SENDING):
            self._send_errors.labels(method, failure).inc()

    def turned_away(self, reason: str) -> None:
        """A request to the webhook was refused."""
        self._turned_away.labels(reason).inc()

    def ended(self, lane: Lane, state: Delivery) -> None:
        """A message of the ledger ended."""
        self._ended.labels(lane, state).inc()

    def page(self, healthy: Mapping[str, bool], counts: Counts | None, due: int) -> bytes:
        """All of it as Prometheus reads it. What the database could not be asked for is absent, not zero."""
        for part, is_healthy in healthy.items():
            self._healthy.labels(part).set(is_healthy)
        self._due.set(due)
        self._ledger.clear()
        self._reminders.clear()
        if counts:
            for lane, state in product(Lane, UNSENT):
                self._ledger.labels(lane, state).set(counts.ledger.get((lane, state), 0))
            for outcome in reminder_tables.Outcome:
                self._reminders.labels(outcome).set(counts.reminders.get(outcome, 0))
        return generate_latest(self._registry)
