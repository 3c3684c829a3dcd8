"""Three bots behind a load balancer, and the one that sends is killed or frozen at work: nothing is lost or doubled."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import insert

from bot.audit import Audit
from bot.clock import Clock
from bot.contacts import Contacts
from bot.coordinators import Coordinators
from bot.demo import STARTS
from bot.outbox import Outbox
from bot.sandbox import actions
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.store.database import open_database
from bot.store.ledger_tables import Delivery
from bot.store.notice_tables import Subscriber
from tests.postgres import Cluster
from tests.stores import ServerStore
from tests.whole import records
from tests.whole.replicas import Replica, replicas

PATIENCE = 90  # seconds for all of it, on a busy machine
TAKEN_OVER = 10  # seconds, as promised

TOKEN, TEXT = "1:sandbox", "Họp lúc 14:00"
HA = Person(id=1, key="ha", name="Lê Thu Hà", started=True)
AGENCIES = [f"co-quan-{number}" for number in range(4)]
CONTACTS = [Person(id=100 + n, key=f"c{n}", name=f"Đầu mối {n}", started=True) for n in range(len(AGENCIES))]
ASKERS = [Person(id=200 + n, key=f"a{n}", name=f"Người hỏi {n}", started=True) for n in range(6)]
READERS = [Person(id=1000 + n, key=f"r{n}", name=f"Người đọc {n}", started=True) for n in range(60)]
QUESTIONS = {"phòng trà ở đâu": "Tầng 2.", "thư viện ở đâu": "Tầng 3.", "nhà xe ở đâu": "Tầng hầm."}
ASKED = [*QUESTIONS] * 2


class Town:
    """A Telegram with people, and what these do."""

    def __init__(self, world: World, store: ServerStore) -> None:
        self.world = world
        self.store = store

    async def prepare(self, folder: Path) -> None:
        """A small pack, contacts, and people who want news."""
        (folder / "pack" / "topics").mkdir(parents=True)
        topics = [
            f"- {{id: t{n}, ask: '{ask}?', phrasings: ['{ask}'], answer: '{answer}'}}"
            for n, (ask, answer) in enumerate(QUESTIONS.items())
        ]
        (folder / "pack" / "topics" / "all.yaml").write_text("\n".join(topics), "utf-8")
        agencies = [
            f"  - {{id: {one}, name: Cơ quan số {n}, level: province, form: onsite, source: stated}}"
            for n, one in enumerate(AGENCIES)
        ]
        (folder / "pack" / "agencies.yaml").write_text("\n".join(["agencies:", *agencies]), "utf-8")
        clock = Clock(STARTS)
        async with open_database(self.store.url) as database:
            audit, coordinators = Audit(database, clock), Coordinators(database, frozenset())
            contacts = Contacts(database, clock, Outbox(clock), audit, coordinators)
            for person, agency in zip(CONTACTS, AGENCIES, strict=True):
                await contacts.link(person.id, agency, person.name)
            async with database.session() as session:
                rows = [{"person_id": reader.id, "since": clock.now()} for reader in READERS]
                await session.execute(insert(Subscriber), rows)

    def heard(self, person: Person) -> list[Message]:
        messages = self.world.chats[person.id].messages.values()
        return [one for one in messages if one.sender is self.world.bot]

    def arrived(self) -> int:
        """How many messages of the notice there are."""
        return sum(len(self.heard(reader)) for reader in READERS)

    async def send_notice(self) -> None:
        """The coordinator sends a notice to everybody who wants news."""
        actions.write(self.world, HA, "/thongbao")
        await until(lambda: len(self.heard(HA)) == 1)
        actions.write(self.world, HA, TEXT)
        await until(lambda: len(self.heard(HA)) == 3)
        card = self.heard(HA)[-1]
        for data, sign in (("na:subscribers", f"{len(READERS)} người"), ("ns", f"{len(READERS)} tin")):
            actions.press(self.world, HA, card.id, data)
            await until(lambda sign=sign: sign in card.text)  # type: ignore[misc]

    async def confirm(self, person: Person) -> None:
        """Confirm, with a second tap where the first seems to lead to nothing."""
        actions.write(self.world, person, "/xacnhan")
        async with asyncio.timeout(PATIENCE):
            while not any("Biên nhận số" in one.text for one in self.heard(person)):
                for label in ("Xác nhận", "Email"):
                    cards = [one for one in self.heard(person) if label in _labels(one)]
                    if cards:
                        actions.press(self.world, person, cards[-1].id, _labels(cards[-1])[label])
                        break
                await asyncio.sleep(0.5)

    def is_done(self) -> bool:
        """Whether everything has been answered, and nothing waits."""
        is_answered = all(len(self.heard(asker)) >= len(ASKED) for asker in ASKERS)
        if len(self.world.updates) or not is_answered:
            return False
        [notice] = self.store.read("notices")
        waiting = [row for row in self.store.read("outgoing") if row["state"] == Delivery.WAITING]
        return notice["state"] == "done" and not waiting


def _labels(message: Message) -> dict[str, str]:
    return {button["text"]: button["callback_data"] for row in message.keyboard for button in row}


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - the bots are other processes
            await asyncio.sleep(0.02)


@pytest.fixture
def store(server: Callable[[], Cluster]) -> Iterator[ServerStore]:
    name = server().lend()
    yield ServerStore(server(), name)
    server().take_back(name)


@pytest.mark.usefixtures("errors_expected")  # requests that are cut off, at Telegram
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_the_leader_goes_and_nothing_is_lost_or_doubled(
    how: signal.Signals, store: ServerStore, tmp_path: Path
) -> None:
    world = World(
        clock=Clock(STARTS), token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý",
        people=[HA, *CONTACTS, *ASKERS, *READERS],
    )  # fmt: skip
    world.webhook.longest_pause = 0.5
    town = Town(world, store)
    await town.prepare(tmp_path)
    async with serve(create_app(world)) as url:
        environment = {
            "ISOBOT_TOKEN": TOKEN, "ISOBOT_API_URL": url, "ISOBOT_PACK": str(tmp_path / "pack"),
            "ISOBOT_DATA": str(tmp_path / "data"), "ISOBOT_DATABASE_URL": store.url,
            "ISOBOT_COORDINATORS": str(HA.id), "ISOBOT_AT": "2021-11-08T08:00", "ISOBOT_SEND_RATE": "30",
        }  # fmt: skip
        async with replicas(tmp_path, environment, 3) as balancer:
            await town.send_notice()
            for asker in ASKERS:
                for question in ASKED:
                    actions.write(world, asker, question)
            confirming = [asyncio.create_task(town.confirm(person)) for person in CONTACTS]

            [leader] = [one for one in balancer.replicas if one.leads]
            others = [one for one in balancer.replicas if one is not leader]
            await until(lambda: town.arrived() >= 15)
            leader.send(how)
            gone_at = monotonic()
            await until(lambda: any(one.leads for one in others))
            assert monotonic() - gone_at < TAKEN_OVER

            if how is signal.SIGSTOP:
                await until(lambda: town.arrived() >= 40)
                leader.send(signal.SIGCONT)
                await until(lambda: not leader.leads)
            await asyncio.gather(*confirming)
            await until(town.is_done)
            assert sum(one.leads for one in balancer.replicas) == 1 + (how is signal.SIGKILL), (
                "the killed one told last"
            )
            assert len(balancer.served) == 3, "all three had their share"
    _nothing_is_lost_or_doubled(town, leader)


def _nothing_is_lost_or_doubled(town: Town, gone: Replica) -> None:
    ledger = town.store.read("outgoing")
    of_notice = {row["chat_id"]: row["state"] for row in ledger if row["notice_id"]}
    assert sorted(of_notice) == [reader.id for reader in READERS], "everybody was planned, once"
    assert set(of_notice.values()) <= {Delivery.SENT, Delivery.UNCERTAIN}
    for reader in READERS:
        times = len(town.heard(reader))
        assert times == 1 if of_notice[reader.id] == Delivery.SENT else times <= 1

    for asker in ASKERS:
        answers = [one.text for one in town.heard(asker)]
        in_order = [answer for answer, _ in groupby(answers)]
        assert in_order == [QUESTIONS[question] for question in ASKED], "each in its turn"
        assert len(answers) <= len(ASKED) + 1, "again only what was being answered when its bot went"

    for person, agency in zip(CONTACTS, AGENCIES, strict=True):
        assert [row["version"] for row in town.store.read("versions") if row["agency"] == agency] == [1]
        assert sum("Biên nhận số" in one.text for one in town.heard(person)) == 1
    reviews = Counter(one.text.splitlines()[1] for one in town.heard(HA) if "Xác nhận nộp báo cáo" in one.text)
    assert all(times == 1 for times in reviews.values())
    sent = [row for row in ledger if str(row["subject"]).startswith("review:")]
    assert len(sent) == len(AGENCIES)
    assert len(reviews) >= sum(row["state"] == Delivery.SENT for row in sent)
    assert records.faults(town.store, AGENCIES) == []
