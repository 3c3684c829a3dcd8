"""A contact and the coordinator at the page: from the invitation to the accepted report."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import DESK, Chat, button
from tests.whole import papers
from tests.whole.town import COORDINATOR, Someone, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Seats:
    """Two people at one page: beside each other where there is room, else one at a time."""

    def __init__(self, chat: Chat, town: Town, *people: Someone) -> None:
        self._chat = chat
        self._town = town
        self._people = people

    async def open(self) -> None:
        for one in self._people:
            one.person.started = True
        self._town.world.tell_people()
        beside = "&".join(one.person.key for one in self._people) if self._wide else ""
        await self._chat.page.goto(f"{self._town.demo.url}/#{beside}")

    async def of(self, one: Someone) -> Locator:
        """The chat of one of them, in sight."""
        if not self._wide:
            await self._chat.be(one.person.key)
        pane = self._chat.page.locator(f'[data-testid="pane"][data-person="{one.person.key}"]')
        await expect(pane).to_be_visible()
        return pane

    @property
    def _wide(self) -> bool:
        size = self._chat.page.viewport_size
        return size is not None and size["width"] == DESK


def newest(pane: Locator) -> Locator:
    """The bot's newest message in a chat."""
    return pane.locator('[data-testid="message"][data-from="bot"]').last


async def say(pane: Locator, text: str) -> None:
    await pane.get_by_test_id("composer").fill(text)
    await pane.get_by_test_id("send").click()


async def attach(page: Page, pane: Locator, name: str, content: bytes, caption: str) -> None:
    """Choose a file, add a caption, and send it."""
    await pane.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    dialog = page.get_by_role("dialog", name="Gửi tệp")
    await dialog.get_by_label("Chú thích").fill(caption)
    await dialog.get_by_test_id("upload-send").click()
    await expect(dialog).to_have_count(0)


async def test_from_the_invitation_to_the_accepted_report(chat: Chat, town: Town) -> None:
    agency = town.fresh_agency()
    contact, coordinator = town.someone("Đỗ Thị Loan"), town.person(COORDINATOR)
    seats = Seats(chat, town, contact, coordinator)
    await seats.open()

    desk = await seats.of(coordinator)
    await say(desk, f"/moi {agency.name}")
    await expect(newest(desk)).to_contain_text(f"Mã mời · {agency.name}")
    found = re.search(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", await newest(desk).inner_text())
    assert found

    office = await seats.of(contact)
    await say(office, found[0])
    await expect(newest(office)).to_contain_text(f"Liên kết với {agency.name}?")
    await button(newest(office), "Đồng ý").click()
    await expect(newest(office)).to_contain_text(f"Đã liên kết với {agency.name}.")
    await attach(chat.page, office, "Báo cáo.pdf", papers.pdf(agency.id), "123/BC-SXD ngày 5/11/2021")
    await expect(newest(office)).to_contain_text("123/BC-SXD ngày 05/11/2021")
    await button(newest(office), "Xác nhận").click()
    await expect(newest(office)).to_contain_text("Biên nhận số")
    await expect(newest(office)).to_contain_text("đúng hạn")
    await expect(newest(office)).to_be_in_viewport()

    desk = await seats.of(coordinator)
    await expect(newest(desk)).to_contain_text(f"Cơ quan: {agency.name} · bản 1")
    card = newest(desk)
    await button(card, "Tiếp nhận").first.click()
    await expect(card).to_contain_text("✅ đã tiếp nhận")
    await expect(button(card, "Hoàn tác tiếp nhận")).to_be_visible()
    await expect(button(card, "Trả lại")).to_have_count(0)

    office = await seats.of(contact)
    await expect(newest(office)).to_contain_text("báo cáo đã được tiếp nhận")
