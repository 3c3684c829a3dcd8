"""Confirming again: what was returned, what is closed, and what has changed since the form was opened."""

from itertools import pairwise

import pytest

from bot.states import State
from tests.whole import papers
from tests.whole.offices import open_office
from tests.whole.town import Someone, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_returned_report_is_amended_with_what_was_given(town: Town) -> None:
    office = await open_office(town)
    contact = office.contact
    await office.form("Trục liên thông")
    await contact.asks("123/BC-SXD ngày 5/11/2021")
    [card] = await contact.gives("bao-cao.pdf", papers.pdf())
    await contact.presses(card, "Xác nhận")
    told = await office.returned("thiếu phụ lục")
    assert "Lý do: thiếu phụ lục" in told.text
    [card] = (await contact.presses(told, "Bổ sung")).replies
    for kept in (
        "bản 2",
        "Bị trả lại vì: thiếu phụ lục",
        "Trục liên thông",
        "123/BC-SXD ngày 05/11/2021",
        "bao-cao.pdf",
    ):
        assert kept in card.text
    [card] = await contact.gives("phu-luc.pdf", papers.pdf("phu luc"))
    await contact.presses(card, "Xác nhận")
    assert "đã bổ sung" in card.text
    assert [row["way"] for row in office.rows("versions")] == ["network", "network"]
    assert office.story() == [State.CONFIRMED, State.RETURNED, State.AMENDED]


async def test_a_file_sent_after_a_return_is_added_to_what_was_given(town: Town) -> None:
    office = await open_office(town)
    contact = office.contact
    await office.form("Trục liên thông")
    [card] = await contact.gives("bao-cao.pdf", papers.pdf(), "123/BC-SXD ngày 5/11/2021")
    await contact.presses(card, "Xác nhận")
    await office.returned()
    [card] = await contact.gives("phu-luc.pdf", papers.pdf("phu luc"))
    for kept in ("Trục liên thông", "123/BC-SXD ngày 05/11/2021", "bao-cao.pdf", "phu-luc.pdf"):
        assert kept in card.text
    [card] = await contact.gives("bao-cao-2.pdf", papers.pdf())
    assert card.text.count("•") == 2, "the same file once more is no third one"


@pytest.mark.parametrize("again", ["/xacnhan", "Tôi muốn xác nhận đã nộp báo cáo"])
async def test_what_is_accepted_needs_no_confirmation(town: Town, again: str) -> None:
    office = await open_office(town)
    await office.confirms()
    await office.accepted()
    told = await office.contact.asks(again)
    assert told.text.startswith(f"{office.name}: ✅ đã tiếp nhận\nBáo cáo đã được tiếp nhận nên không cần")
    assert office.story() == [State.CONFIRMED, State.ACCEPTED]


async def test_who_is_let_off_needs_not_confirm(town: Town) -> None:
    office = await open_office(town)
    await office.waived()
    assert (await office.contact.asks("/xacnhan")).text == (
        f"{office.name}: — được miễn\nCơ quan được miễn nộp nên không cần xác nhận."
    )


async def test_a_form_that_was_accepted_over_says_so(town: Town) -> None:
    office = await open_office(town)
    await office.confirms()
    card = await office.form()
    await office.accepted()
    await office.contact.presses(card, "Xác nhận")
    assert card.text.startswith(f"{office.name}: ✅ đã tiếp nhận")
    assert labels(card) == []
    assert len(office.rows("versions")) == 1


async def test_a_form_from_before_a_waiver_that_was_lifted_can_still_be_confirmed(
    town: Town, coordinator: Someone
) -> None:
    office = await open_office(town)
    card = await office.form()
    await office.waived()
    page = await coordinator.asks(f"/tinhtrang {office.name}")
    assert (await coordinator.presses(page, "Bỏ miễn nộp")).toasts == ["Đã bỏ miễn nộp."]
    await office.contact.presses(card, "Xác nhận")
    assert "Lê Thu Hà vừa bỏ miễn nộp" in card.text
    assert "bản 0" not in card.text
    assert (await office.contact.presses(card, "Xác nhận")).toasts == ["Đã xác nhận."]
    assert office.story() == [State.WAIVED, State.NOT_OPENED, State.CONFIRMED]


async def test_receipts_are_numbered_one_after_the_other(town: Town) -> None:
    office = await open_office(town)
    for _ in range(3):
        await office.confirms()
    numbers = [row["id"] for row in office.rows("versions")]
    assert all(after == before + 1 for before, after in pairwise(numbers))
    assert [row["version"] for row in office.rows("versions")] == [1, 2, 3]
