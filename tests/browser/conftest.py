"""The chat page in a real browser, on a demo that runs in the same process.

The browser is named by CHROMIUM, or found by its usual names. Without one these tests are left out, but not in CI.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

from tests.whole.conftest import answerer, own_town, town  # noqa: F401 - fixtures
from tests.whole.town import PATIENCE

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE, DESK = 390, 1280

expect.set_options(timeout=PATIENCE * 1000)


@dataclass(frozen=True)
class Chat:
    """The page, and what one does there again and again."""

    page: Page

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    @property
    def heard(self) -> Locator:
        """The bot's messages."""
        return self.page.locator('[data-testid="message"][data-from="bot"]')

    async def be(self, key: str) -> None:
        """Choose whom to be; on a phone the list of people is a page of its own."""
        back = self.page.get_by_role("button", name="Về danh sách người")
        if await back.is_visible():
            await back.click()
        await self.page.get_by_test_id(f"person-{key}").click()
        await expect(self.page.locator(f'[data-testid="pane"][data-person="{key}"]')).to_be_visible()
        start = self.page.get_by_test_id("start")
        if await start.is_visible():
            await self.reply_to(start.click)

    async def reply_to(self, doing: Callable[[], Awaitable[object]]) -> Locator:
        """Do something that the bot answers with a new message; that message."""
        before = await self.heard.count()
        await doing()
        reply = self.heard.nth(before)
        await expect(reply).to_be_visible()
        return reply

    async def say(self, text: str) -> Locator:
        """Type a text, send it, and wait for the answer."""
        await self.composer.fill(text)
        return await self.reply_to(self.page.get_by_test_id("send").click)


def button(message: Locator, label: str) -> Locator:
    return message.get_by_test_id("inline-button").filter(has_text=label)


@pytest.fixture(scope="session")
def database_kind() -> str:
    """What the page shows does not depend on what kind of database the bot remembers in."""
    return "sqlite"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    names = ("chromium", "google-chrome", "chromium-browser")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        missing = "no browser: install chromium, or name one in the variable CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module", params=[DESK, PHONE])
async def chat(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[Chat]:
    """A page that is not yet anywhere, at both widths; whatever it complains of is a fault."""
    async for opened in _open(browser, request.param):
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser) -> AsyncIterator[Chat]:
    """A page on a wide screen."""
    async for opened in _open(browser, DESK):
        yield opened


async def _open(browser: Browser, width: int) -> AsyncIterator[Chat]:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    context = await browser.new_context(
        viewport={"width": width, "height": 800}, has_touch=width == PHONE, is_mobile=width == PHONE, locale="vi-VN"
    )
    page = await context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
    page.on("response", lambda response: complaints.append(response.url) if response.status >= 400 else None)
    yield Chat(page)
    # The stream of events ends with the page; that it was cut is no fault.
    page.remove_listener("console", note)
    assert [complaint for complaint in complaints if "/sandbox/events" not in complaint] == []
    await context.close()
