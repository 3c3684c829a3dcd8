"""When Telegram or the bot itself fails: nobody else notices, and nobody sees a stack trace."""

import asyncio

import pytest

from bot.sandbox import actions
from bot.sandbox.faults import CallFault, Fault
from bot.sandbox.flood import FloodControl
from knowledge.answer import Answerer
from tests.whole.town import COORDINATOR, Someone, Town, data_of, labels, until

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The library warns about every 429 that the type of one of its attributes will change.
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),
]

QUESTION = "hạn nộp báo cáo là ngày nào"
TRACES = ("Traceback", "Error", "error", "Exception", "File ", "Internal", "xyzzy")


def _faults(method: str, chat_id: int | None) -> list[Fault]:
    return [
        Fault(kind="error", method=method, chat_id=chat_id, status=500, description="Internal Server Error"),
        Fault(kind="error", method=method, chat_id=chat_id, status=502, description="Bad Gateway"),
        Fault(kind="drop_before", method=method, chat_id=chat_id),
        Fault(kind="lost_reply", method=method, chat_id=chat_id),
        Fault(kind="retry_after", method=method, chat_id=chat_id, seconds=1),
        Fault(kind="error", method=method, chat_id=chat_id, status=400, description="Bad Request: xyzzy"),
    ]


FAULTS = [(fault.kind, fault.status) for fault in _faults("sendMessage", None)]


@pytest.mark.usefixtures("errors_expected")
@pytest.mark.parametrize("number", range(len(FAULTS)), ids=[f"{kind}-{status}" for kind, status in FAULTS])
async def test_a_failed_answer_costs_neither_the_next_question_nor_shows_a_trace(
    town: Town, an: Someone, number: int
) -> None:
    town.world.faults.append(_faults("sendMessage", an.id)[number])
    await an.says(QUESTION)
    assert town.world.faults[-1].times == 0, "the fault has struck"
    assert not any(trace in reply.text for reply in an.heard() for trace in TRACES)
    assert "15/11/2021" in (await an.asks(QUESTION)).text
    assert [row["text"] for row in town.questions_of(an)] == [QUESTION, QUESTION]


@pytest.mark.usefixtures("errors_expected")
@pytest.mark.parametrize("kind", ["error", "drop_before"])
async def test_a_telegram_that_fails_for_long_costs_only_the_answers_of_that_time(
    town: Town, an: Someone, kind: CallFault
) -> None:
    town.world.faults.append(Fault(kind=kind, method="sendMessage", chat_id=an.id, times=99))
    assert await an.says(QUESTION) == []
    town.world.faults.clear()
    assert "15/11/2021" in (await an.asks(QUESTION)).text
    assert [row["text"] for row in town.questions_of(an)] == [QUESTION, QUESTION]


@pytest.mark.usefixtures("errors_expected")
async def test_questions_asked_while_telegram_fails_are_answered_after_it(town: Town, an: Someone) -> None:
    town.world.faults.append(Fault(kind="drop_before", method="sendMessage", chat_id=an.id, times=2))
    for text in ("cảm ơn", "/kehoach", "/han"):
        await an.writes(text)
    await town.settle()
    assert "15/11/2021" in an.heard()[-1].text


@pytest.mark.usefixtures("errors_expected")
@pytest.mark.parametrize("number", range(len(FAULTS)), ids=[f"{kind}-{status}" for kind, status in FAULTS])
async def test_whose_answer_failed_is_not_left_in_silence(town: Town, an: Someone, number: int) -> None:
    town.world.faults.append(_faults("sendMessage", an.id)[number])
    assert await an.says(QUESTION)


@pytest.mark.usefixtures("errors_expected")
async def test_quick_questions_within_telegrams_limit_of_one_a_second_are_all_answered(own_town: Town) -> None:
    own_town.world.flood = FloodControl()
    an = own_town.someone()
    for _ in range(2):
        await an.writes("/han")
    await own_town.settle()
    assert ["15/11/2021" in reply.text for reply in an.heard()] == [True, True]


@pytest.mark.usefixtures("errors_expected")
@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
async def test_a_press_that_failed_can_be_repeated(town: Town, an: Someone, method: str) -> None:
    declined = await an.asks("thời tiết hôm nay")
    data = data_of(declined, "Chuyển câu hỏi")
    failing = Fault(kind="error", method=method, chat_id=an.id if "Message" in method else None, times=10)
    town.world.faults.append(failing)
    await an.forces(declined.id, data)
    assert failing.times != 10, "the fault has struck"
    town.world.faults.clear()
    pressed = await an.forces(declined.id, data)
    assert pressed.toasts[0].startswith("Đã ghi lại")
    assert declined.text.count("Đã ghi lại") == 1
    assert labels(declined) == ["Các chủ đề"]


@pytest.mark.usefixtures("errors_expected")
async def test_polling_goes_on_after_a_failure(own_town: Town) -> None:
    own_town.world.faults.append(Fault(kind="drop_before", method="getUpdates"))
    an = own_town.someone()
    assert "15/11/2021" in (await an.asks("/han")).text
    assert own_town.world.faults[-1].times == 0
    assert "15/11/2021" in (await an.asks("/han")).text


async def test_an_update_that_comes_twice_is_answered_and_nothing_breaks(town: Town, an: Someone) -> None:
    town.world.faults.append(Fault(kind="duplicate", chat_id=an.id))
    replies = await an.says("/han")
    assert replies
    assert all("15/11/2021" in reply.text for reply in replies)


@pytest.fixture
def broken(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot itself has a fault."""

    def fail(*_: object) -> None:
        raise RuntimeError("xyzzy")

    monkeypatch.setattr(answerer, "ask", fail)
    monkeypatch.setattr(answerer, "answer", fail)


@pytest.mark.usefixtures("broken", "errors_expected")
async def test_a_failing_handler_tells_the_person_one_line(an: Someone, caplog: pytest.LogCaptureFixture) -> None:
    reply = await an.asks(QUESTION)
    assert reply.text.startswith("Có lỗi khi xử lý")
    assert "\n" not in reply.text
    assert not any(trace in reply.text for trace in TRACES)
    assert QUESTION not in caplog.text, "the log holds ids, not what people type"


@pytest.mark.usefixtures("broken", "errors_expected")
async def test_a_failing_button_tells_the_person_one_line(an: Someone) -> None:
    welcome = await an.asks("/start")
    pressed = await an.presses(welcome, labels(welcome)[0])
    assert not any(trace in toast for toast in pressed.toasts for trace in TRACES)
    # Telegram shows the first answer to a press; a later one is lost.
    assert pressed.toasts[0] or pressed.replies


@pytest.mark.usefixtures("broken", "errors_expected")
async def test_other_things_work_while_one_is_broken(an: Someone) -> None:
    await an.says(QUESTION)
    assert labels(await an.asks("/chude"))


@pytest.mark.usefixtures("broken", "errors_expected")
async def test_a_failing_inline_query_does_no_harm(town: Town, an: Someone) -> None:
    asking = asyncio.create_task(actions.ask_inline(town.world, an.person, QUESTION))
    await asyncio.sleep(0)
    await town.settle()
    assert not asking.done()
    asking.cancel()
    assert labels(await an.asks("/chude"))


@pytest.mark.usefixtures("errors_expected")
async def test_a_coordinator_is_greeted_though_their_menu_cannot_be_set(own_town: Town) -> None:
    own_town.world.faults.append(Fault(kind="error", method="setMyCommands", status=500))
    assert "Xin chào" in (await own_town.person(COORDINATOR).asks("/start")).text


@pytest.mark.usefixtures("errors_expected")
async def test_nothing_waits_behind_a_failure(town: Town, an: Someone) -> None:
    town.world.faults.append(Fault(kind="drop_before", method="sendMessage", chat_id=an.id))
    binh = town.someone()
    await an.writes("/han")
    await binh.writes("/han")
    await until(binh.heard)
    await town.settle()


async def test_somebody_else_who_fetches_updates_is_noticed_and_the_bot_goes_on(town: Town, an: Someone) -> None:
    heartbeats = town.demo.application.bot_data.heartbeats
    assert [row["conflict_at"] for row in town.rows("heartbeats")] == [None]
    response = await town.http.post(f"/bot{town.world.token}/getUpdates")
    assert response.is_success
    await until(lambda: heartbeats._has_conflict)
    await heartbeats._beat()
    [row] = town.rows("heartbeats")
    assert row["conflict_at"] == row["seen_at"]
    assert "15/11/2021" in (await an.asks("/han")).text
