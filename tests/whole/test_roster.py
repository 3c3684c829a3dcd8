"""What is imported and invited on the command line while the bot runs."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import isobot
from bot.store.tables import Outcome, Via
from tests.whole.town import COORDINATOR, Town, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

ISOBOT = Path(sys.executable).with_name("isobot")
START = 30  # seconds: on a busy machine

LIST = """\
Cơ quan;Cấp;Hình thức;Đầu mối
Sở Y tế;tỉnh;hồ sơ;Nguyễn Văn An
Trường Chính trị;tỉnh;;
"""
QUESTION = "Sở Y tế kiểm tra theo hình thức nào"


def _settings(town: Town) -> dict[str, str]:
    """What the command is told of the bot's own records."""
    return {
        "ISOBOT_TOKEN": town.world.token, "ISOBOT_API_URL": town.demo.url, "ISOBOT_DATA": str(town.folder),
        "ISOBOT_DATABASE_URL": town.store.url, "ISOBOT_AT": "2021-11-08T08:00",
    }  # fmt: skip


async def _run(town: Town, *words: str) -> str:
    """Run the command as a process; what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ISOBOT_")}
    process = await asyncio.create_subprocess_exec(
        ISOBOT, *words, cwd=town.folder, env=kept | _settings(town),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(START):
        output, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (0, "")
    return output.decode()


async def _run_here(town: Town, *words: str) -> str:
    """Run the command in a thread, which saves the start of a process; what it printed."""
    ended = await asyncio.to_thread(CliRunner().invoke, isobot, words, env=_settings(town), catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


async def _import(town: Town) -> str:
    file = town.folder / "danh-sach.csv"
    file.write_text(LIST, "utf-8")
    printed = await _run_here(town, "roster", str(file))
    await town.post("clock", by_seconds=60)
    await until(lambda: "truong-chinh-tri" in town.demo.application.bot_data.pack.agencies.everyone)
    return printed


def _listed(card: Any) -> list[str]:
    return [label.removeprefix("○ ") for label in labels(card)]


async def test_an_imported_agency_is_known_on_the_next_tick_without_a_restart(own_town: Town) -> None:
    an, ha = own_town.someone(), own_town.person(COORDINATOR)
    assert (await an.asks(QUESTION)).text.startswith("Nguồn không nói Sở Y tế")
    await _import(own_town)
    first = (await an.asks(QUESTION)).text.split("\n")[0]
    assert first == "Sở Y tế: kiểm tra qua hồ sơ và báo cáo, chờ xác nhận."
    # What the pack knew nothing of is recognised, and listed with those of the plan.
    assert "Trường Chính trị: kiểm tra qua hồ sơ" in (await an.asks("trường chính trị kiểm tra hình thức nào")).text
    pages = [await ha.asks("/moi")]
    names = _listed(pages[0])
    await ha.presses(pages[0], "Trang sau ›")
    names += _listed(pages[0])
    assert {"Sở Y tế", "Trường Chính trị"} <= set(names)
    assert names.index("Trường Chính trị") < names.index("Sở Nội vụ"), "before those that the source does not place"


async def test_a_contact_on_the_list_links_by_the_link_or_the_code_that_was_printed(own_town: Town) -> None:
    printed = await _import(own_town)
    found = re.search(r"mời Nguyễn Văn An: https://t\.me/isobot_demo_bot\?start=(\w+) \(([\w-]+)\)", printed)
    assert found
    an = own_town.someone("Nguyễn Văn An")
    by_link, by_code = await an.asks(f"/start {found[1]}"), await an.asks(found[2])
    assert by_link.text.split("\n")[0] == by_code.text.split("\n")[0] == "Liên kết với Sở Y tế?"
    await an.presses(by_code, "Đồng ý")
    assert [row["agency"] for row in own_town.rows("contacts") if row["person_id"] == an.id] == ["so-y-te"]
    own = (await an.asks("cơ quan tôi kiểm tra theo hình thức nào")).text
    assert own.startswith("Sở Y tế: kiểm tra qua hồ sơ")
    assert "Nguyễn Văn An đã là đầu mối" in await _run_here(own_town, "roster", str(own_town.folder / "danh-sach.csv"))


async def test_an_imported_agency_stays_known_when_the_bot_learns_a_phrasing(own_town: Town) -> None:
    await _import(own_town)
    services = own_town.demo.application.bot_data
    before = services.answerer
    await services.in_force.refresh()
    assert services.answerer is before, "nothing changed, so nothing is made anew"
    missed = "thời gian nghỉ trưa của Đoàn"
    question = await services.questions.record(
        person_id=1, text=missed, via=Via.TEXT, outcome=Outcome.DECLINE, topic=None, agency=None, score=0
    )
    await services.phrasings.add("report.recipient", missed, COORDINATOR, [question])
    await services.in_force.refresh()
    assert missed in services.pack.topics["report.recipient"].phrasings
    assert "truong-chinh-tri" in services.pack.agencies.everyone


async def test_codes_of_the_command_make_contacts_and_coordinators(own_town: Town) -> None:
    await _import(own_town)
    an, binh = own_town.someone("An"), own_town.someone("Bình")
    contact = json.loads(await _run(own_town, "invite", "--agency", "truong-chinh-tri", "--json"))
    asked = await an.asks(contact["link"].replace("https://t.me/isobot_demo_bot?start=", "/start "))
    assert asked.text.startswith("Liên kết với Trường Chính trị?")
    await an.presses(asked, "Đồng ý")
    _, spelled = (await _run(own_town, "invite", "--coordinator")).splitlines()
    await binh.presses(await binh.asks(spelled.removeprefix("Mã để đọc: ")), "Đồng ý")
    assert [row["person_id"] for row in own_town.rows("coordinators")] == [binh.id]
    assert "Chọn cơ quan" in (await binh.asks("/moi")).text
    assert "Trường Chính trị" in (await an.asks("/donvi")).text
    again = (await binh.asks(f"/start {contact['code']}")).text
    assert again.startswith("Mã này đã được dùng.")


async def test_a_code_for_two_people_serves_two(own_town: Town) -> None:
    code = json.loads(await _run_here(own_town, "invite", "--agency", "so-xay-dung", "--uses", "2", "--json"))["code"]
    people = [own_town.someone(name) for name in ("An", "Bình", "Chi")]
    cards = [await one.asks(f"/start {code}") for one in people]
    for one, card in zip(people, cards, strict=True):
        await one.presses(card, "Đồng ý")
    linked = {row["person_id"] for row in own_town.rows("contacts")}
    assert [one.id in linked for one in people] == [True, True, False]
    assert cards[2].text.startswith("Mã này đã được dùng.")
