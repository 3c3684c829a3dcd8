"""The command line, called as a terminal calls it."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.backups import Backups
from bot.cli import main
from bot.clock import Clock
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from knowledge.answer import Answerer
from knowledge.pack import load
from tests.bot.archive import Installation, well_used

# Two topics in a folder: a pack that loads in no time.
SMALL = """\
- id: gio-mo-cua
  ask: Mấy giờ mở cửa?
  phrasings: [mấy giờ mở cửa, mở cửa từ mấy giờ, giờ làm việc của thư viện]
  answer: Từ <b>8 giờ</b> đến 17 giờ.
- id: muon-sach
  ask: Mượn sách thế nào?
  phrasings: [cách mượn sách, muốn mượn sách phải làm gì, mượn được mấy quyển]
  answer: Xuất trình thẻ &amp; ký tên.
"""

AGENCIES = """\
agencies:
  - {id: so-xay-dung, name: Sở Xây dựng, level: province, form: onsite, source: stated, short: [SXD]}
expected:
  - {level: province, form: dossier, count: 2}
unlisted:
  - {id: so-y-te, name: Sở Y tế, level: province, short: [SYT]}
  - {id: so-khoa-hoc, name: Sở Khoa học, level: province, lead: true}
"""

TOKEN = "1:sandbox"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No ISOBOT_… variable and no .env file of this machine has a say."""
    for name in [name for name in os.environ if name.startswith("ISOBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def isobot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs `isobot` with these arguments: its exit code, what it printed, and what it complained of."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["isobot", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed, complained = capsys.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else int(code is not None), printed, complained

    return run


@pytest.fixture
def small_pack(tmp_path: Path) -> Path:
    """A sound folder of questions and answers."""
    folder = tmp_path / "thư viện"
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "hoi.yaml").write_text(SMALL, "utf-8")
    return folder


@pytest.fixture
def office(small_pack: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack in force: that folder, with agencies."""
    (small_pack / "agencies.yaml").write_text(AGENCIES, "utf-8")
    monkeypatch.setenv("ISOBOT_PACK", str(small_pack))
    return small_pack


@pytest.fixture
def world() -> World:
    """The Telegram in force."""
    return World(clock=Clock(), token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý", people=[])


@pytest.fixture
async def telegram(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The Bot API server in force, and its token; its address."""
    async with serve(create_app(world)) as url:
        monkeypatch.setenv("ISOBOT_API_URL", url)
        monkeypatch.setenv("ISOBOT_TOKEN", TOKEN)
        yield url


@pytest.fixture
async def used(tmp_path: Path) -> Installation:
    """An installation that is in use, with a fresh backup."""
    installation = Installation(tmp_path / "data")
    async with well_used(installation, Clock()) as database:
        await Backups(database, installation.data).make(tmp_path / "backup.zip", Clock().now())
    return installation


@pytest.fixture
def broken_pack(tmp_path: Path) -> Path:
    """The same folder with two faults, on its lines 6 and 11."""
    folder = tmp_path / "hỏng"
    (folder / "topics").mkdir(parents=True)
    text = SMALL.replace("  ask: Mượn", "  colour: red\n  ask: Mượn") + "  related: []\n  answer: Hai lần.\n"
    (folder / "topics" / "hoi.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """It answers from the shipped pack."""
    return Answerer(load())
