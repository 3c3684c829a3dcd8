"""Questions: typed, or chosen by a button."""

from dataclasses import replace as replace_fields

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ChatType

from bot import logs
from bot.askers import Known
from bot.clock import LOCAL
from bot.conversations import Subject
from bot.questions import Asked
from bot.states import OWING
from bot.store.tables import Outcome, Via
from bot.submission_records import Standing
from handlers import wording
from handlers.confirm import begin_somewhere
from handlers.messages import answer_in, replace
from handlers.people import agency_name
from handlers.replies import CONFIRM_TOPIC, GONE, Reply, reply_to
from handlers.services import Context, Services
from handlers.texts import say
from handlers.versions import due_of
from knowledge.answer import Answer, Answerer, Asker, Decision
from knowledge.deadline import Deadline
from knowledge.followups import Turn
from knowledge.outcome import SubmissionStanding
from knowledge.pack import Pack
from knowledge.topics import Kind

log = logs.of(__name__)


async def on_text(update: Update, context: Context, known: Known | None) -> None:
    """Answer what was typed; in a group only what is meant for the bot."""
    message = update.effective_message
    if message is None or message.text is None or message.via_bot == context.bot.bot:
        # An answer of our own that somebody pasted by inline mode is no question.
        return
    text = addressed(message, context.bot.username, context.bot.id)
    if text is not None:
        await answer_text(update, context, text, known)


async def on_ask_command(update: Update, context: Context) -> None:
    """/hoi: answer what stands behind it, or say how it is used."""
    message = update.effective_message
    if message is None:
        return
    if context.args:
        await answer_text(update, context, " ".join(context.args))
    else:
        await answer_in(message, Reply(say("ask_what"), None))


async def answer_text(update: Update, context: Context, text: str, known: Known | None = None) -> None:
    """Answer a question and write down how it ended."""
    message, person = update.effective_message, update.effective_user
    if message is not None and person is not None:
        with context.bot_data.metrics.answer_time.time():
            await _answer(message, person, context.bot_data, text, known)


async def _answer(message: Message, person: User, services: Services, text: str, known: Known | None) -> None:
    known = known or await services.askers.known(message.chat_id, person.id)
    asker = await _asker(services, known)
    # One answerer from the question to its buttons: another may come into force at any await.
    answerer = services.answerer
    answer = await _informed(services, answerer, known, asker, answerer.ask(text, asker))
    question = await _record(services, answerer, message.chat_id, person, text, Via.TEXT, answer)
    if answer.topics == (CONFIRM_TOPIC,) and message.chat.type == ChatType.PRIVATE and asker.agency:
        # Who says that they want to confirm, and may, is not told how: it begins.
        await begin_somewhere(message, person, services)
        return
    await answer_in(message, reply_to(answer, question, answerer))


async def answer_topic(message: Message, person: User, services: Services, topic: str, via: Via) -> None:
    """Answer a topic in a new message."""
    with services.metrics.answer_time.time():
        await answer_in(message, await _topic_reply(message, person, services, topic, via))


async def on_topic(query: CallbackQuery, context: Context, topic: str) -> None:
    """A related question was pressed: answer it below, the old answer stays."""
    services = context.bot_data
    if topic not in services.pack.topics or not isinstance(query.message, Message):
        await query.answer(GONE)
        return
    await answer_topic(query.message, query.from_user, services, topic, Via.BUTTON)
    await query.answer()


async def on_pick(query: CallbackQuery, context: Context, question: int, topic: str) -> None:
    """One of the offered questions was pressed: the card becomes its answer."""
    services, person = context.bot_data, query.from_user
    answerer = services.answerer
    if topic not in answerer.pack.topics or not isinstance(query.message, Message):
        await query.answer(GONE)
        return
    asked = await services.questions.of(question, person.id)
    if asked is None:
        await query.answer("Câu hỏi này của người khác. Anh/chị gõ câu hỏi của mình giúp.")
        return
    chat = query.message.chat_id
    answer = answerer.answer(topic, await asker_of(services, chat, person), asked.agency)
    await _show(query, query.message, reply_to(answer, question, answerer))
    await services.questions.settle(question, person.id, topic)
    if subject := _subject(answer):
        await services.conversations.remember(chat, person.id, subject)
    await query.answer()


async def on_agency(query: CallbackQuery, context: Context, topic: str, agency: str) -> None:
    """An agency was chosen: the card becomes the answer for it."""
    services, person = context.bot_data, query.from_user
    answerer = services.answerer
    known = topic in answerer.pack.topics and agency in answerer.pack.agencies.everyone
    if not known or not isinstance(query.message, Message):
        await query.answer(GONE)
        return
    chat = query.message.chat_id
    with services.metrics.answer_time.time():
        answer = answerer.answer(topic, await asker_of(services, chat, person), agency)
        question = await _record(services, answerer, chat, person, answerer.pack.topics[topic].ask, Via.BUTTON, answer)
        await _show(query, query.message, reply_to(answer, question, answerer))
    await query.answer()


async def _show(query: CallbackQuery, card: Message, reply: Reply) -> None:
    """Turn a card into its answer; below it if the card is gone."""
    if not await replace(query, reply):
        await answer_in(card, reply)


def addressed(message: Message, username: str, bot_id: int) -> str | None:
    """What a message asks the bot; None if it is talk among people in a group."""
    text = message.text or ""
    if message.chat.type == ChatType.PRIVATE:
        return text
    mention = f"@{username}".casefold()
    mentions = [found for found in message.parse_entities(["mention"]).values() if found.casefold() == mention]
    for found in mentions:
        text = text.replace(found, " ")
    replied = message.reply_to_message
    to_us = replied is not None and replied.from_user is not None and replied.from_user.id == bot_id
    return text.strip() if mentions or to_us else None


async def _topic_reply(message: Message, person: User, services: Services, topic: str, via: Via) -> Reply:
    answerer, chat = services.answerer, message.chat_id
    answer = answerer.answer(topic, await asker_of(services, chat, person))
    question = await _record(services, answerer, chat, person, answerer.pack.topics[topic].ask, via, answer)
    return reply_to(answer, question, answerer)


async def asker_of(services: Services, chat_id: int, person: User) -> Asker:
    """Who asks, when, and after what."""
    return await _asker(services, await services.askers.known(chat_id, person.id))


async def _asker(services: Services, known: Known) -> Asker:
    standing = await services.submissions.standing(known.agency) if known.agency else None
    return Asker(
        today=services.clock.today(),
        agency=known.agency,
        before=Turn(known.subject.topic, known.subject.agency) if known.subject else None,
        report_before=known.due_before,
        standing=_in_words(services, standing) if standing else None,
    )


async def _informed(services: Services, answerer: Answerer, known: Known, asker: Asker, answer: Answer) -> Answer:
    """The answer with what the records say of the agency it is about, where that is another than the asker's own."""
    agency = answer.agency
    if len(answer.topics) != 1 or agency is None or agency == asker.agency:
        return answer
    standing = await services.submissions.standing(agency) if known.may_see(agency) else None
    informed = replace_fields(
        asker,
        report_before=standing.due_before if standing else await services.deadlines.of(agency),
        standing=_in_words(services, standing) if standing else None,
    )
    about = answerer.answer(answer.topics[0], informed, agency)
    return replace_fields(answer, html=about.html)


def _in_words(services: Services, standing: Standing) -> SubmissionStanding:
    """How far an agency has come, in the words that people read."""
    today = services.clock.today()
    counted = due_of(standing.version) if standing.version and standing.state not in OWING else None
    if counted is None and standing.due_before and standing.state in OWING:
        counted = Deadline(standing.due_before, today)
    return SubmissionStanding(
        agency=agency_name(services, standing.agency),
        word=wording.STATES[standing.state][1],
        since=standing.step.at.astimezone(LOCAL).date() if standing.step else today,
        version=standing.version.version if standing.version else 0,
        late=counted.days_late if counted else 0,
    )


async def _record(
    services: Services, answerer: Answerer, chat_id: int, person: User, text: str, via: Via, answer: Answer
) -> int:
    outcome, topic = Outcome(answer.decision.value), answer.topic or _recognised(answer, answerer.pack)
    asked = Asked(person.id, text, via, outcome, topic, answer.agency, answer.score)
    question = await services.askers.record(chat_id, asked, _subject(answer))
    services.metrics.question(outcome, via)
    log.info("question", id=question, outcome=outcome, topic=topic, via=via)
    return question


def _recognised(answer: Answer, pack: Pack) -> str | None:
    """The topic of a question that is understood though it was not answered: its agency is open, or it is outside."""
    if answer.agencies_to_choose:
        return answer.choices[0]
    best = answer.ranked[0][0] if answer.ranked else None
    return best if best and answer.decision is Decision.DECLINE and pack.topics[best].kind is Kind.OUTSIDE else None


def _subject(answer: Answer) -> Subject | None:
    return Subject(answer.turn.topic, answer.turn.agency) if answer.turn else None
