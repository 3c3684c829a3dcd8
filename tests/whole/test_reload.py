"""The pack's files change while the bot runs: it takes them in, or says why not, and nobody who asks feels it."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.sandbox.messages import Message
from handlers import reload
from handlers.replies import GONE
from knowledge import inspection
from knowledge.answer import Answerer
from knowledge.faults import Fault
from knowledge.inspection import Inspected
from knowledge.pack import DEFAULT, SHIPPED, load
from tests.conftest import NewStore
from tests.whole.conftest import open_town
from tests.whole.town import AT_SO_XAY_DUNG, COORDINATOR, Someone, Town, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What is left of the shipped pack: it loads and is checked in no time.
TOPICS = {"report.deadline", "report.recipient", "report.channel", "confirm.start", "plan.agency-form"}
QUESTION = "nộp báo cáo ở đâu"


@pytest.fixture
def folder(tmp_path: Path, new_store: NewStore) -> Path:
    """The plan's pack with a few topics."""
    shipped, folder = SHIPPED / DEFAULT, tmp_path / "bộ"
    (folder / "topics").mkdir(parents=True)
    for name in ("plan.yaml", "agencies.yaml", "facts.yaml", "words.yaml"):
        shutil.copy(shipped / name, folder)
    files = [shipped / "topics" / f"{name}.yaml" for name in ("report", "confirm", "inspection")]
    found = [one for file in files for one in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)]
    kept = [{**one, "related": [], "file": None} for one in found if one["id"] in TOPICS]
    _write(folder, kept)
    return folder


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs are checked without starting a process for it, which takes a second each time."""

    async def inspect(folder: Path) -> Inspected:
        return await asyncio.to_thread(inspection.look_at, folder)

    monkeypatch.setattr(reload, "inspect", inspect)


def _write(folder: Path, topics: list[dict[str, Any]]) -> None:
    (folder / "topics" / "all.yaml").write_text(yaml.safe_dump(topics, allow_unicode=True), "utf-8")


def _topics(folder: Path) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in yaml.safe_load((folder / "topics" / "all.yaml").read_text("utf-8"))}


def _say(folder: Path, topic: str, answer: str) -> None:
    topics = _topics(folder)
    topics[topic]["answer"] = answer
    _write(folder, list(topics.values()))


def _without(folder: Path, topic: str) -> None:
    _write(folder, [one for name, one in _topics(folder).items() if name != topic])


def _replace(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


@asynccontextmanager
async def _town(folder: Path, tmp_path: Path, new_store: NewStore) -> AsyncIterator[Town]:
    async with open_town(Answerer(load(folder)), tmp_path / "data", new_store) as town:
        await _minute(town)
        await _minute(town)
        yield town


async def _minute(town: Town) -> None:
    """Let a minute pass, and what the bot does at its end be done."""
    await town.post("clock", by_seconds=60)
    await town.settle()


async def _look(town: Town) -> None:
    """Have the files looked at at once, as an operator does by a signal."""
    town.demo.application.bot_data.in_force.asked.set()
    await asyncio.sleep(0)


def _log(town: Town) -> list[tuple[str, str]]:
    rows = [row for row in town.rows("audit") if row["act"].startswith("pack-")]
    return [(row["act"], json.loads(row["detail"])["pack"]) for row in rows]


async def _told(one: Someone, last: int) -> Message:
    await until(lambda: one.heard(after=last))
    [told] = one.heard(after=last)
    return told


async def _logged(town: Town, number: int) -> None:
    await until(lambda: len(_log(town)) == number)
    await town.settle()


@pytest.mark.usefixtures("in_this_process")
async def test_a_changed_pack_is_in_force_after_it_stood_still_for_a_minute(
    folder: Path, tmp_path: Path, new_store: NewStore
) -> None:
    async with _town(folder, tmp_path, new_store) as town:
        an, ha, services = town.someone(), town.person(COORDINATOR), town.demo.application.bot_data
        before = services.pack.version
        _say(folder, "report.recipient", "Nộp ở <b>phòng 12</b>.")
        await _minute(town)
        assert not (await an.asks(QUESTION)).text.startswith("Nộp ở phòng 12."), "whoever writes may not be through"
        await _minute(town)
        await _logged(town, 1)
        assert (await an.asks(QUESTION)).text.startswith("Nộp ở phòng 12.")
        assert services.pack.version == load(folder).version != before
        assert _log(town) == [("pack-reloaded", services.pack.version)]
        shown = (await ha.asks("/nhatky")).text
        assert f"Tệp bộ kiến thức\nNạp bộ kiến thức mới; phiên bản {services.pack.version}" in shown
        # A file that is written again with the same content is no change.
        (folder / "plan.yaml").touch()
        for _ in range(3):
            await _minute(town)
        await _look(town)
        assert len(_log(town)) == 1


@pytest.mark.usefixtures("in_this_process")
async def test_a_faulty_pack_is_refused_and_coordinators_are_told_once(
    folder: Path, tmp_path: Path, new_store: NewStore
) -> None:
    async with _town(folder, tmp_path, new_store) as town:
        an, ha, services = town.someone(), town.person(COORDINATOR), town.demo.application.bot_data
        await ha.asks("/help")
        last, answer = ha.last, (await an.asks(QUESTION)).text
        _say(folder, "report.recipient", "Nộp ở {{ plan.phong }}")
        await _look(town)
        await _logged(town, 1)
        assert (await an.asks(QUESTION)).text == answer
        told = await _told(ha, last)
        assert told.text.startswith("Bộ kiến thức vừa sửa có lỗi nên chưa được dùng.")
        assert re.search(
            r"• topics/all\.yaml, dòng \d+: mẫu không điền được \(.*phong.*\)\. Cách sửa: xem lại tên", told.text
        )
        [(act, version)] = _log(town)
        assert (act, version) == ("pack-refused", load(folder).version)
        assert "1 lỗi, đầu tiên ở topics/all.yaml, dòng" in (await ha.asks("/nhatky")).text
        # The same files once more, seen by this process and by another: nobody is told again.
        (folder / "plan.yaml").touch()
        await _look(town)
        await until(lambda: not services.in_force.asked.is_set())
        fault = Fault(folder / "plan.yaml", 1, "x", "y")
        await reload._refuse(services, version, [fault])
        await town.settle()
        assert len(_log(town)) == 1
        assert len([one for one in ha.heard(after=last) if "chưa được dùng" in one.text]) == 1
        _say(folder, "report.recipient", "Nộp ở <b>phòng 12</b>.")
        await _look(town)
        await _logged(town, 2)
        assert (await an.asks(QUESTION)).text.startswith("Nộp ở phòng 12.")


@pytest.mark.usefixtures("in_this_process")
async def test_what_is_open_works_on_or_politely_ends_when_its_topic_is_gone(
    folder: Path, tmp_path: Path, new_store: NewStore
) -> None:
    async with _town(folder, tmp_path, new_store) as town:
        an, services = town.someone(), town.demo.application.bot_data
        card = await an.asks("nộp")
        assert card.text.startswith("Có phải anh/chị muốn hỏi:")
        await an.asks("gửi qua đâu")
        gone, kept = services.pack.topics["report.channel"].ask, services.pack.topics["report.deadline"].ask
        _without(folder, "report.channel")
        await _look(town)
        await _logged(town, 1)
        # What was asked last is gone, too: whoever goes on from there is understood without it.
        assert (await an.asks("thế còn hạn")).text
        assert (await an.presses(card, gone)).toasts == [GONE]
        await an.presses(card, kept)
        assert card.text.startswith("Báo cáo gửi trước ngày 15/11/2021")


@pytest.mark.usefixtures("in_this_process")
async def test_a_pack_without_an_agency_that_has_confirmed_is_refused(
    folder: Path, tmp_path: Path, new_store: NewStore
) -> None:
    async with _town(folder, tmp_path, new_store) as town:
        ha = town.person(COORDINATOR)
        await ha.asks("/help")
        last = ha.last
        _replace(
            folder / "agencies.yaml",
            ("id: so-xay-dung, name: Sở Xây dựng", "id: so-xd, name: Sở Xây dựng mới"),
        )
        await _look(town)
        await _logged(town, 1)
        told = await _told(ha, last)
        assert "agencies.yaml: thiếu Sở Xây dựng (so-xay-dung), cơ quan đã có đầu mối hoặc đã xác nhận" in told.text
        assert "Bù Đăng" not in told.text
        assert "so-xay-dung" in town.demo.application.bot_data.pack.agencies.everyone
        # One that nothing is recorded of may go.
        _replace(
            folder / "agencies.yaml",
            ("id: so-xd, name: Sở Xây dựng mới", "id: so-xay-dung, name: Sở Xây dựng"),
            ("id: so-ngoai-vu, name: Sở Ngoại vụ", "id: so-du-lich, name: Sở Du lịch"),
        )
        await _look(town)
        await _logged(town, 2)
        assert "so-ngoai-vu" not in town.demo.application.bot_data.pack.agencies.everyone


@pytest.mark.usefixtures("in_this_process")
async def test_a_deadline_that_the_pack_moves_is_everybodys_deadline(
    folder: Path, tmp_path: Path, new_store: NewStore
) -> None:
    async with _town(folder, tmp_path, new_store) as town:
        contact, services = town.person(AT_SO_XAY_DUNG), town.demo.application.bot_data
        assert await services.deadlines.of("so-xay-dung") == date(2021, 11, 15)
        _replace(
            folder / "plan.yaml",
            ("before:    {value: 2021-11-15", "before:    {value: 2021-11-23"),
            ("last_day:  {value: 2021-11-14", "last_day:  {value: 2021-11-22"),
            ("last_working_day: {value: 2021-11-12", "last_working_day: {value: 2021-11-22"),
        )
        await _look(town)
        await _logged(town, 1)
        assert await services.deadlines.of("so-xay-dung") == date(2021, 11, 23)
        assert "chậm nhất thứ Hai, 22/11/2021" in (await contact.asks("/han")).text
        # The reminder of the old deadline's last working days does not come; that of the new one does.
        last = contact.last
        await town.turn_clock("2021-11-19T08:00")
        assert "22/11/2021" in (await _told(contact, last)).text
        assert "2021-11-23" in {row["due_before"] for row in town.rows("reminders")}


async def test_questions_are_answered_while_a_pack_is_checked_and_loaded(
    folder: Path, tmp_path: Path, new_store: NewStore
) -> None:
    async with _town(folder, tmp_path, new_store) as town:
        an, answered = town.someone(), 0
        _say(folder, "report.recipient", "Nộp ở <b>phòng 12</b>.")
        await _look(town)
        while not _log(town):
            assert (await an.asks(QUESTION)).text.startswith(("Gửi Sở", "Nộp ở phòng 12."))
            answered += 1
        assert answered > 3, "the check holds nobody up"


@pytest.mark.usefixtures("in_this_process")
async def test_a_check_that_comes_to_nothing_leaves_the_pack_and_is_tried_again(
    folder: Path, tmp_path: Path, new_store: NewStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def another_version(_: Path) -> Inspected:
        return Inspected("another", ())

    async with _town(folder, tmp_path, new_store) as town:
        services = town.demo.application.bot_data
        before = services.pack.version
        with monkeypatch.context() as patched:
            patched.setattr(reload, "inspect", another_version)
            _say(folder, "report.recipient", "Nộp ở <b>phòng 12</b>.")
            await _look(town)
            await until(lambda: not services.in_force.asked.is_set())
            await _minute(town)
            assert services.pack.version == before
        await _look(town)
        await _logged(town, 1)
        assert labels(await town.someone().asks(QUESTION))
