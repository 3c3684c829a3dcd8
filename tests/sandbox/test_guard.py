"""Other pages in the same browser stay outside."""

import httpx
import pytest

from tests.sandbox.cast import AN

WRITE = f"/sandbox/people/{AN}/messages"


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost", "LOCALHOST:9", "[::1]:80", "[::1]"])
async def test_names_of_this_machine_are_welcome(http: httpx.AsyncClient, host: str) -> None:
    assert (await http.get("/sandbox/clock", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com:80", "10.0.0.1", ":80", "[::2]:80"])
async def test_a_name_that_was_made_to_lead_here_is_refused(http: httpx.AsyncClient, host: str) -> None:
    answer = await http.get("/sandbox/clock", headers={"Host": host})
    assert answer.status_code == 403
    assert "Sandbox chỉ nhận" in answer.json()["error"]


@pytest.mark.parametrize("origin", ["https://example.com", "null", "http://localhost:1"])
async def test_requests_of_other_pages_are_refused(http: httpx.AsyncClient, origin: str) -> None:
    answer = await http.post(WRITE, json={"text": "a"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert (await http.post("/bot1:sandbox/getMe", headers={"Origin": origin})).status_code == 403


async def test_the_own_page_is_welcome(http: httpx.AsyncClient, url: str) -> None:
    headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    assert (await http.post(WRITE, json={"text": "a"}, headers=headers)).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_link_may_lead_to_the_page_and_nowhere_else(http: httpx.AsyncClient, site: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    assert (await http.get("/", headers=headers)).status_code != 403
    assert (await http.get("/bot1:sandbox/close", headers=headers)).status_code == 403
    assert (await http.get("/", headers={**headers, "Sec-Fetch-Mode": "no-cors"})).status_code == 403
