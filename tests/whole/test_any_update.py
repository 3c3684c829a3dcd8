"""Whatever comes as an update: the bot goes on, and who can be told that something failed is told politely."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from telegram import Update

from tests.whole.town import Someone, Town

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("errors_expected")]

ODD: list[Any] = [
    None, True, 0, -1, 2**70, 1.5, "", "x", "\x00", "\u202e", "{{ 7*7 }}", "0" * 5000, [], [[]], {}, {"id": 7},
    [{"type": "bold", "offset": 9**9, "length": -1}], [{"type": "mention", "offset": 0, "length": 999}],
]  # fmt: skip
MUTATIONS = 250


def message_of(one: Someone, **more: Any) -> dict[str, Any]:
    chat = {"id": one.id, "type": "private", "first_name": one.person.name}
    return {"message_id": 7, "date": 1636333200, "chat": chat, "from": one.person.as_user()} | more


def _whole(one: Someone) -> Iterator[tuple[str, dict[str, Any]]]:
    text = {"text": "hạn nộp báo cáo", "entities": [{"type": "bold", "offset": 0, "length": 3}]}
    command = {"text": "/han", "entities": [{"type": "bot_command", "offset": 0, "length": 4}]}
    file = {"document": {"file_id": "x", "file_unique_id": "y", "file_name": "a.pdf", "file_size": 9}, "caption": "b"}
    photo = {"photo": [{"file_id": "x", "file_unique_id": "y", "width": 9, "height": 9}]}
    for more in (text, command, file, photo):
        yield "message", message_of(one, **more)
    press = {"id": "1", "chat_instance": "1", "data": "t:report.deadline"}
    yield "callback_query", press | {"from": one.person.as_user(), "message": message_of(one, **text)}
    yield "inline_query", {"id": "1", "from": one.person.as_user(), "query": "hạn nộp", "offset": ""}


def _places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The keys that lead to every value."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from _places(value, (*path, key))


def mutated(draw: random.Random, payload: dict[str, Any]) -> dict[str, Any]:
    """A payload in which one thing or two are something else, or are not there."""
    changed = copy.deepcopy(payload)
    for _ in range(draw.choice([1, 1, 2])):
        *path, last = draw.choice(list(_places(changed)))
        around: Any = changed
        for key in path:
            around = around[key]
        if draw.random() < 1 / 4:
            del around[last]
        else:
            around[last] = copy.deepcopy(draw.choice(ODD))
    return changed


async def test_the_bot_goes_on_whatever_comes(town: Town, an: Someone) -> None:
    draw = random.Random(4711)
    kinds = list(_whole(an))
    for _ in range(MUTATIONS):
        kind, payload = draw.choice(kinds)
        town.world.updates.add(kind, mutated(draw, payload), an.id)
    await town.settle()
    told = [message.text for message in an.heard()]
    assert not any(trace in text for text in told for trace in ("Traceback", "Error", "49"))
    assert "15/11/2021" in (await town.someone().asks("/han")).text
    assert "15/11/2021" in (await an.says("/han"))[-1].text


@pytest.mark.parametrize(
    "odd",
    [{"from": {"id": 2**70, "is_bot": False, "first_name": "x"}}, {"text": 5}],
    ids=["a number too big for the records", "a text that is none"],
)
async def test_who_can_be_told_that_it_failed_is_told_politely(town: Town, odd: dict[str, Any]) -> None:
    an = town.someone()
    an.person.started = True
    town.world.updates.add("message", message_of(an, text="hạn nộp") | odd, an.id)
    await town.settle()
    assert [reply.text.startswith("Có lỗi khi xử lý") for reply in an.heard()] == [True]
    assert "15/11/2021" in (await an.asks("/han")).text


@pytest.mark.parametrize("text", ["a\ud800b", "a\x00b", "\udfff" * 4096], ids=["half a sign", "NUL", "halves alone"])
async def test_what_telegram_never_lets_through_is_answered_too(town: Town, text: str) -> None:
    an = town.someone()
    an.person.started = True
    application = town.demo.application
    update = Update.de_json({"update_id": 7, "message": message_of(an, text=text)}, application.bot)
    await application.update_queue.put(update)
    await town.settle()
    assert len(an.heard()) == 1
    assert "15/11/2021" in (await an.asks("/han")).text
