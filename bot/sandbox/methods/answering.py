"""Methods that answer a query: a pressed button, an inline query."""

from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import read_keyboard
from bot.sandbox.methods.content import marked_text, toast_of
from bot.sandbox.params import Params
from bot.sandbox.world import World

_MOST_RESULTS = 50
_LONGEST_ID = 64


def answer_callback_query(world: World, params: Params) -> bool:
    """The button stops spinning; with a text, the person reads it. Answering twice does no harm."""
    press = world.presses.find(params.text("callback_query_id"), world.clock.now())
    world.events.add(
        "toast",
        {
            "query_id": press.id,
            "person_id": press.person.id,
            "chat_id": press.chat_id,
            "message_id": press.message_id,
            "text": toast_of(params),
            "alert": params.flag("show_alert"),
            "url": params.text("url") or None,
        },
    )
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    """The results for what a person has typed after the bot's name."""
    query = world.inline_queries.find(params.text("inline_query_id"), world.clock.now())
    results = params.structure("results")
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise bad_request("can't parse inline query results: expected an Array of InlineQueryResult")
    if len(results) > _MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results]
    if not all(0 < len(result_id.encode()) <= _LONGEST_ID for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        _check(result)
    if not query.answer.done():
        answer: dict[str, Any] = {"results": results, "next_offset": params.text("next_offset")}
        if (button := params.structure("button")) is not None:
            answer["button"] = button
        query.answer.set_result(answer)
    return True


def _check(result: dict[str, Any]) -> None:
    """Refuse here what could not be sent later."""
    if result.get("type") == "article":
        if not str(result.get("title", "")).strip():
            raise bad_request("ARTICLE_TITLE_EMPTY")
        content = result.get("input_message_content")
        if not isinstance(content, dict) or "message_text" not in content:
            raise bad_request("can't parse inline query result: message content is not specified")
        text = marked_text(str(content["message_text"]), str(content.get("parse_mode") or ""), content.get("entities"))
        if text.is_blank:
            raise bad_request("MESSAGE_EMPTY")
    elif result.get("type") not in ("document", "photo"):
        raise bad_request(f"the sandbox knows articles, documents and photos, not {result.get('type')!r}")
    read_keyboard(result.get("reply_markup"), inline_only=True)
