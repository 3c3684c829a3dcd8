"""The lane for many: everybody gets a notice once, at the configured rate, and the ledger tells what became of each."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.bulk import BulkLane
from bot.clock import Clock
from bot.outbox import Letter
from bot.sandbox.faults import CallFault, Fault
from bot.sandbox.flood import FloodControl
from bot.store.database import Database
from bot.store.ledger_tables import Action, Delivery, Failure, Lane, Outgoing
from tests.bot.notice_house import FIRST, HA, House, house, when

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.fixture
async def at(database: Database, clock: Clock) -> AsyncIterator[House]:
    async with house(database, clock) as opened:
        yield opened


async def _counts(at: House, notice: int) -> dict[Delivery, int]:
    progress = await at.notices.progress(notice)
    assert progress
    return {state: count for state, count in progress.counts.items() if count}


async def _calls(at: House, least: int = 1) -> bool:
    return len(at.world.called("sendMessage")) >= least


async def _nothing_under_way(at: House, notice: int) -> bool:
    return not await at.under_way(notice)


async def test_everybody_gets_a_notice_once_and_the_ledger_knows(at: House) -> None:
    notice = await at.send(await at.agencies(30))
    async with at.lane():
        await at.until(notice, "done")
    assert [at.got(number) for number in range(30)] == [["Họp lúc 14:00"]] * 30
    assert await _counts(at, notice) == {Delivery.SENT: 30}


async def test_flood_control_at_the_configured_rate_loses_nobody_and_costs_no_time(at: House) -> None:
    notice = await at.send(await at.agencies(60))
    at.world.flood = FloodControl(per_second=240)
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with at.lane(rate=200):
        await at.until(notice, "done")
    assert loop.time() - started >= 59 / 200 - 0.1, "never faster than configured"
    assert await _counts(at, notice) == {Delivery.SENT: 60}
    assert [call.error_code for call in at.world.called("sendMessage") if not call.ok] == []


async def test_a_429_holds_up_the_lane_and_loses_nobody(at: House) -> None:
    notice = await at.send(await at.agencies(20))
    at.world.faults.append(Fault(kind="retry_after", method="sendMessage", times=1, seconds=1))
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with at.lane():
        await at.until(notice, "done")
    assert loop.time() - started >= 1
    assert await _counts(at, notice) == {Delivery.SENT: 20}
    assert [at.got(number) for number in range(20)] == [["Họp lúc 14:00"]] * 20


async def test_while_the_lane_is_held_up_single_messages_go_out(at: House) -> None:
    notice = await at.send(await at.agencies(3))
    at.world.faults.append(Fault(kind="retry_after", method="sendMessage", times=1, seconds=60))
    async with at.lane():
        await when(lambda: _calls(at))
        async with at.database.writing() as session:
            at.outbox.put(session, 1, Letter("Biên nhận"))
        with at.told():
            await at.deliverer.settled()
    assert [message.text for message in at.world.chats[1].messages.values()] == ["Biên nhận"]
    assert (await _counts(at, notice))[Delivery.WAITING]


async def test_who_cannot_be_reached_is_told_apart(at: House) -> None:
    forms = await at.agencies(4)
    at.world.people[FIRST].blocked = True
    at.world.people[FIRST + 1].started = False
    del at.world.chats[FIRST + 2]
    notice = await at.send(forms)
    async with at.lane():
        await at.until(notice, "done")
    assert [(row.state, row.reason) for row in await at.ledger(notice_id=notice)] == [
        (Delivery.FAILED, Failure.BLOCKED),
        (Delivery.FAILED, Failure.UNREACHABLE),
        (Delivery.FAILED, Failure.UNREACHABLE),
        (Delivery.SENT, None),
    ]


async def test_a_lost_reply_is_uncertain_and_is_not_sent_again_until_somebody_says_so(at: House) -> None:
    forms = await at.agencies(3)
    at.world.faults.append(Fault(kind="lost_reply", method="sendMessage", chat_id=FIRST))
    notice = await at.send(forms)
    async with at.lane():
        await at.until(notice, "done")
        assert await _counts(at, notice) == {Delivery.SENT: 2, Delivery.UNCERTAIN: 1}
        assert at.got(0) == ["Họp lúc 14:00"]
        await at.notices.repeat_uncertain(HA, notice)
        await at.until(notice, "done")
    assert await _counts(at, notice) == {Delivery.SENT: 3}
    assert [row.chat_id for row in await at.ledger(is_repeat=True)] == [FIRST]
    assert [len(at.got(number)) for number in range(3)] == [2, 1, 1]


async def test_whatever_befalls_the_network_the_ledgers_words_are_what_telegram_saw(at: House) -> None:
    count = 150
    notice = await at.send(await at.agencies(count))

    def strikes(kind: CallFault, seed: int, **what: Any) -> Fault:
        return Fault(kind, method="sendMessage", probability=0.05, seed=seed, **what)

    at.world.faults = [
        strikes("lost_reply", 1),
        strikes("drop_before", 2),
        strikes("error", 3, status=403, description="Forbidden: bot was blocked by the user"),
        strikes("error", 4, times=3),
        strikes("retry_after", 5, times=1),
    ]
    async with at.lane():
        await at.until(notice, "done")
    seen = Counter(row.state for row in await at.ledger(notice_id=notice))
    assert sum(seen.values()) == count
    assert set(seen) == {Delivery.SENT, Delivery.FAILED, Delivery.UNCERTAIN}, "each mishap has struck"
    for row in await at.ledger(notice_id=notice):
        got = at.got(row.chat_id - FIRST)
        match row.state:
            case Delivery.SENT:
                assert len(got) == 1
                assert row.message_id in at.world.chats[row.chat_id].messages
            case Delivery.FAILED:
                assert (got, row.reason) == ([], Failure.BLOCKED)
            case _:
                assert len(got) <= 1
                assert row.reason is Failure.TIMED_OUT


async def test_paused_it_sends_nothing_resumed_it_goes_on_and_stopped_it_skips_the_rest(at: House) -> None:
    notice = await at.send(await at.agencies(40))
    async with at.lane(rate=50):
        await when(lambda: _calls(at, least=5))
        await at.notices.pause(HA, notice)
        await when(lambda: _nothing_under_way(at, notice))
        paused = await _counts(at, notice)
        calls = len(at.world.called("sendMessage"))
        another = await at.send({"agency-39": None})
        await at.until(another, "done")
        assert len(at.world.called("sendMessage")) == calls + 1, "only the other one was sent"
        assert await _counts(at, notice) == paused
        await at.notices.resume(HA, notice)
        await when(lambda: _calls(at, least=calls + 2))
        await at.notices.stop(HA, notice)
        await at.until(notice, "stopped")
    counts = await _counts(at, notice)
    assert set(counts) == {Delivery.SENT, Delivery.SKIPPED}
    assert sum(counts.values()) == 40
    assert all(row.reason is Failure.STOPPED for row in await at.ledger(state=Delivery.SKIPPED))


async def test_a_bot_that_is_told_to_end_writes_down_what_was_on_its_way(at: House) -> None:
    notice = await at.send(await at.agencies(8))
    at.world.faults.append(Fault(kind="delay", method="sendMessage", probability=1, seconds=0.2))
    async with at.lane():
        await when(lambda: at.under_way(notice))
    rows = await at.ledger(notice_id=notice)
    assert {row.state for row in rows if row.claimed_at} == {Delivery.SENT}
    assert sum(len(at.got(number)) for number in range(8)) == len([row for row in rows if row.claimed_at])


async def test_what_was_on_its_way_when_the_bot_died_is_uncertain_and_the_rest_goes_on(at: House) -> None:
    notice = await at.send(await at.agencies(5))
    async with at.database.session() as session:
        first = await session.get_one(Outgoing, 1)
        first.claimed_at = at.clock.now()
    await at.deliverer.settle_interrupted()
    async with at.lane():
        await at.until(notice, "done")
    assert await _counts(at, notice) == {Delivery.SENT: 4, Delivery.UNCERTAIN: 1}
    assert [len(at.got(number)) for number in range(5)] == [0, 1, 1, 1, 1]


async def test_a_bot_that_ends_while_it_claims_leaves_nothing_uncertain(
    at: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await at.send(await at.agencies(3))
    made, go_on, claim = asyncio.Event(), asyncio.Event(), BulkLane._note_and_claim

    async def claim_slowly(lane: BulkLane, count: int) -> list[Outgoing]:
        rows = await claim(lane, count)
        made.set()
        await go_on.wait()
        return rows

    with monkeypatch.context() as patch:
        patch.setattr(BulkLane, "_note_and_claim", claim_slowly)
        async with at.lane():
            await made.wait()
            asyncio.get_running_loop().call_soon(go_on.set)
    await at.deliverer.settle_interrupted()
    async with at.lane():
        await at.until(notice, "done")
    assert await _counts(at, notice) == {Delivery.SENT: 3}


async def test_a_group_that_became_a_supergroup_is_followed(at: House) -> None:
    notice = await at.send(await at.agencies(1))
    group = at.world.add_group(-5, "Nhóm", [at.world.people[1]])
    new = at.world.migrate(group)
    async with at.database.session() as session:
        (await session.get_one(Outgoing, 1)).chat_id = group.id
    async with at.lane():
        await at.until(notice, "done")
    [row] = await at.ledger(notice_id=notice)
    assert (row.state, row.chat_id, row.lane, row.action) == (Delivery.SENT, new.id, Lane.BULK, Action.SEND)
