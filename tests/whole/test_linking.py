"""Invitations: made, passed on, opened, typed, guessed; becoming a contact or a coordinator, and ceasing to be one."""

import re

import pytest

from bot.sandbox.messages import Message
from handlers.buttons import Code
from tests.whole.offices import OPERATOR, Office, invite_coordinator, open_office
from tests.whole.town import COORDINATOR, Someone, Town, labels, labels_of, marked

pytestmark = pytest.mark.asyncio(loop_scope="module")

IN_PRIVATE = "Lệnh này chỉ dùng trong trò chuyện riêng với trợ lý."


def code_in(card: Message) -> str:
    """The code on an invitation, as it is read out."""
    [code] = marked(card, "code")
    return code


def link_in(card: Message) -> str:
    found = re.search(r"https://t\.me/isobot_demo_bot\?start=(\w+)", card.text)
    assert found
    return found[1]


async def agrees(person: Someone, code: str) -> Message:
    """Use a code and agree; the card that says what one is now."""
    card = await person.asks(f"/start {code}")
    assert (await person.presses(card, "Đồng ý")).toasts == ["Đã liên kết."]
    return card


def contacts_of(town: Town, agency: str) -> list[int]:
    return [row["person_id"] for row in town.rows("contacts") if row["agency"] == agency]


async def test_the_list_leads_by_pages_to_every_agency_but_the_lead(town: Town, coordinator: Someone) -> None:
    card = await coordinator.asks("/moi")
    agencies = town.demo.application.bot_data.pack.agencies.everyone.values()
    offered = labels_of(card, Code.CHOOSE)
    while "Trang sau ›" in labels(card):
        assert (await coordinator.presses(card, "Trang sau ›")).replies == []
        offered += labels_of(card, Code.CHOOSE)
    assert [label.removeprefix("○ ") for label in offered] == [one.name for one in agencies if not one.is_lead]
    await coordinator.presses(card, "‹ Trang trước")
    assert {"‹ Trang trước", "Trang sau ›"} <= set(labels(card))


async def test_the_list_marks_who_has_no_contact_yet(town: Town, coordinator: Someone) -> None:
    offered = labels(await coordinator.asks("/moi"))
    assert "Sở Xây dựng" in offered
    assert "○ Sở Kế hoạch và Đầu tư" in offered


async def test_the_agency_chosen_from_the_list_is_invited(coordinator: Someone) -> None:
    card = await coordinator.asks("/moi")
    [invitation] = (await coordinator.presses(card, "Sở Xây dựng")).replies
    assert invitation.text.startswith("Mã mời · Sở Xây dựng")


@pytest.mark.parametrize("typed", ["UBND huyện Lộc Ninh", "loc ninh", "huyện LN"])
async def test_an_agency_typed_behind_the_command_is_invited(coordinator: Someone, typed: str) -> None:
    card = await coordinator.asks(f"/moi {typed}")
    assert card.text.startswith("Mã mời · UBND huyện Lộc Ninh")
    assert "Dùng được cho 1 người, đến 08:0" in card.text
    assert "ngày 15/11/2021" in card.text


async def test_of_a_name_that_fits_several_those_are_offered(coordinator: Someone) -> None:
    card = await coordinator.asks("/moi huyện bđ")
    assert {label.removeprefix("○ ") for label in labels(card)} == {"UBND huyện Bù Đăng", "UBND huyện Bù Đốp"}


async def test_nobody_else_can_invite(town: Town, an: Someone) -> None:
    before = town.rows("invitations")
    assert (await an.asks("/moi Sở Xây dựng")).text == "Lệnh này dành cho cán bộ điều phối."
    assert town.rows("invitations") == before


async def test_of_a_code_only_the_hash_is_kept_and_no_two_are_alike(town: Town, coordinator: Someone) -> None:
    cards = [await coordinator.asks("/moi Sở Xây dựng") for _ in range(3)]
    codes = {code_in(card) for card in cards}
    assert len(codes) == 3
    stored = str(town.rows("invitations"))
    for code in codes:
        assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", code), "a hundred bits"
        assert code not in stored
        assert code.replace("-", "") not in stored


async def test_the_one_who_opens_the_link_sees_to_what_they_agree(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    invitation = await coordinator.asks(f"/moi {office.name}")
    loan = town.someone("Đỗ Thị Loan")
    card = await loan.asks(f"/start {link_in(invitation)}")
    assert card.text.startswith(f"Liên kết với {office.name}?")
    for stored in ("họ tên trên Telegram (Đỗ Thị Loan)", "mã số Telegram", "cơ quan", "/riengtu"):
        assert stored in card.text
    assert labels(card) == ["Đồng ý", "Huỷ"]
    assert loan.id not in contacts_of(town, office.agency), "nothing is stored before they agree"


async def test_who_agrees_is_linked_and_the_others_and_the_coordinator_are_told_once(
    town: Town, coordinator: Someone
) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám")
    invitation = await coordinator.asks(f"/moi {office.name}")
    loan, last = town.someone("Đỗ Thị Loan"), coordinator.last
    linked = await agrees(loan, link_in(invitation))
    assert linked.text.startswith(f"Đã liên kết với {office.name}.")
    assert labels(linked) == ["Xác nhận nộp báo cáo"]
    assert contacts_of(town, office.agency) == [*(one.id for one in office.contacts), loan.id]
    told = f"Đỗ Thị Loan vừa trở thành đầu mối của {office.name}."
    for one in office.contacts:
        assert [message.text for message in one.heard()] == [told]
    assert [message.text for message in coordinator.heard(after=last)] == [told]
    assert [message.text for message in loan.heard()] == [linked.text]


async def test_who_was_linked_sees_the_commands_of_a_contact(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    loan = town.someone()
    await agrees(loan, link_in(await coordinator.asks(f"/moi {office.name}")))
    assert "/xacnhan" in (await loan.asks("/help")).text
    assert "xacnhan" in str(town.world.commands.shown_to(loan.id))


@pytest.mark.parametrize("spelled", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}\n"])
async def test_a_code_that_is_typed_works_as_well(town: Town, coordinator: Someone, spelled: object) -> None:
    assert callable(spelled)
    typed = spelled(code_in(await coordinator.asks("/moi Sở Xây dựng")))
    loan = town.someone()
    assert (await loan.asks(typed)).text.startswith("Liên kết với Sở Xây dựng?")
    assert town.questions_of(loan) == [], "a code is no question"


async def test_letters_that_are_misread_are_taken_as_meant(town: Town, coordinator: Someone) -> None:
    services, loan = town.demo.application.bot_data, town.someone()
    code = ""
    while not {"0", "1"} & set(code):
        code = (await services.invitations.issue(OPERATOR, "so-xay-dung")).spelled
    assert (await loan.asks(code.replace("0", "O").replace("1", "l"))).text.startswith("Liên kết với")


async def test_who_does_not_agree_is_not_linked_and_the_code_still_works(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    loan, code = town.someone(), link_in(await coordinator.asks(f"/moi {office.name}"))
    card = await loan.asks(f"/start {code}")
    await loan.presses(card, "Huỷ")
    assert (card.text.split(";")[0], labels(card)) == ("Đã dừng", [])
    assert loan.id not in contacts_of(town, office.agency)
    await agrees(loan, code)
    assert loan.id in contacts_of(town, office.agency)


async def test_a_used_code_works_for_nobody_else(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    code = link_in(await coordinator.asks(f"/moi {office.name}"))
    await agrees(town.someone(), code)
    assert (await town.someone().asks(f"/start {code}")).text.startswith("Mã này đã được dùng.")


async def test_of_two_who_agree_to_the_same_code_at_once_one_is_linked(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    code = link_in(await coordinator.asks(f"/moi {office.name}"))
    both = [town.someone(), town.someone()]
    cards = [await one.asks(f"/start {code}") for one in both]
    for one, card in zip(both, cards, strict=True):
        await town.post(f"people/{one.id}/presses", message_id=card.id, callback_data=Code.LINK)
    await town.settle()
    assert sorted(card.text.split(".")[0] for card in cards) == [
        "Mã này đã được dùng",
        f"Đã liên kết với {office.name}",
    ]
    assert len(contacts_of(town, office.agency)) == 2


async def test_a_code_for_several_people_works_so_often(town: Town) -> None:
    office = await open_office(town)
    issued = await town.demo.application.bot_data.invitations.issue(OPERATOR, office.agency, uses=2)
    for _ in range(2):
        await agrees(town.someone(), issued.code)
    assert "đã được dùng" in (await town.someone().asks(f"/start {issued.code}")).text


async def test_opening_ones_own_link_again_does_not_use_it_up(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    code = link_in(await coordinator.asks(f"/moi {office.name}"))
    await agrees(office.contact, code)
    assert contacts_of(town, office.agency) == [office.contact.id]
    await agrees(town.someone(), code)


async def test_a_revoked_code_works_no_more(town: Town, coordinator: Someone) -> None:
    invitation = await coordinator.asks("/moi Sở Xây dựng")
    code = link_in(invitation)
    late = town.someone()
    consent = await late.asks(f"/start {code}")
    assert (await coordinator.presses(invitation, "Thu hồi mã")).toasts == ["Đã thu hồi."]
    assert code not in invitation.text
    assert (await town.someone().asks(f"/start {code}")).text.startswith("Mã này đã bị thu hồi.")
    await late.presses(consent, "Đồng ý")
    assert consent.text.startswith("Mã này đã bị thu hồi.")
    assert late.id not in contacts_of(town, "so-xay-dung")


async def test_an_expired_code_works_no_more_even_if_it_was_opened_in_time(own_town: Town) -> None:
    coordinator, loan = own_town.person(COORDINATOR), own_town.someone()
    code = link_in(await coordinator.asks("/moi Sở Xây dựng"))
    await own_town.turn_clock("2021-11-15T07:59")
    card = await loan.asks(f"/start {code}")
    await own_town.turn_clock("2021-11-15T08:01")
    await loan.presses(card, "Đồng ý")
    assert card.text.startswith("Mã này đã hết hạn.")
    assert "hết hạn" in (await own_town.someone().asks(f"/start {code}")).text
    assert loan.id not in contacts_of(own_town, "so-xay-dung")


async def test_two_hundred_guesses_are_stopped_politely_and_a_later_true_code_is_heard(own_town: Town) -> None:
    coordinator, guesser = own_town.person(COORDINATOR), own_town.someone()
    right = code_in(await coordinator.asks("/moi Sở Xây dựng"))
    for number in range(200):
        await guesser.writes(f"AAAAA-BBBBB-CCCCC-{number:05}")
    await own_town.settle()
    said = [message.text.splitlines()[0] for message in guesser.heard()]
    assert len(said) == 200, "each guess is answered"
    assert said.count("Mã này không đúng.") <= 6
    assert said[-1] == "Anh/chị đã thử sai nhiều lần nên trợ lý tạm dừng nhận mã."
    assert "Anh/chị thử lại sau 08:0" in guesser.heard()[-1].text
    assert "tạm dừng" in (await guesser.asks(right)).text, "the right code does not tell whether a guess was good"
    assert (await own_town.someone().asks(right)).text.startswith("Liên kết với"), "nobody else waits"
    await own_town.turn_clock("2021-11-08T08:10")
    assert (await guesser.asks(right)).text.startswith("Liên kết với Sở Xây dựng?")


async def test_questions_are_answered_while_guesses_wait(own_town: Town) -> None:
    guesser = own_town.someone()
    for number in range(10):
        await guesser.asks(f"AAAAA-BBBBB-CCCCC-{number:05}")
    assert "15/11/2021" in (await guesser.asks("hạn nộp báo cáo là ngày nào")).text


async def test_unlinking_asks_once_more_and_tells_the_others(town: Town, coordinator: Someone) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám")
    cuc, tam = office.contacts
    await cuc.says("/start")
    page = await cuc.asks("/donvi")
    assert f"• {office.name} – ◔ đã liên kết, 2 đầu mối" in page.text
    [sure] = (await cuc.presses(page, "Huỷ liên kết")).replies
    assert contacts_of(town, office.agency) == [cuc.id, tam.id]
    await cuc.presses(sure, "‹ Quay lại")
    assert contacts_of(town, office.agency) == [cuc.id, tam.id]
    [sure] = (await cuc.presses(page, "Huỷ liên kết")).replies
    last = coordinator.last
    assert (await cuc.presses(sure, f"Huỷ liên kết với {office.name}")).toasts == ["Đã huỷ liên kết."]
    assert (sure.text, labels(sure)) == (f"Đã huỷ liên kết với {office.name}.", [])
    told = f"Hoàng Thị Cúc không còn là đầu mối của {office.name}."
    assert [message.text for message in (tam.heard()[-1], *coordinator.heard(after=last))] == [told, told]
    assert "chưa liên kết" in (await cuc.asks("/donvi")).text
    assert "/xacnhan" not in (await cuc.asks("/help")).text


async def test_that_nobody_is_left_is_told(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    page = await office.contact.asks("/donvi")
    [sure] = (await office.contact.presses(page, "Huỷ liên kết")).replies
    await office.contact.presses(sure, f"Huỷ liên kết với {office.name}")
    assert "⚠️ Cơ quan này hiện không còn đầu mối nào." in coordinator.heard()[-1].text


async def test_handing_over_lets_the_predecessor_go_when_the_successor_agrees(town: Town, coordinator: Someone) -> None:
    office = await open_office(town, "Hoàng Thị Cúc")
    cuc, loan = office.contact, town.someone("Đỗ Thị Loan")
    [card] = (await cuc.presses(await cuc.asks("/donvi"), "Bàn giao")).replies
    assert card.text.startswith(f"Mã bàn giao · {office.name}")
    consent = await loan.asks(f"/start {link_in(card)}")
    assert "Người bàn giao thôi làm đầu mối ngay khi anh/chị đồng ý." in consent.text
    assert contacts_of(town, office.agency) == [cuc.id]
    await loan.presses(consent, "Đồng ý")
    assert contacts_of(town, office.agency) == [loan.id]
    for one in (cuc, coordinator):
        assert "Đã nhận bàn giao từ Hoàng Thị Cúc" in one.heard()[-1].text
    assert "chưa liên kết" in (await cuc.asks("/xacnhan")).text


async def test_a_code_for_a_successor_ends_with_its_maker(town: Town) -> None:
    office = await open_office(town)
    cuc = office.contact
    page = await cuc.asks("/donvi")
    [card] = (await cuc.presses(page, "Bàn giao")).replies
    [sure] = (await cuc.presses(page, "Huỷ liên kết")).replies
    await cuc.presses(sure, f"Huỷ liên kết với {office.name}")
    assert "đã bị thu hồi" in (await town.someone().asks(f"/start {link_in(card)}")).text


async def test_who_made_a_code_for_a_successor_can_revoke_it(town: Town) -> None:
    office = await open_office(town)
    [card] = (await office.contact.presses(await office.contact.asks("/donvi"), "Bàn giao")).replies
    code = link_in(card)
    assert (await office.contact.presses(card, "Thu hồi mã")).toasts == ["Đã thu hồi."]
    assert "đã bị thu hồi" in (await town.someone().asks(f"/start {code}")).text


async def test_one_person_may_act_for_several_agencies(town: Town, coordinator: Someone) -> None:
    offices: list[Office] = [await open_office(town), await open_office(town)]
    loan = town.someone("Đỗ Thị Loan")
    for office in offices:
        await agrees(loan, link_in(await coordinator.asks(f"/moi {office.name}")))
    page = await loan.asks("/donvi")
    assert labels(page) == [
        f"{what} · {office.name}" for office in offices for what in ("Tắt nhắc", "Bàn giao", "Huỷ liên kết")
    ]
    choice = await loan.asks("/tinhtrang")
    assert labels_of(choice, Code.CHOOSE) == [office.name for office in offices]


async def test_who_uses_a_code_for_coordinators_coordinates(own_town: Town) -> None:
    first = own_town.person(COORDINATOR)
    await first.says("/start")
    last = first.last
    khoa = await invite_coordinator(own_town, "Vũ Văn Khoa")
    assert khoa.heard()[-1].text.startswith("Đã liên kết với Ban điều phối.")
    assert [message.text for message in first.heard(after=last)] == ["Vũ Văn Khoa vừa trở thành cán bộ điều phối."]
    assert "moi" in str(own_town.world.commands.shown_to(khoa.id))
    assert (await khoa.asks("/moi Sở Xây dựng")).text.startswith("Mã mời")


@pytest.mark.parametrize(
    "command", ["/donvi", "/riengtu", "/huy", "/xacnhan", "/tinhtrang", "/biennhan", "/moi", "/giahan"]
)
async def test_in_a_group_nothing_is_said_of_people_and_agencies(
    town: Town, coordinator: Someone, command: str
) -> None:
    group = town.group(coordinator, town.someone())
    assert (await coordinator.asks(command, chat_id=group.id)).text == IN_PRIVATE


async def test_a_code_in_a_group_binds_nobody(town: Town, an: Someone, coordinator: Someone) -> None:
    code = link_in(await coordinator.asks("/moi Sở Xây dựng"))
    group = town.group(an, coordinator)
    for text in (f"/start {code}", f"@isobot_demo_bot {code}"):
        for reply in await an.says(text, chat_id=group.id):
            assert "Liên kết" not in reply.text
            assert not labels_of(reply, Code.LINK)


async def test_names_come_out_harmless(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    mallory = town.someone("<b>Lan</b>\u202e&amp;\n\u0007 Anh {{ 1 }}")
    card = await mallory.asks(f"/start {link_in(await coordinator.asks(f'/moi {office.name}'))}")
    shown = "<b>Lan</b>&amp; Anh {{ 1 }}"
    assert f"({shown})" in card.text
    await mallory.presses(card, "Đồng ý")
    for one in (office.contact, coordinator):
        assert one.heard()[-1].text == f"{shown} vừa trở thành đầu mối của {office.name}."
        assert marked(one.heard()[-1], "bold") == [shown]


async def test_the_story_of_invitations_stands_in_the_log(own_town: Town) -> None:
    coordinator, loan = own_town.person(COORDINATOR), own_town.someone("Đỗ Thị Loan")
    card = await coordinator.asks("/moi UBND huyện Lộc Ninh")
    await agrees(loan, link_in(card))
    [handover] = (await loan.presses(await loan.asks("/donvi"), "Bàn giao")).replies
    await agrees(own_town.someone("Lý Văn Tám"), link_in(handover))
    told = [(row["act"], row["person_name"]) for row in own_town.rows("audit") if row["agency"] == "ubnd-loc-ninh"]
    assert told == [
        ("invited", "Lê Thu Hà"),
        ("linked", "Đỗ Thị Loan"),
        ("invited", "Đỗ Thị Loan"),
        ("linked", "Lý Văn Tám"),
        ("handed-over", "Đỗ Thị Loan"),
    ]
