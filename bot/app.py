"""The roof: puts the rooms together into a running bot."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import cast

import httpx
from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, Defaults, ExtBot

from bot import logs
from bot.account import open_account
from bot.allowance import Allowance
from bot.annex import Annexes
from bot.askers import Askers
from bot.attachment_folder import ATTACHMENTS
from bot.attachments import Attachments
from bot.audiences import Audiences
from bot.audit import Audit
from bot.board import Boards
from bot.bulk import MOST_AT_ONCE, BulkLane
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
from bot.leadership import lead
from bot.metrics import Metrics
from bot.notice_reading import NoticeReading
from bot.notice_versions import NoticeVersions
from bot.notices import Notices
from bot.order import AT_ONCE, ChatOrder
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
from bot.store.seat import Seat, seat_at
from bot.store.turns import turns_at
from bot.submission_news import SubmissionNews
from bot.submissions import Submissions
from bot.subscribers import Subscribers
from bot.vitals import Vitals
from bot.watchdog import Watchdog
from bot.wire import UpdatesWire, Wire
from bot.written_answers import WrittenAnswers
from handlers import annex, too_fast
from handlers.commands import set_menus
from handlers.in_force import InForce, Learned, Rostered, Switched
from handlers.learn import hand_over
from handlers.notice_progress import keep_cards
from handlers.registry import register
from handlers.reload import keep_watching
from handlers.services import App, Services
from handlers.ticks import tick
from knowledge.answer import Answerer
from knowledge.deadline import is_working_day

log = logs.of(__name__)

# How often the bot asks what is due, by the clock.
_TICK = timedelta(minutes=1)

# Seconds after which what was changed through another process counts here, too.
_KEEPING_UP = 2.0


class StartError(Exception):
    """The bot cannot start; the message says why and what to do, in Vietnamese."""


def build(
    settings: Settings, answerer: Answerer, database: Database, clock: Clock,
    now: Callable[[], float] = time.monotonic,
) -> App:  # fmt: skip
    """A bot that is ready to be run.

    Args:
        settings: what to run on.
        answerer: what it knows.
        database: what it remembers.
        clock: the time it lives in.
        now: seconds of a clock that never goes back, for what depends on the machine and not on the day.

    Raises:
        StartError: the data folder cannot be used.
    """
    services = _services(settings, answerer, database, clock, now)
    account = open_account(
        settings.token.get_secret_value(),
        settings.api_url,
        Wire(services.metrics.called, 2 * AT_ONCE + MOST_AT_ONCE, settings.proxy_url),
        UpdatesWire(services.outside.polling.heard, 1, settings.proxy_url),
        Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)),
    )
    application: App = (
        Application.builder()
        .bot(account)
        .context_types(ContextTypes(bot_data=cast("type[Services]", lambda: services)))
        .concurrent_updates(services.outside.order)
        .job_queue(None)
        .build()
    )
    register(application)
    return application


def _services(
    settings: Settings, answerer: Answerer, database: Database, clock: Clock,
    now: Callable[[], float] = time.monotonic,
) -> Services:  # fmt: skip
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
        askers=Askers(database, contacts, deadlines, conversations, drafts, questions),
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
        attachments=Attachments(settings.data / ATTACHMENTS, httpx.AsyncClient(proxy=settings.proxy_url)),
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


async def export(settings: Settings, answerer: Answerer, database: Database, clock: Clock) -> bytes:
    """The board as a workbook, without a running bot.

    Raises:
        StartError: the data folder cannot be used.
    """
    services = _services(settings, answerer, database, clock)
    try:
        await services.in_force.refresh()
        return (await annex.export(services)).content
    finally:
        await services.attachments.close()


@asynccontextmanager
async def running(application: App, watchdog: Watchdog | None = None) -> AsyncIterator[None]:
    """Run the bot until the block ends.

    Args:
        application: what `build` has made.
        watchdog: who is told that the bot is well.

    Raises:
        StartError: Telegram refuses the token or the webhook, or cannot be reached; the place to listen is taken;
            another bot runs on the same file.
    """
    async with _seated(application.bot_data.seat), _at_work(application, watchdog or Watchdog()):
        yield


@asynccontextmanager
async def _seated(seat: Seat) -> AsyncIterator[None]:
    """Where only one bot may run, it is this one."""
    if not seat.is_shared and not await seat.take():
        raise StartError("Một bot khác đang chạy trên cơ sở dữ liệu này. Dừng bot đó trước, hoặc dùng PostgreSQL.")
    try:
        yield
    finally:
        await seat.leave()


@asynccontextmanager
async def _at_work(application: App, watchdog: Watchdog) -> AsyncIterator[None]:
    services = application.bot_data
    try:
        await application.initialize()
        await set_menus(application.bot, services)
        await hand_over(services, services.pack)
        await services.in_force.refresh()
    except InvalidToken:
        raise StartError("Telegram không nhận mã bot trong ISOBOT_TOKEN. Lấy lại mã từ @BotFather.") from None
    except TelegramError as error:
        cure = "Xem lại mạng, ISOBOT_API_URL, ISOBOT_PROXY."
        raise StartError(f"Không kết nối được máy chủ Bot API ({error}). {cure}") from None
    log.info("pack in force", version=services.pack.version)
    await services.heartbeats.begin()
    working = [
        asyncio.create_task(lead(services.seat, partial(_work_alone, services, application.bot)), name="leading"),
        asyncio.create_task(_keep_up(services), name="keeping up"),
        asyncio.create_task(services.heartbeats.run(), name="heartbeat"),
        asyncio.create_task(keep_watching(services), name="pack"),
    ]
    try:
        await application.start()
        async with _connected(application, watchdog):
            yield
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        if application.running:
            await application.stop()
        await application.shutdown()
        await services.attachments.close()
        await services.heartbeats.end()


@asynccontextmanager
async def _connected(application: App, watchdog: Watchdog) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(application.bot_data.outside.connected(application, _heard(), watchdog))
        except OSError as error:
            raise StartError(f"Không mở được cổng trong ISOBOT_LISTEN ({error.strerror}). Chọn cổng khác.") from None
        except TelegramError as error:
            cure = "Xem lại ISOBOT_WEBHOOK_URL."
            raise StartError(f"Telegram không nhận webhook ({error}). {cure}") from None
        yield


async def _work_alone(services: Services, bot: ExtBot[None]) -> None:
    """What one process at a time does, beginning with what the one before it has left."""
    await services.deliverer.settle_interrupted()
    await services.restarts.look()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(services.deliverer.run(bot), name="deliveries")
        tasks.create_task(services.bulk.run(bot), name="notices")
        tasks.create_task(keep_cards(services, bot), name="notice cards")
        tasks.create_task(_tick_on(services), name="ticks")


async def _keep_up(services: Services) -> None:
    """Take in what other processes have changed of the knowledge in force."""
    while True:
        await asyncio.sleep(_KEEPING_UP)
        try:
            await services.in_force.refresh()
        except Exception:
            log.exception("what is in force not looked up, trying again")


def _heard() -> list[str]:
    return [Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]


async def _tick_on(services: Services) -> None:
    """Do what is due, then wait for the next minute of the clock; one failure does not end the ticking."""
    while True:
        next_tick = services.clock.now() + _TICK
        try:
            await tick(services)
        except Exception:
            log.exception("tick failed, the next one tries again")
        await services.clock.sleep_until(next_tick)
