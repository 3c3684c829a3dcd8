"""The log: who did what, when; and coordinators who add one another."""

import pytest

from bot.audit import Actor
from bot.sandbox.messages import Message
from bot.store.ledger_tables import Act
from handlers import wording
from handlers.buttons import Code
from handlers.journal import PAGE
from tests.whole.town import AT_SO_XAY_DUNG, COORDINATOR, Someone, Town, labels, labels_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVITE, REVOKE, AGREE = "Mời cán bộ điều phối", "Thu hồi mã", "Đồng ý"
NEWER, OLDER, CHOOSE, ALL_AGENCIES, ALL_KINDS = "‹ Mới hơn", "Cũ hơn ›", "Chọn cơ quan", "Mọi cơ quan", "Mọi việc"
HA = "Lê Thu Hà"


async def _log(town: Town, named: str = "") -> Message:
    return await town.person(COORDINATOR).asks(f"/nhatky {named}".strip())


async def _invite_coordinator(town: Town) -> Message:
    """The card with the code."""
    coordinator = town.person(COORDINATOR)
    return (await coordinator.presses(await coordinator.asks("/moi"), INVITE)).replies[0]


def _code(card: Message) -> str:
    return card.text.split("start=")[1].split()[0]


async def _joins(someone: Someone, card: Message) -> None:
    await someone.presses(await someone.asks(f"/start {_code(card)}"), AGREE)


async def _acts(town: Town, count: int) -> None:
    """Many entries, of two agencies by turns."""
    deadlines = town.demo.application.bot_data.deadlines
    assert deadlines.planned is not None
    for number in range(count):
        agency = "so-xay-dung" if number % 2 else "ubnd-bu-dang"
        async with deadlines._database.writing() as session:
            deadlines.extend_in(session, Actor(COORDINATOR, HA), agency, deadlines.planned, f"lần {number}.")


async def test_every_act_has_its_word_and_is_of_one_kind() -> None:
    assert wording.LOGGED.keys() == set(Act)
    of_kinds = [act for _, acts in wording.KINDS.values() for act in acts]
    assert len(of_kinds) == len(set(of_kinds))
    assert set(of_kinds) == set(Act)


async def test_an_empty_log_says_so(own_town: Town) -> None:
    card = await _log(own_town)
    assert card.text == "Nhật ký\n\nChưa có việc nào."
    assert OLDER not in labels(card)


async def test_it_tells_who_did_what_when_about_which_agency_newest_first(own_town: Town) -> None:
    coordinator, contact = own_town.person(COORDINATOR), own_town.person(AT_SO_XAY_DUNG)
    await coordinator.asks("/moi sở xây dựng")
    await own_town.post("clock", by_seconds=60)
    form = await contact.asks("/xacnhan")
    await contact.presses(form, "Email")
    await contact.presses(form, "Xác nhận")
    card = await _log(own_town)
    assert card.text.splitlines() == [
        "Nhật ký",
        "",
        "08:01 ngày 08/11/2021 – Trần Thị Bình",
        "Xác nhận đã nộp · Sở Xây dựng; bản 1",
        "",
        f"08:00 ngày 08/11/2021 – {HA}",
        "Mời đầu mối · Sở Xây dựng",
    ]


async def test_it_is_turned_page_by_page_and_ends_at_the_ends(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await _acts(own_town, 2 * PAGE + 1)
    card = await _log(own_town)
    assert card.text.startswith("Nhật ký · trang 1/3")
    found: list[str] = []
    for page in (1, 2, 3):
        found += [line.split("lần ")[1] for line in card.text.splitlines() if "lần " in line]
        assert (NEWER in labels(card), OLDER in labels(card)) == (page > 1, page < 3)
        if page < 3:
            await coordinator.presses(card, OLDER)
    assert found == [f"{number}." for number in reversed(range(2 * PAGE + 1))]
    await coordinator.presses(card, NEWER)
    assert card.text.startswith("Nhật ký · trang 2/3")


async def test_it_is_filtered_by_agency_typed_or_chosen_and_by_kind(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await _acts(own_town, 4)
    await coordinator.asks("/moi sở xây dựng")
    typed = await _log(own_town, "bù đăng")
    assert typed.text.startswith("Nhật ký · UBND huyện Bù Đăng\n")
    assert [typed.text.count(f"lần {number}.") for number in range(4)] == [1, 0, 1, 0]
    chosen = await _log(own_town)
    await coordinator.presses(chosen, CHOOSE)
    of_one = (await coordinator.presses(chosen, "Sở Xây dựng")).replies[0]
    assert of_one.text.startswith("Nhật ký · Sở Xây dựng\n")
    assert "Mời đầu mối" in of_one.text
    await coordinator.presses(of_one, "Điều hành")
    assert of_one.text.startswith("Nhật ký · Sở Xây dựng · Điều hành\n")
    assert "Mời đầu mối" not in of_one.text
    assert [of_one.text.count(f"lần {number}.") for number in range(4)] == [0, 1, 0, 1]
    await coordinator.presses(of_one, ALL_AGENCIES)
    assert all(f"lần {number}." in of_one.text for number in range(4))
    await coordinator.presses(of_one, ALL_KINDS)
    assert "Mời đầu mối · Sở Xây dựng" in of_one.text


async def test_a_coordinator_is_made_by_another_the_others_are_told_and_the_log_says_by_whom(own_town: Town) -> None:
    first, second, third = own_town.person(COORDINATOR), own_town.someone("Vũ Hai"), own_town.someone("Đỗ Ba")
    card = await _invite_coordinator(own_town)
    assert card.text.startswith("Mã mời · cán bộ điều phối\n")
    await _joins(second, card)
    assert "Vũ Hai vừa trở thành cán bộ điều phối." in first.heard()[-1].text
    again = (await second.presses(await second.asks("/moi"), INVITE)).replies[0]
    await _joins(third, again)
    assert "Đỗ Ba vừa trở thành cán bộ điều phối." in second.heard()[-1].text
    lines = (await third.asks("/nhatky")).text.splitlines()
    assert lines[2].endswith("– Đỗ Ba")
    assert lines[3] == "Trở thành cán bộ điều phối, do Vũ Hai mời"
    assert lines[6] == "Mời cán bộ điều phối"
    assert lines[9] == f"Trở thành cán bộ điều phối, do {HA} mời"


async def test_a_code_for_a_coordinator_can_be_revoked_and_works_once(own_town: Town) -> None:
    coordinator, an, binh = own_town.person(COORDINATOR), own_town.someone(), own_town.someone()
    revoked, used = await _invite_coordinator(own_town), await _invite_coordinator(own_town)
    code = _code(revoked)
    await coordinator.presses(revoked, REVOKE)
    assert revoked.text == "Đã thu hồi mã của cán bộ điều phối; mã này không dùng được nữa."
    assert "thu hồi" in (await an.asks(f"/start {code}")).text
    await _joins(an, used)
    assert "đã được dùng" in (await binh.asks(f"/start {_code(used)}")).text
    assert [row["person_id"] for row in own_town.rows("coordinators")] == [an.id]


async def test_a_name_that_was_forgotten_is_not_in_the_log(own_town: Town) -> None:
    second = own_town.someone("Vũ Hai")
    await _joins(second, await _invite_coordinator(own_town))
    sure = (await second.presses(await second.asks("/riengtu"), "Xoá dữ liệu của tôi")).replies[0]
    await second.presses(sure, "Xoá dữ liệu của tôi")
    text = (await _log(own_town)).text
    assert "Vũ Hai" not in text
    assert "– (không còn lưu tên)\nTrở thành cán bộ điều phối" in text


@pytest.mark.parametrize("who", [None, AT_SO_XAY_DUNG])
@pytest.mark.parametrize("data", ["jp:-:-:0", "jp:n:so-xay-dung:0", "ic", "al:n:0", "ac:n:so-xay-dung"])
async def test_nobody_else_reads_it_or_invites(own_town: Town, who: int | None, data: str) -> None:
    someone = own_town.person(who) if who else own_town.someone()
    refused = await someone.asks("/nhatky")
    assert "cán bộ điều phối" in refused.text
    before = own_town.remembered()
    pressed = await someone.forces(refused.id, data)
    assert len(pressed.toasts) == 1
    assert not any("Nhật ký" in reply.text for reply in pressed.replies)
    assert own_town.remembered() == before


@pytest.mark.parametrize("data", ["jp:q:-:0", "jp:-:no-such:0", "jp:-:-:x", "jp:-:-", "jp", "jp:n:-:0:1", "ic:1"])
async def test_made_up_buttons_show_nothing(own_town: Town, data: str) -> None:
    coordinator = own_town.person(COORDINATOR)
    card = await _log(own_town)
    text = card.text
    pressed = await coordinator.forces(card.id, data)
    assert pressed.toasts[0]
    assert (pressed.replies, card.text) == ([], text)


async def test_it_is_not_read_out_in_a_group(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await coordinator.asks("/moi sở xây dựng")
    replies = await coordinator.says("/nhatky", chat_id=own_town.group(coordinator).id)
    assert not any("Mời đầu mối" in reply.text for reply in replies)


async def test_a_page_beyond_the_end_is_empty_and_leads_back(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    card = await _log(own_town)
    await coordinator.forces(card.id, "jp:-:-:7")
    assert "Chưa có việc nào." in card.text
    assert labels_of(card, Code.JOURNAL_PAGE)[0] == NEWER
