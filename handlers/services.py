"""What the handlers work with, put together by the roof and carried by python-telegram-bot's context."""

from dataclasses import dataclass
from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.annex import Annexes
from bot.askers import Askers
from bot.attachments import Attachments
from bot.audiences import Audiences
from bot.audit import Audit
from bot.board import Boards
from bot.bulk import BulkLane
from bot.clock import Clock
from bot.contacts import Contacts
from bot.contingency import Contingency
from bot.conversations import Conversations
from bot.coordinators import Coordinators
from bot.deadlines import Deadlines
from bot.delivery import Deliverer
from bot.digests import Digests
from bot.drafts import Drafts
from bot.handled import Handled
from bot.heartbeats import Heartbeats
from bot.inbox import Inbox
from bot.invitations import Invitations
from bot.metrics import Metrics
from bot.notice_reading import NoticeReading
from bot.notice_versions import NoticeVersions
from bot.notices import Notices
from bot.outbox import Outbox
from bot.outside import Outside
from bot.pack_changes import PackChanges
from bot.phrasings import Phrasings
from bot.privacy import Privacy
from bot.questions import Questions
from bot.receipts import Receipts
from bot.reminders import Reminders
from bot.restarts import Restarts
from bot.retention import Retention
from bot.store.seat import Seat
from bot.submissions import Submissions
from bot.subscribers import Subscribers
from bot.written_answers import WrittenAnswers
from handlers.in_force import InForce
from knowledge.answer import Answerer
from knowledge.pack import Pack


@dataclass(frozen=True)
class Services:
    """The rooms behind the handlers."""

    clock: Clock
    in_force: InForce
    askers: Askers
    questions: Questions
    inbox: Inbox
    written_answers: WrittenAnswers
    phrasings: Phrasings
    conversations: Conversations
    coordinators: Coordinators
    contacts: Contacts
    invitations: Invitations
    drafts: Drafts
    deadlines: Deadlines
    contingency: Contingency
    submissions: Submissions
    receipts: Receipts
    boards: Boards
    annexes: Annexes
    reminders: Reminders
    digests: Digests
    attachments: Attachments
    privacy: Privacy
    retention: Retention
    restarts: Restarts
    audit: Audit
    outbox: Outbox
    seat: Seat
    heartbeats: Heartbeats
    handled: Handled
    deliverer: Deliverer
    bulk: BulkLane
    audiences: Audiences
    notices: Notices
    notice_versions: NoticeVersions
    notice_reading: NoticeReading
    subscribers: Subscribers
    pack_changes: PackChanges
    metrics: Metrics
    outside: Outside

    @property
    def answerer(self) -> Answerer:
        """Answers from the knowledge in force."""
        return self.in_force.answerer

    @property
    def pack(self) -> Pack:
        """The knowledge in force."""
        return self.answerer.pack


# No chat or user data is kept in memory: state lives in rows.
Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], Services]
App = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], Services, None]
