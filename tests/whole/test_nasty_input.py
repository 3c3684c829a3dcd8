"""What is nasty, in every place where a person can put it: a day in which all that is typed is that."""

import asyncio
import io
from collections.abc import AsyncIterator

import openpyxl
import pytest
import pytest_asyncio

from bot.roster import Listed, Roster
from bot.sandbox import actions
from bot.sandbox.messages import Message
from bot.visible import line
from knowledge.answer import Answerer
from tests.conftest import NewStore
from tests.whole import papers
from tests.whole.conftest import open_town
from tests.whole.offices import OPERATOR, Office, open_office
from tests.whole.town import COORDINATOR, Someone, Town, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

NASTY = {
    "code": "</b></i><b>&lt;u&gt; & <script>{{ 7*191 }}{% for x in y %}'; DROP TABLE versions; -- %s%n {0.__class__}",
    "a formula": '=HYPERLINK("http://x","y")+cmd|\'/c calc\'!A1',
    "what is not seen": "\u202egnốd\u2066\u200b\ufeff Z\u0301\u0323\u0300 \x00\x07\x1b[31mc\x7f\x85d\u2028e"
    + "\u0301" * 90,
    "emoji": "👨‍👩‍👧🇻🇳👍🏽" * 40,
    "as long as can be": "ộ<" * 2048,
}
NUMBERED = list(enumerate(NASTY.values()))
LONGEST_NAME = 128  # a first name and a last one

# What a template, a format or an arithmetic would have made of them.
EVALUATED = ("1337", "<class", "uid=", "__mro__")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    answerer: Answerer, tmp_path_factory: pytest.TempPathFactory, new_store: NewStore
) -> AsyncIterator[Town]:
    async with open_town(answerer, tmp_path_factory.mktemp("nasty") / "data", new_store) as opened:
        services = opened.demo.application.bot_data
        roster = Roster(
            services.contacts._database, services.clock, services.audit, services.contacts, services.invitations
        )
        listed = [Listed(f"nasty-{number}", line(text)[:100], "province", "dossier") for number, text in NUMBERED]
        await roster.take_in(OPERATOR, listed, [])
        await services.in_force.refresh()
        yield opened


def sensible(replies: list[Message]) -> Message:
    """The last of the bot's words on something; each of them can be read, and nothing was made of what was typed."""
    assert replies
    for reply in replies:
        assert reply.text.strip() or reply.file
        assert "Có lỗi" not in reply.text
        assert not any(made in reply.text for made in EVALUATED)
    return replies[-1]


async def _chosen(person: Someone, card: Message, *beginnings: str) -> Message:
    """Press one button after another, each the first that begins so; the card that this led to."""
    for beginning in beginnings:
        label = next(label for label in labels(card) if label.startswith(beginning))
        pressed = await person.presses(card, label)
        card = sensible(pressed.replies) if pressed.replies else card
    return sensible([card])


async def _asks(person: Someone, text: str) -> None:
    """As a question, behind commands, and inline."""
    for command in ("", "/hoi ", "/start ", "/kiemtra ", "/xacnhan ", "/tinhtrang ", "/donvi "):
        sensible(await person.says(f"{command}{text}"[:4096]))
    await person.says("/huy")
    answer = asyncio.create_task(actions.ask_inline(person.town.world, person.person, text))
    await asyncio.sleep(0)
    await person.town.settle()
    assert "results" in await answer


async def _commands(coordinator: Someone, text: str) -> None:
    """Behind the commands that choose an agency or a code."""
    for command in ("/moi ", "/giahan ", "/nhatky ", "/bang ", "/tinhtrang "):
        sensible(await coordinator.says(f"{command}{text}"[:4096]))
    await coordinator.says("/huy")


async def _confirms(office: Office, text: str) -> None:
    """As the line with number and day, as a file's name and caption, and as the name on the receipt."""
    contact = office.contact
    await office.form()
    sensible(await contact.says(text))
    sensible(await contact.says(f"123/BC-SXD ngày 5/11/2021 {text}"[:4096]))
    card = sensible(await contact.gives(f"{text}.pdf".replace("/", "")[-200:], papers.pdf(), text[:1024]))
    await contact.presses(card, "Xác nhận")
    assert sensible([card]).text.startswith("Biên nhận")
    sensible([office.review()])


async def _is_returned(office: Office, text: str) -> None:
    """As the reasons for all that takes a reason."""
    coordinator, other = office.town.person(COORDINATOR), await open_office(office.town)
    form = await _chosen(coordinator, office.review(), "Trả lại")
    form = sensible(await coordinator.says(text))
    await _chosen(coordinator, form, "Trả lại")
    sensible(office.contact.heard())
    page = sensible(await coordinator.says(f"/tinhtrang {other.name}"))
    await _chosen(coordinator, page, "Miễn nộp")
    await _chosen(coordinator, sensible(await coordinator.says(text)), "Miễn nộp")
    sensible(await coordinator.says(f"/giahan {office.name}"))
    await _chosen(coordinator, sensible(await coordinator.says(f"19/11/2021 {text}"[:4096])), "Gia hạn")
    sensible(await coordinator.says("/phuongan"))
    sensible(await coordinator.says(text))
    await coordinator.says("/huy")
    for command in (f"/tinhtrang {office.name}", f"/tinhtrang {other.name}", "/nhatky", "/bang"):
        sensible(await coordinator.says(command))


async def _is_told(town: Town, office: Office, text: str) -> None:
    """As a notice."""
    coordinator = town.person(COORDINATOR)
    await coordinator.says("/thongbao")
    preview, card = await coordinator.says(text)
    assert labels(preview) == ["Đã đọc"]
    await _chosen(coordinator, card, "Tất cả cơ quan", "Gửi")
    await until(lambda: card.text.startswith("Đã gửi xong"))
    assert sensible(office.contact.heard()).text == preview.text


async def _is_answered(town: Town, text: str) -> None:
    """As a question that is passed on, and as the answer to it."""
    coordinator, dan = town.person(COORDINATOR), town.someone(text[:LONGEST_NAME])
    sensible(await dan.says(text))
    await dan.forces(dan.heard()[-1].id, f"p:{town.questions_of(dan)[-1]['id']}")
    inbox = sensible(await coordinator.says("/hopthu"))
    await _chosen(coordinator, inbox, "Trả lời")
    preview = sensible(await coordinator.says(text))
    await _chosen(coordinator, preview, "Gửi câu trả lời" if "Gửi câu trả lời" in labels(preview) else "Huỷ")
    sensible(dan.heard())


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
async def test_a_day_in_which_all_that_is_typed_is_nasty_ends_well(town: Town, text: str) -> None:
    town.world.calls.clear()
    office = await open_office(town, text[:LONGEST_NAME])
    await _asks(office.contact, text)
    await _commands(town.person(COORDINATOR), text)
    await _confirms(office, text)
    await _is_returned(office, text)
    await _is_told(town, office, text)
    await _is_answered(town, text)
    refused = [
        (call.method, call.params)
        for call in town.world.calls
        # A card that shows already what it is to show is no mistake.
        if call.error_code == 400 and "message is not modified" not in str(call.description)
    ]
    assert refused == []


async def test_in_the_workbook_a_text_stays_a_text(town: Town) -> None:
    for text in (NASTY["a formula"], NASTY["what is not seen"]):
        office = await open_office(town, text)
        await _confirms(office, text)
        await _is_told(town, office, text)
    [sent] = await town.person(COORDINATOR).says("/xuat")
    assert sent.file
    book = openpyxl.load_workbook(io.BytesIO(sent.file.read()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    begun_like_formulas = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert begun_like_formulas
    assert [cell.value for cell in begun_like_formulas if not cell.quotePrefix] == []
