"""Delivery: every message of the ledger ends once, as what is known of it, whatever Telegram and the network do."""

import asyncio
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from telegram.constants import ParseMode
from telegram.ext import Defaults, ExtBot

import bot.sending
from bot import delivery
from bot.client import Client
from bot.clock import Clock
from bot.delivery import AT_ONCE, Deliverer
from bot.outbox import Letter
from bot.sandbox.faults import CallFault, Fault
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.sending import Again, note
from bot.store.ledger_tables import Delivery, Failure, Outgoing
from bot.store.seat import seat_at
from tests.bot.office import AN_ID, BINH_ID, CHI_ID, DUNG_ID, Office

TOKEN = "1:sandbox"
GROUP = -7001
NOBODY = 42
BUTTONS = ((("Tiếp nhận", "ra:1"), ("Trả lại", "rs:1")), (("Xem tệp", "rf:1"),))
PATIENCE = 10.0

# The library announces with every 429 that a type will change.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

Sending = Callable[[], AbstractAsyncContextManager[Deliverer]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(delivery, "_FIRST_PAUSE", 0.01)


@pytest.fixture
def world(clock: Clock) -> World:
    """An, Binh and a group have the bot open; Chi has never started it, Dung has blocked it."""
    an = Person(id=AN_ID, key="an", name="An", started=True)
    people = [
        an,
        Person(id=BINH_ID, key="binh", name="Bình", started=True),
        Person(id=CHI_ID, key="chi", name="Chi"),
        Person(id=DUNG_ID, key="dung", name="Dũng", started=True, blocked=True),
    ]
    world = World(clock=clock, token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý", people=people)
    world.add_group(GROUP, "Nhóm thử", [an])
    return world


@pytest.fixture
async def url_of_bot(world: World) -> AsyncIterator[str]:
    async with serve(create_app(world)) as address:
        yield address


@pytest.fixture
def sending(office: Office, url_of_bot: str) -> Sending:
    """Starts what sends, and stops it again, as often as one likes."""
    return lambda: _sending(office, url_of_bot)


@asynccontextmanager
async def _sending(office: Office, url: str) -> AsyncIterator[Deliverer]:
    request = Client(8, None)
    await request.initialize()
    bot = ExtBot(TOKEN, f"{url}/bot", request=request, defaults=Defaults(parse_mode=ParseMode.HTML))
    seat = seat_at(office.database, office.outbox.wake)
    assert await seat.take()
    deliverer = Deliverer(office.database, office.clock, office.outbox, seat)
    await deliverer.settle_interrupted()
    task = asyncio.create_task(deliverer.run(bot))
    try:
        yield deliverer
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await seat.leave()
        await request.shutdown()


async def _settled(deliverer: Deliverer) -> None:
    async with asyncio.timeout(PATIENCE):
        await deliverer.settled()


async def _until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is waited for happens on the other side of the network
            await asyncio.sleep(0.002)


async def _put(
    office: Office, chat_id: int, html: str, *, replaces: int | None = None, subject: str | None = None
) -> None:
    async with office.database.writing() as session:
        office.outbox.put(session, chat_id, Letter(html, BUTTONS), replaces=replaces, subject=subject)


async def _change(office: Office, subject: str, html: str) -> None:
    async with office.database.writing() as session:
        await office.outbox.change(session, subject, Letter(html))


def _heard(world: World, chat_id: int = AN_ID) -> list[Message]:
    return list(world.chats[chat_id].messages.values())


def _texts(world: World, chat_id: int = AN_ID) -> list[str]:
    return [message.text for message in _heard(world, chat_id)]


async def _ends(office: Office) -> list[tuple[Delivery, Failure | None]]:
    """How each message of the ledger ended; those that wait are not claimed by anybody."""
    rows = await office.messages()
    assert all((row.state is Delivery.WAITING) == (row.ended_at is None) for row in rows)
    assert all((row.state is Delivery.SENT) == (row.message_id is not None) for row in rows)
    return [(row.state, row.reason) for row in rows]


SENT = (Delivery.SENT, None)


# How sending ends


async def test_a_message_is_sent_as_it_is_written(office: Office, world: World, sending: Sending) -> None:
    async with sending() as deliverer:
        await _put(office, AN_ID, "<b>Báo cáo</b> &amp; phụ lục")
        await _settled(deliverer)
    [message] = _heard(world)
    assert message.text == "Báo cáo & phụ lục"
    assert [entity.type for entity in message.entities] == ["bold"]
    buttons = [[(one["text"], one["callback_data"]) for one in row] for row in message.keyboard]
    assert buttons == [list(row) for row in BUTTONS]
    [row] = await office.messages()
    assert (row.state, row.message_id) == (Delivery.SENT, message.id)
    assert row.ended_at is not None
    assert row.claimed_at is not None
    assert row.created_at <= row.claimed_at <= row.ended_at


async def test_what_was_written_down_while_nothing_was_sent_is_sent_at_the_start(
    office: Office, world: World, sending: Sending
) -> None:
    await _put(office, AN_ID, "một")
    async with sending() as deliverer:
        await _settled(deliverer)
    async with sending() as deliverer:
        await _settled(deliverer)
    assert _texts(world) == ["một"]


@pytest.mark.parametrize(
    ("chat_id", "reason"),
    [(DUNG_ID, Failure.BLOCKED), (CHI_ID, Failure.UNREACHABLE), (NOBODY, Failure.UNREACHABLE)],
    ids=["blocked", "never started", "nobody"],
)
async def test_who_cannot_be_reached_is_noted_with_the_reason_and_not_tried_again(
    office: Office, world: World, sending: Sending, chat_id: int, reason: Failure
) -> None:
    async with sending() as deliverer:
        await _put(office, chat_id, "một")
        await _settled(deliverer)
        await _put(office, AN_ID, "hai")
        await _settled(deliverer)
    assert await _ends(office) == [(Delivery.FAILED, reason), SENT]
    assert len(world.called("sendMessage")) == 2


@pytest.mark.parametrize("html", ["<b>một", " ", "x" * 5000])
async def test_what_telegram_does_not_take_is_noted_as_refused(
    office: Office, world: World, sending: Sending, html: str
) -> None:
    async with sending() as deliverer:
        await _put(office, AN_ID, html)
        await _put(office, AN_ID, "hai")
        await _settled(deliverer)
    assert await _ends(office) == [(Delivery.FAILED, Failure.REFUSED), SENT]
    assert _texts(world) == ["hai"]


async def test_a_busy_telegram_is_waited_for_and_the_message_sent_once(
    office: Office, world: World, sending: Sending
) -> None:
    world.faults.append(Fault(kind="retry_after", method="sendMessage", seconds=1))
    async with sending() as deliverer:
        await _put(office, AN_ID, "một")
        await _settled(deliverer)
    assert await _ends(office) == [SENT]
    assert _texts(world) == ["một"]
    first, second = world.called("sendMessage")
    assert second.at - first.at >= timedelta(seconds=1)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_what_telegram_says_has_failed_is_tried_again(
    office: Office, world: World, sending: Sending, status: int
) -> None:
    world.faults.append(Fault(kind="error", method="sendMessage", status=status, times=3))
    async with sending() as deliverer:
        await _put(office, AN_ID, "một")
        await _settled(deliverer)
    assert (await _ends(office), _texts(world)) == ([SENT], ["một"])
    assert len(world.called("sendMessage")) == 4


async def test_a_connection_that_was_refused_is_tried_again(
    office: Office, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    caplog.set_level(logging.INFO, "bot.sending")
    async with _sending(office, f"http://127.0.0.1:{port}") as deliverer:
        await _put(office, AN_ID, "một")
        await _until(lambda: caplog.text.count("did not get through") > 1)
        async with serve(create_app(world), port=port):
            await _settled(deliverer)
    assert (await _ends(office), _texts(world)) == ([SENT], ["một"])


@pytest.mark.parametrize(("kind", "arrived"), [("lost_reply", ["một"]), ("drop_before", [])])
async def test_what_may_have_arrived_is_uncertain_and_not_sent_twice(
    office: Office, world: World, sending: Sending, kind: CallFault, arrived: list[str]
) -> None:
    world.faults.append(Fault(kind=kind, method="sendMessage"))
    await _put(office, AN_ID, "một")
    for _ in range(2):
        async with sending() as deliverer:
            await _settled(deliverer)
    assert await _ends(office) == [(Delivery.UNCERTAIN, Failure.TIMED_OUT)]
    assert _texts(world) == arrived
    assert len(world.called("sendMessage")) == 1


async def test_what_a_gateway_lost_patience_with_is_uncertain(office: Office, world: World, sending: Sending) -> None:
    world.faults.append(Fault(kind="error", method="sendMessage", status=504, description="Gateway Timeout"))
    async with sending() as deliverer:
        await _put(office, AN_ID, "một")
        await _settled(deliverer)
    assert await _ends(office) == [(Delivery.UNCERTAIN, Failure.TIMED_OUT)]
    assert len(world.called("sendMessage")) == 1


async def test_what_failed_in_a_way_that_nobody_foresaw_is_uncertain_and_holds_up_nobody(
    office: Office, world: World, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, failures = bot.sending._act, [ValueError("xyzzy")]

    async def fail_once(telegram: ExtBot[None], row: Outgoing) -> int:
        if failures:
            raise failures.pop()
        return await act(telegram, row)

    monkeypatch.setattr(bot.sending, "_act", fail_once)
    async with sending() as deliverer:
        await _put(office, AN_ID, "một")
        await _put(office, AN_ID, "hai")
        await _settled(deliverer)
    assert await _ends(office) == [(Delivery.UNCERTAIN, Failure.TIMED_OUT), SENT]
    assert _texts(world) == ["hai"]


async def test_a_bot_that_ends_while_it_claims_leaves_nothing_uncertain(
    office: Office, world: World, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, go_on, claim = asyncio.Event(), asyncio.Event(), Deliverer._next

    async def claim_slowly(deliverer: Deliverer) -> list[Outgoing]:
        rows = await claim(deliverer)
        if rows:
            made.set()
            await go_on.wait()
        return rows

    await _put(office, AN_ID, "một")
    with monkeypatch.context() as patch:
        patch.setattr(Deliverer, "_next", claim_slowly)
        async with sending():
            await made.wait()
            asyncio.get_running_loop().call_soon(go_on.set)
    async with sending() as deliverer:
        await _settled(deliverer)
    assert await _ends(office) == [SENT]
    assert _texts(world) == ["một"]


async def test_a_group_that_became_a_supergroup_is_followed(office: Office, world: World, sending: Sending) -> None:
    group = next(group for group in world.groups if group.id == GROUP)
    new = world.migrate(group)
    async with sending() as deliverer:
        await _put(office, GROUP, "một")
        await _settled(deliverer)
    assert _texts(world, new.id)[-1] == "một"
    assert await _ends(office) == [SENT]
    assert [row.chat_id for row in await office.messages()] == [new.id]


# Changing messages


async def _sent(office: Office, sending: Sending, html: str = "một", subject: str | None = "review:1") -> int:
    """Send a message; its number."""
    async with sending() as deliverer:
        await _put(office, AN_ID, html, subject=subject)
        await _settled(deliverer)
    message_id = (await office.messages())[-1].message_id
    assert message_id is not None
    return message_id


@pytest.mark.parametrize("kind", ["lost_reply", "drop_before", "error", "retry_after"])
async def test_a_change_is_tried_until_it_is_done(
    office: Office, world: World, sending: Sending, kind: CallFault
) -> None:
    number = await _sent(office, sending)
    world.faults.append(Fault(kind=kind, method="editMessageText", status=504, times=1))
    async with sending() as deliverer:
        await _put(office, AN_ID, "hai", replaces=number)
        await _settled(deliverer)
    assert world.faults[-1].times == 0
    assert (await _ends(office), _texts(world)) == ([SENT, SENT], ["hai"])
    assert (await office.messages())[-1].message_id == number


async def test_a_change_to_what_stands_there_already_is_done(office: Office, world: World, sending: Sending) -> None:
    number = await _sent(office, sending)
    async with sending() as deliverer:
        await _put(office, AN_ID, "một", replaces=number)
        await _settled(deliverer)
    assert (await _ends(office), _texts(world)) == ([SENT, SENT], ["một"])


async def test_a_change_of_a_message_that_is_gone_is_sent_as_a_new_one(
    office: Office, world: World, sending: Sending
) -> None:
    number = await _sent(office, sending)
    world.delete(world.chats[AN_ID].messages[number])
    async with sending() as deliverer:
        await _put(office, AN_ID, "hai", replaces=number)
        await _settled(deliverer)
    assert (await _ends(office), _texts(world)) == ([SENT, SENT], ["hai"])
    assert (await office.messages())[-1].message_id == _heard(world)[0].id != number


async def test_a_change_for_somebody_who_has_blocked_the_bot_ends(
    office: Office, world: World, sending: Sending
) -> None:
    number = await _sent(office, sending)
    world.people[AN_ID].blocked = True
    async with sending() as deliverer:
        await _put(office, AN_ID, "hai", replaces=number)
        await _settled(deliverer)
    assert await _ends(office) == [SENT, (Delivery.FAILED, Failure.BLOCKED)]


async def test_a_message_that_waits_says_the_newest_when_it_leaves(
    office: Office, world: World, sending: Sending
) -> None:
    for chat_id in (AN_ID, BINH_ID):
        await _put(office, chat_id, "một", subject="review:1")
    await _put(office, AN_ID, "khác", subject="review:2")
    await _change(office, "review:1", "hai")
    await _change(office, "review:1", "ba")
    async with sending() as deliverer:
        await _settled(deliverer)
    assert (_texts(world), _texts(world, BINH_ID)) == (["khác", "ba"], ["ba"])
    ends = await _ends(office)
    assert ends.count((Delivery.SKIPPED, Failure.OUTDATED)) == 4
    assert ends.count(SENT) == 3


async def test_a_message_that_was_sent_is_changed_in_place(office: Office, world: World, sending: Sending) -> None:
    number = await _sent(office, sending)
    other = await _sent(office, sending, "khác", "review:2")
    async with sending() as deliverer:
        for html in ("hai", "ba"):
            await _change(office, "review:1", html)
            await _settled(deliverer)
    messages = world.chats[AN_ID].messages
    assert {number: messages[number].text, other: messages[other].text} == {number: "ba", other: "khác"}
    assert not messages[number].keyboard
    assert messages[other].keyboard
    assert len(messages) == 2


async def test_a_message_that_did_not_arrive_is_not_changed(office: Office, world: World, sending: Sending) -> None:
    async with sending() as deliverer:
        await _put(office, DUNG_ID, "một", subject="review:1")
        await _settled(deliverer)
        await _change(office, "review:1", "hai")
        await _settled(deliverer)
    assert len(await office.messages()) == 1


# Order, transactions, interruptions


async def test_messages_to_a_chat_arrive_in_order_whatever_fails(
    office: Office, world: World, sending: Sending
) -> None:
    texts = [f"{number}" for number in range(12)]
    world.faults.append(Fault(kind="error", method="sendMessage", probability=0.3, seed=3))
    async with sending() as deliverer:
        for text in texts:
            for chat_id in (AN_ID, BINH_ID):
                await _put(office, chat_id, text)
        await _settled(deliverer)
    assert any(not call.ok for call in world.called("sendMessage"))
    assert (_texts(world), _texts(world, BINH_ID)) == (texts, texts)


async def test_more_chats_than_are_written_to_at_once_are_all_written_to(
    office: Office, world: World, sending: Sending
) -> None:
    people = [
        world.add_person(Person(id=number, key=f"{number}", name="Dân", started=True))
        for number in range(1, 3 * AT_ONCE)
    ]
    for person in people:
        await _put(office, person.id, "một")
    async with sending() as deliverer:
        await _settled(deliverer)
    assert [_texts(world, person.id) for person in people] == [["một"]] * len(people)


async def test_a_chat_that_fails_does_not_hold_up_the_others(office: Office, world: World, sending: Sending) -> None:
    world.faults.append(Fault(kind="error", method="sendMessage", chat_id=AN_ID, times=4))
    await _put(office, AN_ID, "một")
    for text in ("một", "hai"):
        await _put(office, BINH_ID, text)
    async with sending() as deliverer:
        await _settled(deliverer)
    assert (_texts(world), _texts(world, BINH_ID)) == (["một"], ["một", "hai"])
    calls = [(call.params["chat_id"], call.ok) for call in world.called("sendMessage")]
    assert calls[-1] == (AN_ID, True)


async def test_nothing_is_sent_before_the_transaction_is_committed(
    office: Office, world: World, sending: Sending
) -> None:
    async with sending() as deliverer:
        await _settled(deliverer)
        async with office.database.writing() as session:
            office.outbox.put(session, AN_ID, Letter("một"))
            await session.flush()
            for _ in range(20):
                await asyncio.sleep(0)
            assert not office.outbox.filled.is_set()
            assert _texts(world) == []
        await _settled(deliverer)
    assert _texts(world) == ["một"]


async def test_nothing_is_sent_of_a_transaction_that_failed(office: Office, world: World, sending: Sending) -> None:
    async def fail() -> None:
        async with office.database.writing() as session:
            office.outbox.put(session, AN_ID, Letter("một"))
            await session.flush()
            raise RuntimeError("xyzzy")

    async with sending() as deliverer:
        await _settled(deliverer)
        with pytest.raises(RuntimeError, match="xyzzy"):
            await fail()
        assert not office.outbox.filled.is_set()
        await _put(office, AN_ID, "hai")
        await _settled(deliverer)
    assert _texts(world) == ["hai"]
    assert await _ends(office) == [SENT]


async def test_who_leads_no_more_leaves_alone_what_another_leader_has_claimed(office: Office) -> None:
    await _put(office, AN_ID, "một")
    async with office.database.session() as session:
        claim = update(Outgoing).values(claimed_at=office.clock.now()).returning(Outgoing)
        row = (await session.scalars(claim)).one()
    async with office.database.session() as session:
        await session.execute(update(Outgoing).values(claimed_at=office.clock.now() + timedelta(seconds=5)))
    for outcome, state in (
        (Again.SOON, "waiting"),
        (Again.AS_NEW, "waiting"),
        (Failure.BLOCKED, "waiting"),
        (7, "sent"),
    ):
        async with office.database.session() as session:
            await note(session, row, outcome, office.clock.now())
        [stored] = await office.messages()
        assert stored.claimed_at is not None
        assert stored.state == state, "what was sent was sent, whoever did it"


async def test_a_bot_that_ends_lets_what_is_on_its_way_arrive(office: Office, world: World, sending: Sending) -> None:
    world.faults.append(Fault(kind="delay", method="sendMessage", seconds=0.1))
    async with sending():
        await _put(office, AN_ID, "một")
        await _put(office, AN_ID, "hai")
        await _until(lambda: world.faults[0].times == 0)
    assert (await _ends(office), _texts(world)) == ([SENT, (Delivery.WAITING, None)], ["một"])


async def test_a_bot_that_ended_while_sending_does_not_send_again(
    office: Office, world: World, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_FAREWELL", 0)
    world.faults.append(Fault(kind="delay", method="sendMessage", seconds=0.1))
    async with sending():
        await _put(office, AN_ID, "một")
        await _put(office, AN_ID, "hai")
        await _until(lambda: world.faults[0].times == 0)
    [first, second] = await office.messages()
    assert (first.state, second.state) == (Delivery.WAITING, Delivery.WAITING)
    assert first.claimed_at is not None
    async with sending() as deliverer:
        await _settled(deliverer)
        await _until(lambda: len(world.called("sendMessage")) == 2)
    assert await _ends(office) == [(Delivery.UNCERTAIN, Failure.INTERRUPTED), SENT]
    assert sorted(_texts(world)) == ["hai", "một"]


async def test_a_bot_that_ended_while_changing_changes_again(office: Office, world: World, sending: Sending) -> None:
    number = await _sent(office, sending)
    await _put(office, AN_ID, "hai", replaces=number)
    async with office.database.session() as session:
        await session.execute(update(Outgoing).where(Outgoing.id == 2).values(claimed_at=office.clock.now()))
    async with sending() as deliverer:
        await _settled(deliverer)
    assert (await _ends(office), _texts(world)) == ([SENT, SENT], ["hai"])


@pytest.mark.parametrize("kind", ["delay", "error"])
async def test_what_was_forgotten_while_it_was_being_sent_stays_forgotten(
    office: Office, world: World, sending: Sending, caplog: pytest.LogCaptureFixture, kind: CallFault
) -> None:
    world.faults.append(Fault(kind="delay", method="sendMessage", seconds=0.1))
    if kind == "error":
        world.faults.append(Fault(kind="error", method="sendMessage"))
    async with sending() as deliverer:
        await _put(office, AN_ID, "một")
        await _until(lambda: world.faults[0].times == 0)
        await office.privacy.forget(AN_ID, {})
        await _settled(deliverer)
    [row] = await office.messages()
    # What was sent all the same was sent; to whom and what is forgotten.
    assert (row.chat_id, row.html) == (0, "")
    assert row.state == (Delivery.SENT if kind == "delay" else Delivery.SKIPPED)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_database_that_fails_once_does_not_end_the_sending(
    office: Office, world: World, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = Deliverer._next
    failures = [RuntimeError("xyzzy")]

    async def fail_once(deliverer: Deliverer) -> list[Outgoing]:
        if failures:
            raise failures.pop()
        return await claim(deliverer)

    monkeypatch.setattr(Deliverer, "_next", fail_once)
    async with sending() as deliverer:
        await _put(office, AN_ID, "một")
        await _settled(deliverer)
    assert failures == []
    assert (await _ends(office), _texts(world)) == ([SENT], ["một"])


async def test_what_could_not_be_written_down_is_written_down_once_there_is_room_again(
    office: Office, world: World, sending: Sending
) -> None:
    full = ["the end of the first message", "the second try"]

    def fail(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE outgoing SET ended_at") and full:
            full.pop()
            raise sqlite3.OperationalError("database or disk is full")

    async with sending() as deliverer:
        event.listen(office.database.engine.sync_engine, "before_cursor_execute", fail)
        await _put(office, AN_ID, "một")
        await _put(office, BINH_ID, "hai")
        await _until(lambda: not full)
        await _settled(deliverer)
    assert await _ends(office) == [SENT, SENT]
    assert (_texts(world), _texts(world, BINH_ID)) == (["một"], ["hai"])
