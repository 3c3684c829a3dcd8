"""Receipts shown again, and whether one is real and current."""

import asyncio

import pytest

from tests.whole import papers
from tests.whole.offices import Office, open_office
from tests.whole.town import Someone, Town, labels, marked

pytestmark = pytest.mark.asyncio(loop_scope="module")

REAL = "Biên nhận thật, là bản hiện hành."
OLD = "Biên nhận thật, nhưng không còn là bản hiện hành."
WRONG = "Mã không khớp với biên nhận nào."


async def check(town: Town, code: str) -> str:
    """What anybody is told of a code."""
    return (await town.someone().asks(f"/kiemtra {code}")).text


async def code_of(office: Office) -> str:
    """The check code of the receipt that the agency gets now."""
    return marked(await office.confirms(), "code")[-1]


async def test_the_newest_receipt_is_shown_with_the_older_ones_to_choose_from(town: Town) -> None:
    office = await open_office(town)
    receipts = [(await office.confirms()).text for _ in range(3)]
    card = await office.contact.asks("/biennhan")
    assert card.text == receipts[2]
    assert labels(card) == ["Bản 2", "Bản 1"]
    [older] = (await office.contact.presses(card, "Bản 1")).replies
    assert older.text.splitlines()[1] == f"Cơ quan: {office.name} · bản 1"
    assert "Đã có bản 3 mới hơn." in older.text
    assert labels(older) == ["Bản 3", "Bản 2"]


async def test_who_has_none_is_told_so(town: Town) -> None:
    office = await open_office(town)
    assert "chưa có biên nhận nào" in (await office.contact.asks("/biennhan")).text


async def test_a_coordinator_may_see_any_receipt(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    receipt = await office.confirms()
    assert (await coordinator.asks(f"/biennhan {office.name}")).text == receipt.text


async def test_a_receipt_tells_the_state_as_it_is_now(town: Town) -> None:
    office = await open_office(town)
    await office.confirms()
    await office.accepted()
    assert "✅ đã tiếp nhận" in (await office.contact.asks("/biennhan")).text


async def test_a_code_is_real_and_current_for_whoever_holds_it(town: Town) -> None:
    office = await open_office(town)
    code = await code_of(office)
    told = await check(town, code)
    for fact in (REAL, f"{office.name} · bản 1 · ● đã xác nhận", "trước ngày 15/11/2021 → đúng hạn", "0 tệp kèm theo"):
        assert fact in told
    assert office.contact.person.name not in told, "who confirmed is not for everybody"


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("0", "O")])
async def test_a_code_may_be_typed_in_many_ways(town: Town, typed: object) -> None:
    assert callable(typed)
    assert REAL in await check(town, typed(await code_of(await open_office(town))))


async def test_a_superseded_and_a_withdrawn_receipt_are_real_but_not_current(town: Town) -> None:
    office = await open_office(town)
    first, second = await code_of(office), await code_of(office)
    told = await check(town, first)
    assert told.startswith(OLD)
    assert "Đã có bản 2 mới hơn." in told
    assert (await check(town, second)).startswith(REAL)
    await office.withdraws()
    told = await check(town, second)
    assert told.startswith(OLD)
    assert "Cơ quan đã rút xác nhận." in told


async def test_a_wrong_code_is_said_to_be_wrong(town: Town) -> None:
    code = await code_of(await open_office(town))
    number, first, second = code.split("-")
    changed = "0" if first[0] != "0" else "1"
    for wrong in (f"{number}-{changed}{first[1:]}-{second}", f"999-{first}-{second}", number, "<b>x</b>", "9" * 300):
        assert (await check(town, wrong)).startswith(WRONG), wrong
    assert (await town.someone().asks("/kiemtra")).text.startswith("Gõ mã sau lệnh")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE versions SET document_number = '999/BC-X' WHERE id = {id}",
        "UPDATE versions SET confirmed_at = '2021-11-01 01:00:00.000000' WHERE id = {id}",
        "UPDATE versions SET due_before = '2021-12-31' WHERE id = {id}",
        "UPDATE version_files SET sha256 = 'f' || substr(sha256, 2) WHERE version_id = {id}",
        "DELETE FROM version_files WHERE version_id = {id}",
    ],
)
async def test_a_record_that_was_changed_in_the_file_fails_its_check(town: Town, change: str) -> None:
    office = await open_office(town)
    [card] = await office.contact.gives("bao-cao.pdf", papers.pdf(change[:20]), "123/BC-SXD ngày 5/11/2021")
    await office.contact.presses(card, "Xác nhận")
    code = next(words for words in marked(card, "code") if len(words) < 64)
    assert (await check(town, code)).startswith(REAL)
    [version] = office.rows("versions")
    # In a thread: the bot may be writing, and has to get on with it.
    assert await asyncio.to_thread(town.store.change, change.format(id=version["id"])) == 1
    assert (await check(town, code)).startswith(WRONG)


async def test_a_code_can_be_checked_in_a_group(town: Town, an: Someone) -> None:
    code = await code_of(await open_office(town))
    group = town.group(an, town.someone())
    assert (await an.asks(f"/kiemtra {code}", chat_id=group.id)).text.startswith(REAL)
