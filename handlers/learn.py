"""Learning from a missed question: a coordinator gives it to a topic, and may take that back."""

from markupsafe import Markup
from telegram import CallbackQuery, InlineKeyboardMarkup

from bot import logs
from handlers.buttons import Code, button
from handlers.inbox import SETTLED, Entry, card, entries, place_of
from handlers.messages import replace
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say
from knowledge.outcome import Asker
from knowledge.pack import Pack
from knowledge.phrasings import LONGEST, Phrasing, UnfitError, added, as_written, new_to
from knowledge.trial import BreaksError

log = logs.of(__name__)


async def on_learn(query: CallbackQuery, context: Context, question: int, topic: str) -> None:
    """Take a missed question as a way of asking for a topic, unless that breaks another question."""
    services = context.bot_data
    if await refused(query, services):
        return
    if topic not in services.pack.topics:
        await query.answer(GONE)
        return
    found = await entries(services)
    place = place_of(found, question)
    if place is None:
        await query.answer(SETTLED)
        return
    # Trying takes seconds; Telegram wants to hear sooner that the press arrived.
    await query.answer("Đang thử với bộ câu hỏi kiểm tra…")
    phrasing = Phrasing(topic, as_written(found[place].first.text))
    try:
        number = await _learn(services, phrasing, found[place], query.from_user.id)
    except (UnfitError, BreaksError) as refusal:
        await replace(query, card(services, found, place, _reason(services.pack, topic, refusal)))
        return
    left = await entries(services)
    if number is None:
        await replace(query, card(services, left, place, SETTLED))
        return
    log.info("phrasing added", id=number, topic=topic)
    row = [button("Hoàn tác", Code.UNLEARN, number)]
    if left:
        row.append(button("Câu sau ›", Code.ENTRY, left[min(place, len(left) - 1)].first.id))
    html = say(
        "learned",
        text=phrasing.text,
        ask=services.pack.topics[topic].ask,
        # Two or three words may be said of several topics, whatever was learned.
        sure=topic in services.answerer.ask(phrasing.text, Asker(services.clock.today())).topics,
        settled=len(found[place].missed),
    )
    await replace(query, Reply(html, InlineKeyboardMarkup([row])))


async def on_unlearn(query: CallbackQuery, context: Context, phrasing: int) -> None:
    """Take out what was learned; the questions are on the list again."""
    services = context.bot_data
    if await refused(query, services):
        return
    gone = await services.phrasings.withdraw(phrasing)
    if gone is None:
        await query.answer("Cách hỏi này đã được lấy ra, hoặc đã ghi vào tệp của bộ kiến thức.")
        return
    await query.answer("Đã hoàn tác.")
    await services.in_force.refresh()
    log.info("phrasing taken out", id=gone.id)
    found = await entries(services)
    place = next((place for place, entry in enumerate(found) if as_written(entry.first.text) == gone.text), 0)
    await replace(query, card(services, found, place))


async def hand_over(services: Services, pack: Pack) -> None:
    """Leave to a pack, as loaded, what `isobot learn` wrote into it."""
    written = {one.id: Phrasing(one.topic, one.text) for one in await services.phrasings.written()}
    if not written:
        return
    new = new_to(pack, written.values())
    there = [number for number, one in written.items() if one.topic in pack.topics and one not in new]
    await services.phrasings.hand_over(there)


async def _learn(services: Services, phrasing: Phrasing, entry: Entry, person_id: int) -> int | None:
    """The number of the new phrasing; None if somebody else settled the entry meanwhile.

    Raises:
        UnfitError, BreaksError: it is refused.
    """

    async def keep() -> int | None:
        return await services.phrasings.add(phrasing.topic, phrasing.text, person_id, entry.ids)

    return await services.in_force.adopt(lambda pack: added(pack, phrasing), keep)


def _reason(pack: Pack, topic: str, refusal: UnfitError | BreaksError) -> Markup:
    """Why nothing was learned, naming the topics as people see them; escaped already."""

    def ask(name: str | None) -> str:
        return pack.topics[name].ask if name else ""

    if isinstance(refusal, UnfitError):
        return Markup(say("unfit", why=refusal.why, longest=LONGEST, has_it=ask(refusal.topic)))  # noqa: S704
    right, instead = ask(refusal.right), ask(refusal.instead)
    return Markup(say("breaks", topic=ask(topic), question=refusal.question, right=right, instead=instead))  # noqa: S704
