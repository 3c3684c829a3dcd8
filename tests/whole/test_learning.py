"""Learning from what was missed: one tap by a coordinator, tried on the question set, in force at once."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.app import build, running
from bot.clock import Clock
from bot.demo import STARTS, Demo
from bot.phrasings import Phrasings
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.tables import Outcome, Via
from handlers import in_force
from knowledge.answer import Answerer
from knowledge.evaluate import Score
from knowledge.pack import load
from knowledge.trial import tried
from tests.conftest import NewStore
from tests.stores import Store
from tests.whole import library
from tests.whole.conftest import open_town
from tests.whole.library import ANOTHER, CARDS, LENDING, LENT, LIKE_IT, MISSED, OPENING
from tests.whole.town import COORDINATOR, NEWCOMER, PATIENCE, Pressed, Someone, Town, data_of, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNDO, NEXT, WRONG = "Hoàn tác", "Câu sau ›", "Chưa đúng"


@pytest.fixture(scope="module")
def pack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library.write(tmp_path_factory.mktemp("library") / "pack")


@pytest_asyncio.fixture(loop_scope="module")
async def town(pack_folder: Path, new_store: NewStore, tmp_path: Path) -> AsyncIterator[Town]:
    """A town with a library, whose bot has learned nothing yet."""
    async with open_town(Answerer(load(pack_folder)), tmp_path / "data", new_store) as opened:
        yield opened


async def _inbox(town: Town) -> Message:
    return await town.person(COORDINATOR).asks("/hopthu")


async def _press(town: Town, card: Message, label: str) -> Pressed:
    return await town.person(COORDINATOR).presses(card, label)


async def test_what_two_people_ask_alike_is_learned_with_one_tap_for_everybody_and_can_be_undone(town: Town) -> None:
    an, binh, chi = town.someone(), town.someone(), town.someone()
    await an.asks(MISSED)
    await binh.asks(LIKE_IT)
    card = await _inbox(town)
    assert card.text.startswith("Câu 1/1 · 08:00 ngày 08/11/2021 · 2 lần, 2 người hỏi\n")
    assert set(labels(card)) == {OPENING, LENDING, CARDS, "Trả lời", "Bỏ qua"}

    pressed = await _press(town, card, LENDING)
    assert (pressed.toasts, pressed.replies) == (["Đang thử với bộ câu hỏi kiểm tra…"], [])
    assert card.text.splitlines()[:2] == [f"Đã thêm vào “{LENDING}”.", MISSED]
    assert "2 câu tương tự trong hộp thư đã xong." in card.text
    assert labels(card) == [UNDO]
    assert "không còn câu hỏi nào" in (await _inbox(town)).text
    assert (await chi.asks(MISSED)).text == LENT

    await _press(town, card, UNDO)
    assert card.text.startswith("Câu 1/1 · 08:00 ngày 08/11/2021 · 2 lần, 2 người hỏi\n")
    assert (await chi.asks(MISSED)).text != LENT
    assert town.rows("phrasings") == town.rows("settlements") == []


async def test_it_is_kept_with_the_coordinator_and_without_the_asker(town: Town) -> None:
    await town.someone().asks(MISSED)
    await _press(town, await _inbox(town), LENDING)
    [row] = town.rows("phrasings")
    assert (row["topic"], row["text"], row["added_by"]) == ("muon-sach", MISSED, COORDINATOR)
    assert set(row) == {"id", "topic", "text", "added_at", "added_by", "written_at", "in_pack_at"}


async def test_a_phrasing_that_breaks_a_question_is_refused_with_the_question_and_both_topics(town: Town) -> None:
    an = town.someone()
    await an.presses(await an.asks("xin làm thẻ"), WRONG)
    card = await _inbox(town)
    before = labels(card)
    await _press(town, card, LENDING)
    assert card.text.splitlines()[0] == (
        f"Không thêm vào “{LENDING}”: câu “xin làm thẻ” đang trả lời đúng bằng “{CARDS}” sẽ bị hiểu thành “{LENDING}”."
    )
    assert labels(card) == before
    assert (await town.someone().asks("xin làm thẻ")).text == "Ở quầy số 1."
    assert town.rows("phrasings") == town.rows("settlements") == []


async def test_what_would_be_answered_though_it_is_out_of_scope_is_refused(town: Town) -> None:
    an = town.someone()
    await an.presses(await an.asks("thời tiết ra sao"), "Chuyển câu hỏi")
    card = await _inbox(town)
    await _press(town, card, labels(card)[0])
    assert "câu ngoài phạm vi “thời tiết ra sao” sẽ bị trả lời bằng" in card.text
    assert town.rows("phrasings") == []


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Mượn sách về nhà???", f"Không thêm: cách hỏi này đã có ở “{LENDING}”."),
        (f"mượn sách {'rất ' * 80}lâu", "Không thêm: câu dài quá 300 ký tự, không dùng làm cách hỏi được."),
    ],
)
async def test_what_can_be_no_phrasing_is_refused_with_the_reason(town: Town, question: str, reason: str) -> None:
    an = town.someone()
    answer = await an.asks(question)
    await an.presses(answer, WRONG if WRONG in labels(answer) else "Chuyển câu hỏi")
    card = await _inbox(town)
    await _press(town, card, LENDING)
    assert card.text.startswith(reason)
    assert town.rows("phrasings") == []


async def test_the_next_question_is_one_tap_away(town: Town) -> None:
    an = town.someone()
    for text in (MISSED, ANOTHER):
        await an.asks(text)
    card = await _inbox(town)
    await _press(town, card, LENDING)
    assert labels(card) == [UNDO, NEXT]
    await _press(town, card, NEXT)
    assert card.text.splitlines()[:2] == ["Câu 1/1 · 08:00 ngày 08/11/2021", ANOTHER]


async def test_tapping_twice_learns_once_and_keeps_the_card(town: Town) -> None:
    await town.someone().asks(MISSED)
    card = await _inbox(town)
    data = data_of(card, LENDING)
    await _press(town, card, LENDING)
    shown = card.text
    pressed = await town.person(COORDINATOR).forces(card.id, data)
    assert pressed.toasts == ["Câu này đã được xử lý."]
    assert card.text == shown
    assert len(town.rows("phrasings")) == 1


async def test_a_stranger_can_neither_teach_nor_undo(town: Town) -> None:
    an = town.someone()
    asked = await an.asks(MISSED)
    card = await _inbox(town)
    teach = data_of(card, LENDING)
    assert (await an.forces(asked.id, teach)).toasts == ["Nút này dành cho cán bộ điều phối."]
    assert town.rows("phrasings") == []
    await _press(town, card, LENDING)
    await an.forces(asked.id, data_of(card, UNDO))
    assert len(town.rows("phrasings")) == 1
    assert (await an.asks(MISSED)).text == LENT


async def test_what_is_written_into_the_pack_cannot_be_undone_by_a_button(town: Town) -> None:
    await town.someone().asks(MISSED)
    card = await _inbox(town)
    await _press(town, card, LENDING)
    [row] = town.rows("phrasings")
    await town.demo.application.bot_data.phrasings.note_written([row["id"]])
    assert "đã ghi vào tệp" in (await _press(town, card, UNDO)).toasts[0]
    assert len(town.rows("phrasings")) == 1


async def test_what_another_process_adds_and_takes_away_is_noticed_on_the_next_tick(town: Town) -> None:
    an, bot_data = town.someone(), town.demo.application.bot_data
    question = await bot_data.questions.record(
        person_id=1, text=MISSED, via=Via.TEXT, outcome=Outcome.DECLINE, topic=None, agency=None, score=0
    )
    assert (await an.asks(MISSED)).text != LENT
    async with open_database(town.store.url) as other:
        elsewhere = Phrasings(other, Clock(STARTS))
        number = await elsewhere.add("muon-sach", MISSED, COORDINATOR, [question])
        assert number is not None
        await town.post("clock", by_seconds=60)
        await until(lambda: MISSED in bot_data.pack.topics["muon-sach"].phrasings)
        assert (await an.asks(MISSED)).text == LENT
        await elsewhere.withdraw(number)
        await town.post("clock", by_seconds=60)
        await until(lambda: MISSED not in bot_data.pack.topics["muon-sach"].phrasings)
    assert (await an.asks(MISSED)).text != LENT


async def test_a_tick_without_changes_builds_nothing_anew(town: Town) -> None:
    services = town.demo.application.bot_data
    await town.someone().asks(MISSED)
    await _press(town, await _inbox(town), LENDING)
    before = services.answerer
    await services.in_force.refresh()
    assert services.answerer is before


async def test_questions_are_answered_while_a_phrasing_is_tried(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    an, binh, trying, go_on = town.someone(), town.someone(), threading.Event(), threading.Event()

    def try_slowly(answerer: Answerer) -> Score:
        trying.set()
        assert go_on.wait(PATIENCE)
        return tried(answerer)

    monkeypatch.setattr(in_force, "tried", try_slowly)
    await an.asks(MISSED)
    card = await _inbox(town)
    tap = {"message_id": card.id, "callback_data": data_of(card, LENDING)}
    await town.post(f"people/{COORDINATOR}/presses", **tap)
    await until(trying.is_set)
    await binh.writes("mấy giờ mở cửa")
    await until(binh.heard)
    assert [reply.text for reply in binh.heard()] == ["Từ 8 giờ đến 17 giờ."]
    assert "Đã thêm" not in card.text
    go_on.set()
    await until(lambda: "Đã thêm" in card.text)


Run = Callable[[Answerer], AbstractAsyncContextManager[Town]]


@pytest_asyncio.fixture(loop_scope="module")
async def run(store: Store, tmp_path: Path) -> AsyncIterator[Run]:
    """Each call starts the bot anew with a pack, at the same Telegram and on the same file."""
    clock = Clock(STARTS)
    people = [
        Person(id=NEWCOMER, key="an", name="An", started=True),
        Person(id=COORDINATOR, key="ha", name="Hà", started=True),
    ]
    world = World(clock=clock, token="1:sandbox", bot_username="isobot_demo_bot", bot_name="Trợ lý", people=people)
    async with serve(create_app(world)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        settings = Settings(
            token=SecretStr("1:sandbox"), api_url=url, data=tmp_path, coordinators=frozenset({COORDINATOR}),
            proxy=None, database_url=SecretStr(store.url),
        )  # fmt: skip

        @asynccontextmanager
        async def start(answerer: Answerer) -> AsyncIterator[Town]:
            async with open_database(settings.sqlalchemy_url) as database:
                application = build(settings, answerer, database, clock)
                async with running(application):
                    yield Town(Demo(url, world, application), tmp_path, http, store)

        yield start


async def _taught(town: Town) -> None:
    await town.person(NEWCOMER).asks(MISSED)
    await _press(town, await _inbox(town), LENDING)


async def test_what_was_learned_outlives_a_restart(run: Run, pack_folder: Path) -> None:
    answerer = Answerer(load(pack_folder))
    async with run(answerer) as town:
        await _taught(town)
    async with run(answerer) as town:
        an: Someone = town.person(NEWCOMER)
        assert (await an.asks(MISSED)).text == LENT


async def test_what_a_new_pack_has_no_topic_for_is_left_out_and_logged(
    run: Run, pack_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with run(Answerer(load(pack_folder))) as town:
        await _taught(town)
    folder = library.write(tmp_path / "pack")
    file = folder / "topics" / "hoi.yaml"
    file.write_text(file.read_text("utf-8").replace("muon-sach", "cho-muon"), "utf-8")
    async with run(Answerer(load(folder))) as town:
        assert (await town.person(NEWCOMER).asks("mấy giờ mở cửa")).text == "Từ 8 giờ đến 17 giờ."
        assert (await town.person(NEWCOMER).asks(MISSED)).text != LENT
    [left_out] = [vars(record)["said"] for record in caplog.records if "left out" in record.getMessage()]
    assert left_out == {"id": 1, "topic": "muon-sach"}


async def test_what_was_written_into_the_pack_and_taken_out_again_does_not_come_back(
    run: Run, pack_folder: Path, tmp_path: Path
) -> None:
    async with run(Answerer(load(pack_folder))) as town:
        await _taught(town)
        await town.demo.application.bot_data.phrasings.note_written([1])
    async with run(Answerer(load(pack_folder))) as town:
        assert (await town.person(NEWCOMER).asks(MISSED)).text == LENT, "the pack does not have it yet"
    folder = library.write(tmp_path / "pack")
    file = folder / "topics" / "hoi.yaml"
    file.write_text(file.read_text("utf-8").replace("cách mượn sách,", f"cách mượn sách, {MISSED},"), "utf-8")
    async with run(Answerer(load(folder))) as town:
        assert (await town.person(NEWCOMER).asks(MISSED)).text == LENT
    async with run(Answerer(load(pack_folder))) as town:
        assert (await town.person(NEWCOMER).asks(MISSED)).text != LENT
