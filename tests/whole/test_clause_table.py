"""The table of the clauses of both editions, page by page."""

import re

import pytest

from bot.sandbox.messages import Message
from handlers.matrix import PAGE
from knowledge.answer import Answerer
from tests.whole.town import Someone, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEXT, BEFORE = "Trang sau ›", "‹ Trang trước"


async def _table(one: Someone) -> Message:
    menu = await one.asks("/chude")
    [answer] = (await one.forces(menu.id, "t:transition.matrix")).replies
    above = answer.text, labels(answer)
    pressed = await one.presses(answer, "Xem cả bảng")
    assert pressed.toasts == [""]
    assert (answer.text, labels(answer)) == above, "the answer stays"
    return pressed.replies[0]


async def test_the_table_shows_every_clause_once(an: Someone, answerer: Answerer) -> None:
    matrix = answerer.pack.matrix
    assert matrix is not None
    table = await _table(an)
    pages = [table.text]
    while NEXT in labels(table):
        await an.presses(table, NEXT)
        pages.append(table.text)
    assert len(pages) == -(-len(matrix.rows) // PAGE)
    shown = re.findall(r"^([0-9.]+) (.+) → (.+?)(?: \*)?$", "\n".join(pages), re.MULTILINE)
    assert shown == [(row.old, row.title, ", ".join(row.new)) for row in matrix.rows]
    assert all(clause.title in pages[-1] for clause in matrix.new_only)


async def test_the_table_is_turned_forward_and_back_in_its_own_message(an: Someone) -> None:
    table = await _table(an)
    first = table.text, labels(table)
    assert first[1] == [NEXT]
    pressed = await an.presses(table, NEXT)
    assert (pressed.toasts, pressed.replies) == ([""], [])
    assert labels(table)[0] == BEFORE
    await an.presses(table, BEFORE)
    assert (table.text, labels(table)) == first


async def test_a_page_beyond_the_last_is_the_last(an: Someone) -> None:
    table = await _table(an)
    await an.forces(table.id, "n:999999999999999999")
    assert labels(table) == [BEFORE]
