"""An answer as a message: its text and its buttons."""

from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.buttons import Code, button, two_a_row
from knowledge.answer import Answer, Answerer, Decision
from knowledge.topics import Kind

PASS_ON = "Chuyển câu hỏi"
GONE = "Tin này đã cũ. Anh/chị gõ lại câu hỏi hoặc /chude giúp."
ALL_TOPICS = "Các chủ đề"

MOST_RELATED = 3

# The topic under which the matrix of clauses can be opened, where the pack has one.
MATRIX_TOPIC = "transition.matrix"

# The topic under which a confirmation can be begun.
CONFIRM_TOPIC = "confirm.start"

# Telegram takes a hundred buttons under a message; whose agency is not among them types its name.
_MOST_AGENCIES = 90

# Telegram shows about this much of a label on a phone.
_LONGEST_LABEL = 60


class Reply(NamedTuple):
    """A message to send."""

    html: str
    markup: InlineKeyboardMarkup | None


def reply_to(answer: Answer, question: int, answerer: Answerer) -> Reply:
    """The message for an answer.

    Args:
        answer: what was found.
        question: the number of the recorded question, which the buttons refer to.
        answerer: knows the topics' names.
    """
    match answer.decision:
        case Decision.ANSWER:
            rows = _under_answer(answer, question, answerer)
        case Decision.CHOOSE if answer.agencies_to_choose:
            rows = two_a_row(_agencies(answer.choices[0], answer, answerer))
        case Decision.CHOOSE:
            topics = answerer.pack.topics
            rows = [[button(label(topics[topic].ask), Code.PICK, question, topic)] for topic in answer.choices]
            rows.append([button(PASS_ON, Code.PASS_ON, question)])
        case _:
            rows = [[button(PASS_ON, Code.PASS_ON, question), button(ALL_TOPICS, Code.MENU)]]
    return Reply(answer.html, InlineKeyboardMarkup(rows) if rows else None)


def _under_answer(answer: Answer, question: int, answerer: Answerer) -> list[list[InlineKeyboardButton]]:
    if answer.topic is None:
        return []
    if answer.agencies_to_choose:
        return two_a_row(_agencies(answer.topic, answer, answerer))
    rows = two_a_row(_files(answer, answerer))
    if CONFIRM_TOPIC in answer.topics:
        rows.append([button("Xác nhận nộp báo cáo", Code.BEGIN)])
    if answer.may_pass_on:
        rows.append([button(PASS_ON, Code.PASS_ON, question)])
    if MATRIX_TOPIC in answer.topics and answerer.pack.matrix:
        rows.append([button("Xem cả bảng", Code.TABLE)])
    related = {
        topic.id: topic for one in answer.topics for topic in answerer.related(one) if topic.id not in answer.topics
    }
    rows += [[button(label(topic.ask), Code.TOPIC, topic.id)] for topic in list(related.values())[:MOST_RELATED]]
    if answerer.pack.topics[answer.topic].kind is not Kind.CHAT:
        rows.append([button("Hữu ích", Code.HELPFUL, question), button("Chưa đúng", Code.WRONG, question)])
    return rows


def _agencies(topic: str, answer: Answer, answerer: Answerer) -> list[InlineKeyboardButton]:
    names = answerer.pack.agencies.everyone
    shown = answer.agencies_to_choose[:_MOST_AGENCIES]
    return [button(label(names[agency].name), Code.AGENCY, topic, agency) for agency in shown]


def _files(answer: Answer, answerer: Answerer) -> list[InlineKeyboardButton]:
    """Buttons for the files that go with what was answered, each file once."""
    handouts = answerer.pack.handouts
    names = dict.fromkeys(answerer.pack.topics[topic].file for topic in answer.topics)
    return [button(handouts[name].button, Code.FILE, name) for name in names if name in handouts]


def label(text: str) -> str:
    """A text as it fits on a button."""
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
