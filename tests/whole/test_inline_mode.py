"""Inline mode: "@bot hạn nộp" in any chat offers answers to send."""

from typing import Any

import pytest

from knowledge.answer import Answerer
from tests.whole.town import Someone, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _offered(one: Someone, query: str) -> dict[str, Any]:
    offered: dict[str, Any] = await one.town.post(f"people/{one.id}/inline", query=query)
    return offered


async def _chosen(one: Someone, offered: dict[str, Any], **chat: int) -> dict[str, Any]:
    choice = {"query_id": offered["query_id"], "result_id": offered["results"][0]["id"]}
    message: dict[str, Any] = await one.town.post(f"people/{one.id}/inline/choose", **choice, **chat)
    await one.town.settle()
    return message


async def test_a_question_offers_its_answer(an: Someone, answerer: Answerer) -> None:
    [result] = (await _offered(an, "hạn nộp báo cáo là ngày nào"))["results"]
    assert result["title"] == answerer.pack.topics["report.deadline"].ask
    assert "15/11/2021" in result["description"]


async def test_a_question_about_an_agency_offers_the_answer_for_it(an: Someone) -> None:
    [result] = (await _offered(an, "sở xây dựng kiểm tra kiểu gì"))["results"]
    assert "Sở Xây dựng" in result["description"]


async def test_nothing_typed_yet_offers_the_first_questions_of_the_menu(an: Someone, answerer: Answerer) -> None:
    titles = [result["title"] for result in (await _offered(an, ""))["results"]]
    assert titles
    assert titles == [answerer.pack.topics[topic].ask for topic in answerer.pack.menu[0].topics[: len(titles)]]


@pytest.mark.parametrize("query", ["thời tiết hôm nay", "<b>&{{ 1 }}", "x" * 256, "🙂"])
async def test_what_is_not_known_offers_nothing(an: Someone, query: str) -> None:
    assert (await _offered(an, query))["results"] == []


async def test_a_chosen_answer_goes_into_the_chat_with_its_question_and_source(town: Town, an: Someone) -> None:
    group = town.group(an, hears_all=True)
    message = await _chosen(an, await _offered(an, "hạn nộp báo cáo là ngày nào"), chat_id=group.id)
    assert message["via_bot"]
    assert message["text"].splitlines()[0] == "Hạn nộp báo cáo là ngày nào?"
    assert "15/11/2021" in message["text"]
    assert message["text"].splitlines()[-1].startswith("Nguồn:")


async def test_the_bot_does_not_answer_its_own_answer_in_a_group(town: Town, an: Someone) -> None:
    group = town.group(an, hears_all=True)
    await _chosen(an, await _offered(an, "hạn nộp báo cáo là ngày nào"), chat_id=group.id)
    assert an.heard(group.id) == []


async def test_the_bot_does_not_answer_its_own_answer_in_the_private_chat(an: Someone) -> None:
    await _chosen(an, await _offered(an, "hạn nộp báo cáo là ngày nào"))
    assert an.heard() == []


async def test_every_topic_can_be_offered(an: Someone, answerer: Answerer) -> None:
    for topic in answerer.pack.shown:
        results = (await _offered(an, topic.ask))["results"]
        assert topic.ask in [result["title"] for result in results]


async def test_looking_through_the_offers_is_not_written_down(town: Town, an: Someone) -> None:
    await _offered(an, "hạn nộp báo cáo là ngày nào")
    assert town.questions_of(an) == []
