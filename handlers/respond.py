"""Answering a missed question in one's own words: typed, shown as it will look, and sent to everybody who asked it."""

from typing import Any

from telegram import CallbackQuery, Message, User

from bot.outbox import Letter
from bot.store.ledger_tables import Delivery
from bot.store.people_tables import Draft
from bot.visible import lines
from bot.written_answers import KIND
from handlers import wording
from handlers.buttons import Code, button
from handlers.cards import Rows, cancel_row, coordinators_draft, letter, reply, show_card
from handlers.inbox import SETTLED, entries, place_of, short
from handlers.messages import replace
from handlers.people import actor
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say

__all__ = ["KIND", "hear", "on_respond", "on_respond_surely", "on_responded"]

# In UTF-16 code units, as Telegram counts; the rest of a message is left to the question.
_LONGEST = 2500


async def on_respond(query: CallbackQuery, context: Context, question: int) -> None:
    """Begin: ask for the answer."""
    services, person, message = context.bot_data, query.from_user, query.message
    if await refused(query, services):
        return
    found = await entries(services)
    place = place_of(found, question)
    if place is None or not isinstance(message, Message):
        await query.answer(SETTLED)
        return
    entry = found[place]
    data = {"questions": entry.ids, "asked": short(entry.first.text), "people": entry.reachable, "answer": ""}
    await services.drafts.keep(person.id, KIND, data, None)
    await show_card(message, person.id, services, _card(data))
    await query.answer()


async def hear(message: Message, person: User, services: Services, draft: Draft, text: str) -> bool:
    """Take what is typed as the answer."""
    data, problem = dict(draft.data), None
    answer = lines(text)
    if len(answer.encode("utf-16-le")) > 2 * _LONGEST:
        problem = f"Câu trả lời dài quá {_LONGEST} ký tự nên chưa được nhận; anh/chị gõ lại ngắn hơn."
    else:
        data["answer"] = answer
    await services.drafts.keep(person.id, KIND, data, draft.message_id)
    await show_card(message, person.id, services, _card(data, problem))
    return True


async def on_respond_surely(query: CallbackQuery, context: Context) -> None:
    """Send it."""
    services, person = context.bot_data, query.from_user
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return
    questions, answer = draft.data["questions"], draft.data["answer"]
    if not answer:
        await query.answer("Cần câu trả lời: anh/chị gõ câu trả lời trước.", show_alert=True)
        return

    def words(asked: str) -> Letter:
        return letter(say("told_answer", asked=short(asked), answer=answer))

    sent = await services.written_answers.give(actor(person), questions, answer, words)
    await replace(query, await _outcome(services, questions[0]) or Reply(SETTLED, None))
    await query.answer("Đã gửi câu trả lời." if sent else SETTLED)


async def on_responded(query: CallbackQuery, context: Context, entry: int) -> None:
    """Show how far the answer has come."""
    services = context.bot_data
    if await refused(query, services):
        return
    outcome = await _outcome(services, entry)
    shown = outcome is not None and await replace(query, outcome)
    await query.answer(None if shown else GONE)


def _card(data: dict[str, Any], problem: str | None = None) -> Reply:
    rows: Rows = [[button("Gửi câu trả lời", Code.RESPOND_SURELY)]] if data["answer"] else []
    return reply(say("respond_form", **data, problem=problem), [*rows, *cancel_row()])


async def _outcome(services: Services, entry: int) -> Reply | None:
    given = await services.written_answers.given(entry)
    if given is None:
        return None
    deliveries = [(wording.DELIVERIES[state], given.deliveries[state]) for state in Delivery if given.deliveries[state]]
    html = say("responded", given=given, asked=short(given.question), deliveries=deliveries)
    rows: Rows = [[button("Kết quả gửi", Code.RESPONDED, entry)]]
    left = await entries(services)
    if left:
        rows[0].append(button("Câu sau ›", Code.ENTRY, left[0].first.id))
    return reply(html, rows)
