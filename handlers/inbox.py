"""The coordinator's inbox: questions that the bot missed, one card for all that are alike."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatType

from bot.inbox import Missed
from handlers.buttons import Code, button
from handlers.messages import answer_in, replace
from handlers.people import is_coordinator
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say
from knowledge.alike import group_alike
from knowledge.topics import Kind

SETTLED = "Câu này đã được xử lý."

# How many topics a question can be given to, and how many other wordings its card shows.
_NEAREST = 3
_OTHERS = 3

# A question may have 4096 characters, and so may a whole message.
_LONGEST = 600


@dataclass(frozen=True)
class Entry:
    """Missed questions that are alike; the first stands for all of them."""

    missed: tuple[Missed, ...]

    @property
    def first(self) -> Missed:
        """The one that is shown."""
        return self.missed[0]

    @property
    def ids(self) -> list[int]:
        """The numbers of all of them."""
        return [one.id for one in self.missed]

    @property
    def askers(self) -> int:
        """How many people asked, at least: those whose names are forgotten count as one."""
        return len({one.person_id for one in self.missed})

    @property
    def reachable(self) -> int:
        """How many people can be answered: those whose names are not forgotten."""
        return len({one.person_id for one in self.missed} - {None})

    @property
    def passed_on(self) -> int:
        """How many people wait for a person's answer."""
        return len({one.person_id for one in self.missed if one.passed_on})

    @property
    def others(self) -> list[str]:
        """Other wordings."""
        return [text for text in dict.fromkeys(one.text for one in self.missed) if text != self.first.text][:_OTHERS]


async def on_inbox(update: Update, context: Context) -> None:
    """/hopthu: what the bot missed; what was passed on first, then the oldest."""
    message, person = update.effective_message, update.effective_user
    if message is None or person is None:
        return
    services = context.bot_data
    if not await is_coordinator(services, person.id):
        await answer_in(message, Reply(say("coordinators_only"), None))
    elif message.chat.type != ChatType.PRIVATE:
        # What people ask is not read out to others.
        await answer_in(message, Reply(say("in_private"), None))
    else:
        await answer_in(message, card(services, await entries(services), 0))


async def on_entry(query: CallbackQuery, context: Context, question: int) -> None:
    """Show the entry of a question; the first one if it is settled."""
    services = context.bot_data
    if await refused(query, services):
        return
    found = await entries(services)
    place = place_of(found, question)
    shown = await replace(query, card(services, found, place or 0))
    await query.answer(GONE if not shown else SETTLED if place is None else None)


async def on_dismiss(query: CallbackQuery, context: Context, question: int) -> None:
    """Take an entry off the list and go on to the next."""
    services = context.bot_data
    if await refused(query, services):
        return
    found = await entries(services)
    place = place_of(found, question)
    if place is None or not await services.inbox.dismiss(found[place].ids, query.from_user.id):
        await query.answer(SETTLED)
        return
    gone = found.pop(place)
    note = f"Đã bỏ qua “{short(gone.first.text)}”."
    await replace(query, card(services, found, place, note, button("Lấy lại", Code.REOPEN, gone.first.id)))
    await query.answer("Đã bỏ qua.")


async def on_reopen(query: CallbackQuery, context: Context, question: int) -> None:
    """Put back what was just dismissed."""
    services = context.bot_data
    if await refused(query, services):
        return
    if not await services.inbox.reopen(question):
        await query.answer(SETTLED)
        return
    found = await entries(services)
    await replace(query, card(services, found, place_of(found, question) or 0))
    await query.answer("Đã lấy lại.")


async def entries(services: Services) -> list[Entry]:
    """What is on the list."""
    missed = await services.inbox.open()
    texts = [one.text for one in missed]
    # Reading hundreds of questions takes a moment in which other chats shall not wait.
    groups = await asyncio.to_thread(group_alike, texts, services.answerer.understanding)
    return [Entry(tuple(missed[number] for number in group)) for group in groups]


def place_of(found: Sequence[Entry], question: int) -> int | None:
    """Where the entry of a question stands; None if it is settled."""
    return next((place for place, entry in enumerate(found) if question in entry.ids), None)


def card(
    services: Services, found: Sequence[Entry], place: int, note: str = "", undo: InlineKeyboardButton | None = None
) -> Reply:
    """An entry and what can be done with it.

    Args:
        found: the list.
        place: which of them; the last one if there are fewer.
        note: what just happened.
        undo: takes that back.
    """
    last_rows = [[undo]] if undo else []
    if not found:
        return Reply(say("inbox_empty", note=note), InlineKeyboardMarkup(last_rows) if last_rows else None)
    place = min(place, len(found) - 1)
    entry, topics = found[place], services.pack.topics
    answered = topics.get(entry.first.topic or "")
    nearest = services.answerer.understanding.understand(entry.first.text).found.inside[:_NEAREST]
    html = say(
        "inbox",
        note=note,
        entry=entry,
        text=short(entry.first.text),
        others=[short(text) for text in entry.others],
        place=place + 1,
        total=len(found),
        answered=answered.ask if answered and answered.kind is not Kind.OUTSIDE else None,
        nearest=nearest,
    )
    rows = [[button(topics[one.topic].ask, Code.LEARN, entry.first.id, one.topic)] for one in nearest]
    respond = [button("Trả lời", Code.RESPOND, entry.first.id)] if entry.reachable else []
    rows.append([*respond, button("Bỏ qua", Code.DISMISS, entry.first.id)])
    turn = []
    if place:
        turn.append(button("‹ Câu trước", Code.ENTRY, found[place - 1].first.id))
    if place + 1 < len(found):
        turn.append(button("Câu sau ›", Code.ENTRY, found[place + 1].first.id))
    rows += [turn] if turn else []
    return Reply(html, InlineKeyboardMarkup([*rows, *last_rows]))


def short(text: str) -> str:
    """A question as it stands on a card."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
