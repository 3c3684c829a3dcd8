"""Makes the pictures of the documentation from the running demo: `make pictures` (needs chromium)."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot.demo import demo
from knowledge.answer import Answerer
from knowledge.pack import load

FOLDER = Path(__file__).with_name("pictures")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
).split()


async def ask(page: Page, text: str) -> None:
    """Type a question and wait for the bot's answer below it."""
    messages = page.get_by_test_id("message")
    before = await messages.count()
    await page.get_by_test_id("composer").fill(text)
    await page.get_by_test_id("composer").press("Enter")
    await messages.nth(before + 1).wait_for()


async def conversation(page: Page, url: str) -> None:
    """A contact asks when the report is due, in a hurry."""
    await page.goto(f"{url}/#bu-dang")
    await page.get_by_test_id("start").click()
    await page.get_by_test_id("message").nth(1).wait_for()
    await ask(page, "han nop bc la khi nao z ad")
    await page.mouse.move(0, 0)


async def main() -> int:
    """Take the pictures at both widths."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Cần Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    answerer = Answerer(load())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, width, height in (("conversation", 1280, 800), ("conversation-phone", 390, 844)):
            with tempfile.TemporaryDirectory() as folder:
                async with demo(answerer, Path(folder) / "demo") as running:
                    page = await browser.new_page(viewport={"width": width, "height": height})
                    await conversation(page, running.url)
                    await page.screenshot(path=FOLDER / f"{name}.png")
                    await page.close()
        await browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
