"""`isobot ask`: one answer on the terminal, or a stream of them; no Telegram, no database."""

import json
import sys
import time
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import click
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.cli import options
from bot.clock import LOCAL, Clock
from bot.settings import load as load_settings
from knowledge.answer import Answer, Answerer, Asker
from knowledge.followups import Turn
from knowledge.markup import plain
from knowledge.pack import load as load_pack

# A stream may hold more conversations than memory; the oldest are forgotten.
_MOST_CHATS = 10_000


class Question(BaseModel):
    """One line of the stream."""

    model_config = ConfigDict(extra="ignore")

    text: str
    agency: str | None = None
    at: datetime | date | None = None
    chat: str | None = None


@click.command("ask")
@click.argument("text", required=False)
@click.option("--agency", metavar="MÃ", help="Cơ quan của người hỏi, ví dụ so-xay-dung.")
@click.option("--at", type=options.Moment(), help="Hỏi vào ngày nào, ví dụ 2021-11-08.")
@options.pack
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.option("--jsonl", is_flag=True, help="Đọc mỗi dòng một câu hỏi JSON từ đầu vào chuẩn, in mỗi dòng một kết quả.")
def command(
    text: str | None, agency: str | None, at: datetime | None, pack: str | None, as_json: bool, jsonl: bool
) -> None:
    """Trả lời một câu hỏi ngay trên màn hình."""
    if jsonl == (text is not None):
        raise click.UsageError("Đưa một câu hỏi, hoặc dùng --jsonl để đọc nhiều câu hỏi từ đầu vào chuẩn.")
    settings = load_settings()
    answerer = Answerer(load_pack(pack or settings.pack))
    stream = Stream(answerer, Clock(settings.at))
    if jsonl:
        for line in stream.answers(sys.stdin.buffer):
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    result = stream.answer(Question(text=text or "", agency=agency, at=at))
    if "error" in result:
        raise click.ClickException(result["error"])
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else result["answer"])


class Stream:
    """Answers questions one after another; those of one chat are a conversation."""

    def __init__(self, answerer: Answerer, clock: Clock | None = None) -> None:
        self._answerer = answerer
        self._clock = clock or Clock()
        self._chats: OrderedDict[str, Turn] = OrderedDict()

    def answers(self, lines: BinaryIO) -> Iterator[dict[str, Any]]:
        """A result for each line; an object with `error` for a line that cannot be read."""
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                question = Question.model_validate_json(line, strict=True)
            except ValidationError as error:
                detail = error.errors()[0]
                where = ".".join(map(str, detail["loc"])) or "dòng"
                yield {"error": f"Dòng {number} không đọc được ({where}: {detail['msg']}).", "line": number}
                continue
            result = self.answer(question)
            yield result | {"line": number} if "error" in result else result

    def answer(self, question: Question) -> dict[str, Any]:
        """The result for one question, in the promised form."""
        known = self._answerer.pack.agencies.everyone
        if question.agency and question.agency not in known:
            return {"error": f"Không có cơ quan “{question.agency}”; dùng một mã trong agencies.yaml."}
        today = _day(question.at) or self._clock.today()
        before = self._chats.get(question.chat) if question.chat else None
        started = time.perf_counter()
        answer = self._answerer.ask(question.text, Asker(today, question.agency, before))
        spent = time.perf_counter() - started
        if question.chat and answer.turn:
            self._chats[question.chat] = answer.turn
            self._chats.move_to_end(question.chat)
            if len(self._chats) > _MOST_CHATS:
                self._chats.popitem(last=False)
        return as_promised(answer, spent)


def _day(at: datetime | date | None) -> date | None:
    """The day of a moment in Vietnam; a moment without a time zone is local."""
    if not isinstance(at, datetime):
        return at
    return (at.astimezone(LOCAL) if at.tzinfo else at).date()


def as_promised(answer: Answer, seconds: float) -> dict[str, Any]:
    """An answer in the form that other people's scripts read."""
    return {
        "decision": answer.decision.value,
        "topic": answer.topic,
        "topics": list(answer.topics),
        "score": round(answer.score, 4),
        "choices": list(answer.choices),
        "ranked": [[topic, round(share, 4)] for topic, share in answer.ranked],
        "agency": answer.agency,
        "answer": plain(answer.html),
        "ms": round(seconds * 1000, 2),
    }
