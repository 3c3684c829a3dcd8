"""Inline mode: "@bot hạn nộp" in any chat offers answers to paste."""

from html import escape

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, Update
from telegram.constants import ParseMode

from handlers.services import Context
from knowledge.answer import Answer, Asker, Decision
from knowledge.markup import plain

# How long Telegram may show the same results again, in seconds; days left change at midnight.
_CACHED = 60
_SHOWN = 5
_LONGEST_PREVIEW = 120


async def on_inline(update: Update, context: Context) -> None:
    """Offer the answer, or the answers it could be; the first questions of the menu before anything is typed."""
    query, services = update.inline_query, context.bot_data
    if query is None:
        return
    asker = Asker(services.clock.today())
    if query.query.strip():
        found = services.answerer.ask(query.query, asker)
        topics = [found.topic] if found.topic else list(found.choices) if found.decision is Decision.CHOOSE else []
    else:
        found, topics = None, list(services.pack.menu[0].topics[:_SHOWN])
    agency = found.agency if found else None
    answers = [(topic, services.answerer.answer(topic, asker, agency)) for topic in topics]
    results = [_result(services.pack.topics[topic].ask, topic, answer) for topic, answer in answers]
    await query.answer(results, cache_time=_CACHED, is_personal=False)


def _result(ask: str, topic: str, answer: Answer) -> InlineQueryResultArticle:
    preview = plain(answer.html).replace("\n", " ")[:_LONGEST_PREVIEW]
    content = InputTextMessageContent(
        f"<b>{escape(ask)}</b>\n\n{answer.html}",
        ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    return InlineQueryResultArticle(topic, ask, content, description=preview)
