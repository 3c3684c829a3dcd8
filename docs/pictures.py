"""Makes the pictures of the documentation from the running demo: `make pictures` (needs chromium)."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from bot.demo import Demo, demo
from knowledge.answer import Answerer
from knowledge.pack import DEFAULT, SHIPPED, load

FOLDER = Path(__file__).with_name("pictures")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
).split()

# In milliseconds.
expect.set_options(timeout=30_000)


@dataclass(frozen=True)
class Teller:
    """Plays a scene on the chat page.

    Attributes:
        page: the page.
        demo: what runs behind it.
    """

    page: Page
    demo: Demo

    async def be(self, key: str) -> None:
        """Open the chat of one of the demo's people, for the first time."""
        await self.again(key)
        await self.page.get_by_test_id("start").click()
        await self.page.get_by_test_id("message").nth(1).wait_for()

    async def again(self, key: str) -> None:
        """Open the chat of somebody who was here before."""
        # The page reads whom to be when it is opened.
        await self.page.goto("about:blank")
        await self.page.goto(f"{self.demo.url}/#{key}")

    async def say(self, text: str, answer: str) -> None:
        """Write something, and wait for an answer that holds these words."""
        await self.page.get_by_test_id("composer").fill(text)
        await self.page.get_by_test_id("composer").press("Enter")
        await self.hear(answer)

    async def press(self, label: str, answer: str) -> None:
        """Press the last button with this label, and wait for words that follow."""
        named = self.page.get_by_role("button", name=label, exact=True)
        await self.page.get_by_test_id("inline-button").and_(named).last.click()
        await self.hear(answer)

    async def hear(self, words: str) -> None:
        """Wait until these words stand in the bot's newest message."""
        await expect(self.page.locator('[data-testid="message"][data-from="bot"]').last).to_contain_text(words)

    async def turn_clock(self, to: str) -> None:
        """Turn the demo's clock forward."""
        await self.page.request.post(f"{self.demo.url}/sandbox/clock", data={"to": to})

    async def show(self, name: str) -> None:
        """Take the picture of what is to be seen."""
        await self.page.mouse.move(0, 0)
        await expect(self.page.locator(".toast")).to_have_count(0)
        # The page scrolls: a picture of it at rest.
        await self.page.wait_for_timeout(700)
        await self.page.screenshot(path=FOLDER / f"{name}.png")


async def conversation(teller: Teller) -> None:
    """A contact asks when the report is due, in a hurry."""
    await teller.be("bu-dang")
    await teller.say("han nop bc la khi nao z ad", "14/11/2021")
    await teller.show("conversation")


async def conversation_on_a_phone(teller: Teller) -> None:
    """The same in one hand."""
    await teller.be("bu-dang")
    await teller.say("han nop bc la khi nao z ad", "14/11/2021")
    await teller.show("conversation-phone")


async def submission(teller: Teller) -> None:
    """A contact confirms; the coordinator sends it back, and accepts the next version."""
    await teller.be("coordinator")
    await teller.be("so-xay-dung")
    await teller.say("/xacnhan", "bằng cách nào")
    await teller.press("Email", "Xác nhận")
    await teller.say("123/BC-SXD ngày 08/11/2021", "123/BC-SXD")
    await teller.show("confirm")
    await teller.press("Xác nhận", "Biên nhận")
    await teller.show("receipt")
    await teller.again("coordinator")
    await teller.hear("123/BC-SXD")
    await teller.show("review")
    await teller.press("Trả lại", "lý do")
    await teller.say("Thiếu phụ lục đánh giá nội bộ", "Trả lại")
    await teller.show("return")


async def board(teller: Teller) -> None:
    """A week of confirmations that reached the coordinator on paper, and what has become of the plan."""
    await teller.be("so-xay-dung")
    await teller.be("bu-dang")
    await teller.be("coordinator")
    for day, agencies in PAPERS.items():
        if day != min(PAPERS):
            await teller.turn_clock(f"2021-11-{day:02} 15:00")
            await teller.hear("Tình hình sáng")
        for agency in agencies:
            await teller.say(f"/xacnhan {agency}", f"Ghi nhận thay · {agency}")
            await teller.press("Xác nhận", "Biên nhận số")
            await teller.press("Tiếp nhận", "Biên nhận số")
            await teller.hear("Hoàn tác")
    await teller.say("/bang", "cơ quan đã có xác nhận")
    await teller.show("board")


async def notice(teller: Teller) -> None:
    """The coordinator sends a notice; a contact reads it."""
    await teller.be("so-xay-dung")
    await teller.be("bu-dang")
    await teller.be("coordinator")
    await teller.say("/thongbao", "nội dung")
    await teller.say("Họp trực tuyến về báo cáo ISO lúc 14:00 thứ Tư, 10/11. Mời đầu mối các cơ quan dự.", "gửi cho ai")
    await teller.press("Tất cả cơ quan (14)", "Xem trước thông báo")
    await teller.show("notice-preview")
    await teller.press("Gửi", "100 %")
    await teller.show("notice-sent")
    await teller.again("so-xay-dung")
    await teller.hear("Họp trực tuyến")
    await teller.press("Đã đọc", "Họp trực tuyến")
    await teller.show("notice-read")
    await teller.again("coordinator")
    await teller.press("Ai đã đọc", "đã đọc 1")
    await teller.show("notice-report")


async def inbox(teller: Teller) -> None:
    """A question that the bot could not answer, passed on and answered by a person."""
    await teller.be("newcomer")
    await teller.say("lãnh đạo huyện đi công tác thì ai ký thay báo cáo", "Chuyển câu hỏi")
    await teller.press("Chuyển câu hỏi", "")
    await expect(teller.page.get_by_test_id("toast")).to_be_visible()
    await teller.be("coordinator")
    await teller.say("/hopthu", "ký thay")
    await teller.show("inbox")


async def pack_files(teller: Teller) -> None:
    """Somebody edits the pack while the bot runs: first with a slip, then without."""
    await teller.be("coordinator")
    in_force = teller.demo.application.bot_data.in_force
    file = in_force.answerer.pack.folder / "topics" / "report.yaml"
    sound = file.read_text("utf-8")
    file.write_text(sound.replace("answer:", "anwser:", 1), "utf-8")
    in_force.asked.set()
    await teller.hear("anwser")
    await teller.show("pack-refused")
    before = in_force.answerer
    file.write_text(f"{sound}# Đã đối chiếu với công văn.\n", "utf-8")
    in_force.asked.set()
    while in_force.answerer is before:  # noqa: ASYNC110 - the bot tells nobody of what went well
        await asyncio.sleep(0.1)
    await teller.say("/nhatky", "Nạp bộ kiến thức mới")
    await teller.show("pack-reloaded")


PAPERS = {
    8: ["Sở Ngoại vụ"],
    9: ["UBND huyện Bù Đốp", "UBND huyện Lộc Ninh"],
    10: ["UBND huyện Hớn Quản", "Sở Kế hoạch và Đầu tư", "UBND thị xã Bình Long"],
    11: ["UBND huyện Đồng Phú"],
}

SCENES: list[tuple[Callable[[Teller], Awaitable[None]], int, int]] = [
    (conversation, 1280, 800),
    (conversation_on_a_phone, 390, 844),
    (board, 1280, 1000),
    (submission, 390, 844),
    (notice, 390, 844),
    (inbox, 390, 844),
    # It changes the files of the pack.
    (pack_files, 390, 844),
]


async def play(browser: Browser, answerer: Answerer, scene: Callable[[Teller], Awaitable[None]], *size: int) -> None:
    """Play one scene on a demo of its own."""
    width, height = size
    with tempfile.TemporaryDirectory() as folder:
        async with demo(answerer, Path(folder) / "demo") as running:
            page = await browser.new_page(viewport={"width": width, "height": height})
            await scene(Teller(page, running))
            await page.close()


async def main() -> int:
    """Play every scene."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Cần Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(shutil.copytree(SHIPPED / DEFAULT, Path(folder) / DEFAULT))
        await play_all(chromium, Answerer(load(pack)))
    return 0


async def play_all(chromium: str, answerer: Answerer) -> None:
    """Play every scene, each with a demo of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for scene, width, height in SCENES:
            await play(browser, answerer, scene, width, height)
        await browser.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
