"""What a person does at the chat page."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Chat, button
from tests.whole.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def newcomer(town: Town) -> str:
    """Somebody who has not started the bot."""
    one = town.someone("Nguyễn Văn An")
    one.person.started = False
    town.world.tell_people()
    return one.person.key


async def _open(chat: Chat, town: Town, key: str) -> None:
    await chat.page.goto(town.demo.url)
    await chat.be(key)


async def _fits(chat: Chat) -> bool:
    """Whether nothing is wider than the window."""
    fits: bool = await chat.page.evaluate(
        "() => document.documentElement.scrollWidth <= innerWidth"
        " && [...document.querySelectorAll('.message, .header, .bar, .composer')]"
        "      .every((one) => one.getBoundingClientRect().right <= innerWidth + 1)"
    )
    return fits


async def test_one_starts_asks_taps_a_related_question_and_reads_the_answer(
    chat: Chat, town: Town, newcomer: str
) -> None:
    await _open(chat, town, newcomer)
    await expect(chat.heard.first).to_contain_text("Xin chào anh/chị Nguyễn Văn An!")
    answer = await chat.say("hạn nộp báo cáo là ngày nào")
    await expect(answer.locator("strong, b").first).to_contain_text("15/11/2021")
    below = await chat.reply_to(button(answer, "Báo cáo gửi cho ai").click)
    await expect(below).to_contain_text("Nguồn:")
    await expect(answer).to_contain_text("15/11/2021")
    await expect(below).to_be_in_viewport()


async def test_a_tap_on_helpful_takes_the_pair_away_and_says_thanks(desk: Chat, town: Town, newcomer: str) -> None:
    await _open(desk, town, newcomer)
    answer = await desk.say("/han")
    await button(answer, "Hữu ích").click()
    await expect(desk.page.get_by_test_id("toast")).to_have_text("Cảm ơn anh/chị.")
    await expect(button(answer, "Hữu ích")).to_have_count(0)
    await expect(button(answer, "Chưa đúng")).to_have_count(0)


async def test_a_question_is_passed_on_and_the_coordinator_reads_it(chat: Chat, town: Town, newcomer: str) -> None:
    await _open(chat, town, newcomer)
    question = f"thời tiết ở nhà {newcomer}"
    declined = await chat.say(question)
    await button(declined, "Chuyển câu hỏi").click()
    await expect(chat.page.get_by_test_id("toast")).to_contain_text("Đã ghi lại câu hỏi")
    await expect(declined).to_contain_text("✓ Đã ghi lại câu hỏi cho cán bộ điều phối. Có trả lời, trợ lý nhắn")
    await expect(button(declined, "Chuyển câu hỏi")).to_have_count(0)
    await chat.be("coordinator")
    inbox = await chat.say("/hopthu")
    await expect(inbox).to_contain_text(question)
    await button(inbox, "Bỏ qua").click()
    await expect(inbox).to_contain_text(f"Đã bỏ qua “{question}”.")


async def test_everybody_is_answered_in_their_own_chat(desk: Chat, town: Town, newcomer: str) -> None:
    await _open(desk, town, newcomer)
    await desk.say("/han")
    await desk.be("so-xay-dung")
    await expect(desk.page.get_by_test_id("pane")).to_contain_text("Trần Thị Bình")
    answer = await desk.say("bên em có phải nộp báo cáo không")
    await expect(answer).to_contain_text("Sở Xây dựng")
    await desk.be(newcomer)
    await expect(desk.heard.last).to_contain_text("15/11/2021")
    await expect(desk.page.get_by_test_id("pane")).not_to_contain_text("bên em có phải nộp")


async def test_the_command_menu_shows_each_role_its_commands_and_sends_one(
    desk: Chat, town: Town, newcomer: str
) -> None:
    await _open(desk, town, newcomer)
    menu = desk.page.get_by_test_id("commands")
    await desk.page.get_by_test_id("command-button").click()
    await expect(menu).to_contain_text("/han")
    await expect(menu).not_to_contain_text("/hopthu")
    answer = await desk.reply_to(menu.get_by_role("option").filter(has_text="/kehoach").click)
    await expect(answer).to_contain_text("Kế hoạch 1813/KH-SKHCN")
    await expect(menu).to_be_hidden()
    await desk.be("coordinator")
    await desk.page.get_by_test_id("command-button").click()
    await expect(menu).to_contain_text("/hopthu")


async def test_typing_a_slash_narrows_the_menu(desk: Chat, town: Town, newcomer: str) -> None:
    await _open(desk, town, newcomer)
    await desk.composer.press_sequentially("/ho")
    options = desk.page.get_by_test_id("commands").get_by_role("option")
    await expect(options).to_have_count(1)
    await expect(options.first).to_contain_text("/hoi")


async def test_the_clock_turned_forward_changes_the_deadline(desk: Chat, own_town: Town) -> None:
    await _open(desk, own_town, "newcomer")
    await expect(await desk.say("/han")).to_contain_text("Còn 6 ngày")
    clock = desk.page.get_by_test_id("clock")
    await clock.get_by_role("button").first.click()
    await clock.locator("input").fill("2021-11-14T09:00")
    await clock.get_by_role("button", name="Đặt giờ").click()
    await expect(clock).to_contain_text("14/11/2021")
    await desk.page.keyboard.press("Escape")
    await expect(await desk.say("/han")).to_contain_text("Hôm nay là ngày cuối")


async def test_nothing_is_wider_than_the_window_and_the_composer_stays_in_sight(
    chat: Chat, town: Town, newcomer: str
) -> None:
    await chat.page.goto(town.demo.url)
    assert await _fits(chat)
    await chat.be(newcomer)
    for text in ("/help", "/chude", "cơ quan tôi kiểm tra hình thức nào", "/kehoach", "x" * 300, "một " * 200):
        reply = await chat.say(text)
        assert await _fits(chat), text
        await expect(reply).to_be_in_viewport()
        await expect(chat.composer).to_be_in_viewport(ratio=1)
        await expect(chat.page.get_by_test_id("send")).to_be_in_viewport(ratio=1)


async def test_markup_that_people_type_is_shown_and_not_run(desk: Chat, town: Town, newcomer: str) -> None:
    await _open(desk, town, newcomer)
    text = "<img src=x onerror=alert(1)><b>xyzzy</b>"
    await desk.say(text)
    own = desk.page.locator('[data-testid="message"]:not([data-from="bot"])').last
    await expect(own).to_contain_text(text)
    await expect(own.locator("img, b")).to_have_count(0)


async def _is_focused(locator: Locator) -> bool:
    return bool(await locator.evaluate("(element) => element === document.activeElement"))


async def _tab_to(chat: Chat, target: Locator, key: str = "Tab") -> None:
    for _ in range(40):
        if await _is_focused(target):
            return
        await chat.page.keyboard.press(key)
    pytest.fail(f"{key} does not lead to {target}")


async def test_all_of_it_goes_without_a_mouse(desk: Chat, town: Town, newcomer: str) -> None:
    await desk.page.goto(town.demo.url)
    person = desk.page.get_by_test_id(f"person-{newcomer}")
    await expect(person).to_be_visible()
    keyboard = desk.page.keyboard
    for _ in range(40):
        await keyboard.press("Tab")
        if await desk.page.evaluate("() => document.activeElement.matches('[data-testid^=person-]')"):
            break
    for _ in range(60):
        if await _is_focused(person):
            break
        await keyboard.press("ArrowDown")
    assert await _is_focused(person)
    await keyboard.press("Enter")
    await expect(desk.page.get_by_test_id("start")).to_be_focused()
    await desk.reply_to(lambda: keyboard.press("Enter"))
    await expect(desk.composer).to_be_focused()
    await keyboard.type("hạn nộp báo cáo là ngày nào")
    answer = await desk.reply_to(lambda: keyboard.press("Enter"))
    await _tab_to(desk, button(answer, "Hữu ích"), "Shift+Tab")
    await keyboard.press("Enter")
    await expect(button(answer, "Hữu ích")).to_have_count(0)
    await _tab_to(desk, desk.composer)
    await keyboard.type("/keh")
    await expect(desk.page.get_by_test_id("commands")).to_be_visible()
    card = await desk.reply_to(lambda: keyboard.press("Enter"))
    await expect(card).to_contain_text("Kế hoạch 1813/KH-SKHCN")


async def test_inline_mode_offers_an_answer_and_sends_it(desk: Chat, town: Town, newcomer: str) -> None:
    await _open(desk, town, newcomer)
    await desk.page.get_by_test_id("group--1001").click()
    await desk.composer.fill("@isobot_demo_bot hạn nộp báo cáo là ngày nào")
    await desk.page.get_by_test_id("inline-results").get_by_role("option").first.click()
    sent = desk.page.get_by_test_id("message").last
    await expect(sent).to_contain_text("qua @isobot_demo_bot")
    await expect(sent).to_contain_text("15/11/2021")


async def test_an_answer_that_comes_while_one_is_elsewhere_is_marked_unread(
    desk: Chat, town: Town, newcomer: str
) -> None:
    await _open(desk, town, newcomer)
    other = town.someone("Trần Văn Bảo")
    entry = desk.page.get_by_test_id(f"person-{other.person.key}")
    await expect(entry).to_be_visible()
    await other.says("/han")
    await expect(entry.get_by_test_id("unread")).to_have_text("1")
    await entry.click()
    await expect(entry.get_by_test_id("unread")).to_be_hidden()
