"""The roof, first half: every room's nouns are made, and made known to each other."""

import time
from collections.abc import Callable

import httpx

from bot.allowance import Allowance
from bot.annex import Annexes
from bot.askers import Askers
from bot.attachment_folder import ATTACHMENTS
from bot.attachments import Attachments
from bot.audiences import Audiences
from bot.audit import Audit
from bot.board import Boards
from bot.bulk import BulkLane
from bot.client import trusted
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
from bot.order import ChatOrder
from bot.outbox import Outbox
from bot.outside import Outside
from bot.pack_changes import PackChanges
from bot.phrasings import Phrasings
from bot.privacy import Privacy
from bot.questions import Questions
from bot.receipts import Receipts, load_key
from bot.reminders import Reminders
from bot.restarts import Restarts
from bot.retention import Retention
from bot.roster import Roster
from bot.settings import Settings
from bot.store.database import Database
from bot.store.seat import seat_at
from bot.store.turns import turns_at
from bot.submission_news import SubmissionNews
from bot.submissions import Submissions
from bot.subscribers import Subscribers
from bot.vitals import Vitals
from bot.written_answers import WrittenAnswers
from handlers import too_fast
from handlers.in_force import InForce, Learned, Rostered, Switched
from handlers.services import Services
from knowledge.answer import Answerer
from knowledge.deadline import is_working_day


class StartError(Exception):
    """The bot cannot start; the message says why and what to do, in Vietnamese."""


def assemble(
    settings: Settings, answerer: Answerer, database: Database, clock: Clock,
    now: Callable[[], float] = time.monotonic,
) -> Services:  # fmt: skip
    """Every room's nouns, made known to each other.

    Args:
        settings: what to run on.
        answerer: what the bot knows.
        database: what it remembers.
        clock: the time it lives in.
        now: seconds of a clock that never goes back, for what depends on the machine and not on the day.

    Raises:
        StartError: the data folder cannot be used.
    """
    try:
        key = load_key(settings.data)
    except OSError as error:
        raise StartError(f"Không ghi được vào thư mục {settings.data} ({error.strerror}).") from None
    metrics = Metrics(answerer.pack.folder.name, answerer.pack.version)
    phrasings = Phrasings(database, clock)
    outbox = Outbox(clock)
    seat = seat_at(database, outbox.wake)
    audit = Audit(database, clock)
    coordinators = Coordinators(database, settings.coordinators)
    contacts = Contacts(database, clock, outbox, audit, coordinators)
    invitations = Invitations(database, clock, outbox, audit, contacts, coordinators)
    roster = Roster(database, clock, audit, contacts, invitations)
    contingency = Contingency(database, clock, outbox, audit, contacts, coordinators)
    in_force = InForce(answerer, [Rostered(roster), Learned(phrasings), Switched(contingency)])
    deadlines = Deadlines(database, clock, audit, contacts, lambda: in_force.report_before)
    news = SubmissionNews(outbox, contacts, coordinators)
    submissions = Submissions(database, clock, audit, contacts, deadlines, news)
    questions, conversations = Questions(database, clock), Conversations(database, clock)
    drafts = Drafts(database, clock, outbox)
    audiences = Audiences(database, submissions)
    notices = Notices(database, clock, outbox, audit, audiences)
    reminders = Reminders(database, clock, outbox, contacts, deadlines, submissions, is_working_day)
    deliverer = Deliverer(database, clock, outbox, seat, metrics.ended)
    heartbeats = Heartbeats(database)
    order = ChatOrder(metrics.handled, Allowance(now), too_fast.tell, now)
    handled = Handled(database)
    return Services(
        clock=clock,
        in_force=in_force,
        askers=Askers(database, coordinators, deadlines, conversations, questions),
        questions=questions,
        inbox=Inbox(database, clock),
        written_answers=WrittenAnswers(database, clock, outbox, audit),
        phrasings=phrasings,
        conversations=conversations,
        coordinators=coordinators,
        contacts=contacts,
        invitations=invitations,
        drafts=drafts,
        deadlines=deadlines,
        contingency=contingency,
        submissions=submissions,
        receipts=Receipts(database, key),
        boards=Boards(database, clock, deadlines),
        annexes=Annexes(database),
        reminders=reminders,
        digests=Digests(database, clock, outbox, coordinators),
        attachments=Attachments(
            settings.data / ATTACHMENTS,
            httpx.AsyncClient(proxy=settings.proxy_url, trust_env=False, verify=trusted()),
        ),
        privacy=Privacy(database, clock, audit, contacts, coordinators),
        retention=Retention(database, clock, deadlines, coordinators, lambda: in_force.period),
        restarts=Restarts(database, clock, outbox, coordinators),
        audit=audit,
        outbox=outbox,
        seat=seat,
        heartbeats=heartbeats,
        handled=handled,
        deliverer=deliverer,
        bulk=BulkLane(database, clock, outbox, settings.send_rate, seat, metrics.ended),
        audiences=audiences,
        notices=notices,
        notice_versions=NoticeVersions(database, clock, audit, notices),
        notice_reading=NoticeReading(database, clock),
        subscribers=Subscribers(database, clock),
        pack_changes=PackChanges(database, outbox, audit, coordinators),
        metrics=metrics,
        outside=Outside(
            settings,
            metrics,
            Vitals(database),
            order,
            deliverer,
            reminders,
            heartbeats,
            turns_at(database),
            handled,
            now,
        ),
    )
