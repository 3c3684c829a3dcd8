"""What the bot keeps in memory does not grow with the number of people who write to it."""

from collections.abc import Collection

import pytest
from telegram.ext import Application

from tests.whole.town import Someone, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _remembering(town: Town, number: int) -> list[str]:
    """Where the running application holds somebody's number."""
    application = town.demo.application
    kept = {name: getattr(application, name, None) for name in Application.__slots__}
    return [name for name, value in kept.items() if isinstance(value, Collection) and number in value]


async def test_the_library_notes_nobody_who_writes(town: Town, an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo")
    await an.presses(answer, "Hữu ích")
    assert _remembering(town, an.id) == []
