"""Confirming by many taps, by two people, over a bad line, and by people with odd names: it happens once."""

import pytest

from bot.sandbox.faults import Fault
from bot.states import State
from handlers.buttons import Code
from tests.whole import papers
from tests.whole.offices import open_office
from tests.whole.town import Someone, Town, data_of, marked

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_ten_taps_at_once_make_one_version_and_one_receipt(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    card, last = await office.form(), coordinator.last
    event = town.world.events.last
    tap = {"message_id": card.id, "callback_data": data_of(card, "Xác nhận")}
    for _ in range(10):
        await town.post(f"people/{office.contact.id}/presses", **tap)
    await town.settle()
    seen = [one.data for one in town.world.events.since(event) if one.kind == "toast"]
    toasts = [data["text"] for data in seen if isinstance(data, dict)]
    assert (len(toasts), toasts.count("Đã xác nhận.")) == (10, 1)
    assert all(toasts), "each tap is told something"
    assert len(office.rows("versions")) == len(office.rows("steps")) == len(office.rows("audit")) == 1
    assert card.text.startswith("Biên nhận số")
    assert len(office.contact.heard(after=card.id)) == 0
    assert len(coordinator.heard(after=last)) == 1


async def test_of_two_contacts_at_once_one_is_first_and_the_other_may_still_confirm(
    town: Town, coordinator: Someone
) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám")
    cards = []
    for contact in office.contacts:
        card = await contact.asks("/xacnhan")
        await contact.presses(card, "Email")
        cards.append(card)
    last = coordinator.last
    for contact, card in zip(office.contacts, cards, strict=True):
        tap = {"message_id": card.id, "callback_data": data_of(card, "Xác nhận")}
        await town.post(f"people/{contact.id}/presses", **tap)
    await town.settle()
    [version] = office.rows("versions")
    [first] = [one for one in range(2) if office.contacts[one].id == version["person_id"]]
    second = 1 - first
    name = office.contacts[first].person.name
    assert cards[first].text.startswith("Biên nhận số")
    assert f"⚠️ {name} vừa xác nhận lúc 08:" in cards[second].text
    assert "bấm Xác nhận để ghi thành bản 2" in cards[second].text
    [told] = office.contacts[second].heard(after=cards[second].id)
    assert told.text == cards[first].text, "the other one has the receipt of the first"
    assert len(coordinator.heard(after=last)) == 1
    assert (await office.contacts[second].presses(cards[second], "Xác nhận")).toasts == ["Đã xác nhận."]
    assert office.story() == [State.CONFIRMED, State.AMENDED]
    assert "bản 2" in office.contacts[first].heard()[-1].text


async def test_an_update_that_comes_twice_confirms_once(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    contact, last = office.contact, coordinator.last

    def twice() -> None:
        town.world.faults.append(Fault("duplicate", chat_id=contact.id))

    twice()
    card = (await contact.gives("bao-cao.pdf", papers.pdf(), "123/BC-SXD"))[-1]
    assert card.text.count("•") == 1
    twice()
    await contact.presses(card, "Xác nhận")
    assert all(fault.times == 0 for fault in town.world.faults), "the faults have struck"
    town.world.faults.clear()
    assert len(office.rows("versions")) == 1
    assert card.text.startswith("Biên nhận số")
    assert len(coordinator.heard(after=last)) == 1


@pytest.mark.parametrize("kind", ["error", "drop_before", "lost_reply", "retry_after"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_receipt_whose_way_fails_once_arrives_and_only_once(town: Town, kind: str) -> None:
    office = await open_office(town)
    card = await office.form()
    fault = Fault(kind, method="editMessageText", chat_id=office.contact.id, seconds=0)  # type: ignore[arg-type]
    town.world.faults.append(fault)
    await office.contact.presses(card, "Xác nhận")
    assert fault.times == 0, "the fault has struck"
    town.world.faults.clear()
    assert card.text.startswith("Biên nhận số")
    assert office.contact.heard(after=card.id) == []


async def test_a_card_to_the_coordinator_that_may_have_arrived_is_not_sent_twice(
    town: Town, coordinator: Someone
) -> None:
    office = await open_office(town)
    card, last = await office.form(), coordinator.last
    town.world.faults.append(Fault("lost_reply", method="sendMessage", chat_id=coordinator.id))
    await office.contact.presses(card, "Xác nhận")
    town.world.faults.clear()
    assert len(coordinator.heard(after=last)) == 1
    [row] = [row for row in town.rows("outgoing") if row["chat_id"] == coordinator.id and office.name in row["html"]]
    assert (row["state"], row["reason"]) == ("uncertain", "timed-out")


async def test_a_contact_who_has_blocked_the_bot_does_not_hold_up_the_others(town: Town) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám", "Đỗ Thị Loan")
    office.contacts[1].person.blocked = True
    receipt = await office.confirms()
    assert [message.text for message in office.contacts[2].heard()] == [receipt.text]
    [row] = [row for row in town.rows("outgoing") if row["chat_id"] == office.contacts[1].id]
    assert (row["state"], row["reason"]) == ("failed", "blocked")


async def test_who_was_unlinked_in_the_middle_cannot_confirm(town: Town) -> None:
    office = await open_office(town)
    card = await office.form()
    page = await office.contact.asks("/donvi")
    [sure] = (await office.contact.presses(page, "Huỷ liên kết")).replies
    await office.contact.presses(sure, f"Huỷ liên kết với {office.name}")
    pressed = await office.contact.forces(card.id, f"{Code.CONFIRM}:0")
    assert pressed.toasts[0].startswith("Việc này dành cho đầu mối")
    assert office.rows("versions") == []


async def test_what_people_type_comes_out_harmless(town: Town, coordinator: Someone) -> None:
    office = await open_office(town, "<i>Cúc</i>\u202e & Co\u0000")
    [card] = await office.contact.gives("\u202e<b>fdp\u2066.exe.pdf", papers.pdf(), "<u>123/BC-SXD</u>")
    await office.contact.presses(card, "Xác nhận")
    for message in (card, office.review()):
        assert "• <b>fdp.exe.pdf" in message.text
        assert "<i>Cúc</i> & Co" in message.text
        assert not any(sign in message.text for sign in "\u202e\u2066\x00")
    assert "underline" not in {entity.type for entity in card.entities}
    assert not any(
        typed in words for kind in ("bold", "italic") for words in marked(card, kind) for typed in ("Cúc", "fdp")
    )
