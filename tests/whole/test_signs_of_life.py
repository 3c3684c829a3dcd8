"""A running bot tells that it runs, and what it alone can notice."""

import httpx
import pytest

from tests.whole.town import Town, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_somebody_else_who_fetches_updates_is_noticed(own_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeats = own_town.demo.application.bot_data.heartbeats
    [row] = own_town.rows("heartbeats")
    assert row["conflict_at"] is None
    response = await own_town.http.post(f"/bot{own_town.world.token}/getUpdates")
    assert response.status_code == httpx.codes.OK
    await until(lambda: heartbeats._has_conflict)
    await heartbeats._beat()
    [row] = own_town.rows("heartbeats")
    assert row["conflict_at"] == row["seen_at"]
    assert "15/11/2021" in (await own_town.someone().asks("/han")).text
