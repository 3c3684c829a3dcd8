"""What the log never holds, whatever fails and however much is logged: the token, keys and codes, and who said what."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import app, assembly, logs
from bot.clock import Clock
from bot.sandbox.faults import Fault
from bot.settings import Settings
from bot.store.database import open_database
from knowledge.answer import Answerer
from tests.conftest import NewStore
from tests.whole import papers
from tests.whole.conftest import open_town
from tests.whole.offices import Office, open_office
from tests.whole.town import COORDINATOR, Someone, Town

NAME, QUESTION, REASON = "Đỗ Thị Kín", "bánh tráng trộn giá bao nhiêu", "thiếu phụ lục mật"
NUMBER, FILE, NOTICE = "4711/BC-KIN", "ban-ghi-nho-kin.pdf", "Hẹn gặp ở chỗ cũ"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The log as `isobot run` has it, but down to the last detail."""
    before = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    caplog.set_level(logging.DEBUG)
    logs.configure(logging.DEBUG)
    yield
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(before.get(name, logging.NOTSET))


async def _work(town: Town, office: Office, coordinator: Someone) -> list[str]:
    """What people do on a day; the codes that were given out."""
    invitation = await coordinator.asks(f"/moi {office.name}")
    code = invitation.text.split("start=")[1].split()[0]
    kin = town.someone(NAME)
    await kin.asks(QUESTION)
    await kin.says("/start KXXXXXXXXXXXXXXXXXXX")
    await kin.presses(await kin.asks(f"/start {code}"), "Đồng ý")
    await office.form()
    await office.contact.says(f"{NUMBER} ngày 5/11/2021")
    await office.contact.gives(FILE, papers.pdf())
    card = office.contact.heard()[-1]
    await office.contact.presses(card, "Xác nhận")
    receipt = next(word for word in card.text.split() if word.count("-") == 2 and word[0].isdigit())
    await kin.says(f"/kiemtra {receipt}")
    await office.returned(REASON)
    await coordinator.asks("/thongbao")
    await coordinator.says(NOTICE)
    return [code, receipt]


async def _failures(town: Town, person: Someone) -> None:
    """What may go wrong on a bad one."""
    for fault in (
        Fault(kind="error", method="sendMessage", chat_id=person.id, status=400, description="Bad Request: odd"),
        Fault(kind="error", method="sendMessage", chat_id=person.id, status=500, times=3, description="oh"),
        Fault(kind="drop_before", method="sendMessage", chat_id=person.id, times=3),
        Fault(kind="lost_reply", method="sendMessage", chat_id=person.id),
        Fault(kind="error", method="getUpdates", status=502, description="Bad Gateway"),
        Fault(kind="drop_before", method="getUpdates"),
    ):
        town.world.faults.append(fault)
        await person.says(QUESTION)
    # What lacks most of what a message has.
    town.world.updates.add("message", {"text": QUESTION, "from": person.person.as_user(), "chat": "?"}, person.id)
    await person.asks("/han")
    with closing(sqlite3.connect(town.folder / "isobot.db")) as file:
        file.execute("ALTER TABLE questions RENAME TO elsewhere")
        await person.says(QUESTION)
        file.execute("ALTER TABLE elsewhere RENAME TO questions")


@pytest.fixture(scope="session")
def database_kind() -> str:
    """A table of its file is taken away."""
    return "sqlite"


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.usefixtures("everything_logged", "errors_expected")
async def test_the_log_of_a_day_on_which_everything_fails_holds_ids_and_nothing_else(
    answerer: Answerer,
    tmp_path: Path,
    new_store: NewStore,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_town(answerer, tmp_path / "data", new_store) as town:
        monkeypatch.setattr(town.demo.application.bot_data.attachments, "_pauses", (0.0, 0.0))
        office, coordinator = await open_office(town, "Hoàng Thị Cúc"), town.person(COORDINATOR)
        codes = await _work(town, office, coordinator)
        town.world.faults.append(Fault("cut_download", bytes=100, times=3))
        await office.contact.gives(FILE, papers.pdf("dut"))
        await _failures(town, town.someone(NAME))
        key = (tmp_path / "data" / "receipts.key").read_bytes()
        token = town.world.token
    told = caplog.text
    assert "passed over" in told
    assert "failed" in told
    secrets = [token, token.split(":")[1], repr(key), key.hex(), *codes, NAME, QUESTION, REASON, NUMBER, FILE, NOTICE]
    assert [one for one in (*secrets, "Hoàng Thị Cúc", "/start", "Lê Thu Hà") if one in told] == []


@pytest.mark.parametrize("proxy", [None, "http://kin:p4ssw0rt@127.0.0.1:9"])
async def test_a_bot_that_cannot_start_says_why_and_nothing_more(
    answerer: Answerer, tmp_path: Path, caplog: pytest.LogCaptureFixture, proxy: str | None
) -> None:
    settings = Settings(
        token=SecretStr("4711:do-not-tell"), api_url="http://127.0.0.1:9", data=tmp_path, coordinators=frozenset(),
        proxy=SecretStr(proxy) if proxy else None, database_url=None,
    )  # fmt: skip
    async with open_database(settings.sqlalchemy_url) as database:
        application = app.build(settings, answerer, database, Clock())
        with pytest.raises(assembly.StartError) as told:
            async with app.running(application):
                pass
        await application.shutdown()
    shown = f"{told.value} {application!r} {application.updater!r} {application.bot_data!r} {caplog.text}"
    assert "Không kết nối được" in shown
    assert not any(secret in shown for secret in ("do-not-tell", "p4ssw0rt"))
