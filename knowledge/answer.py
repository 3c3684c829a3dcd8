"""(question, who asks, when, what was said before) → an answer, a choice, or an honest "not known"."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from knowledge.agencies import Agency, Form, Standing
from knowledge.deadline import Deadline
from knowledge.followups import Turn
from knowledge.pack import Pack
from knowledge.sources import source_line
from knowledge.templates import Templates
from knowledge.topics import Kind, Topic
from knowledge.understanding import Understanding, Understood

MOST_CHOICES = 3

# By how much less sure the bot may be of a short question whose best topic is near the last one: what was said before
# is evidence too, and the models know nothing of it.
LENIENCE = 0.15

NOT_KNOWN = (
    "Trợ lý chưa có câu trả lời cho câu hỏi này. Anh/chị hỏi cách khác, hoặc bấm <b>Chuyển câu hỏi</b> để hỏi cán bộ "
    "điều phối."
)


class Decision(StrEnum):
    """How a question ends."""

    ANSWER = "answer"
    CHOOSE = "choose"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, when, and after what.

    Attributes:
        today: the day in the plan's province.
        agency: the asker's own agency, if they are linked to one.
        before: what this chat was about just now, if anything.
        report_before: the day before which their report is due, where it differs from the plan's.
    """

    today: date
    agency: str | None = None
    before: Turn | None = None
    report_before: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a question.

    Attributes:
        decision: answered, asked back or declined.
        topic: what was answered; None otherwise.
        score: the probability that the best topic is the right one, 0 to 1.
        choices: ids of the topics offered, best first.
        ranked: the best topics with their share of belief, whatever the decision.
        agency: the agency that the answer is about.
        agencies_to_choose: agencies that the asker may mean, where one must be named first.
        html: the text as Telegram HTML, with its source line, without buttons.
        may_pass_on: whether to offer passing the question on to a person.
    """

    decision: Decision
    topic: str | None
    score: float
    choices: tuple[str, ...]
    ranked: tuple[tuple[str, float], ...]
    agency: str | None
    agencies_to_choose: tuple[str, ...]
    html: str
    may_pass_on: bool

    @property
    def turn(self) -> Turn | None:
        """What the next question of this chat may refer to."""
        topic = self.topic or next(iter(self.choices), None)
        return Turn(topic, self.agency) if topic else None


class Answerer:
    """Answers questions from one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.understanding = Understanding(pack)
        self._templates = Templates()

    def ask(self, text: str, asker: Asker) -> Answer:
        """Answer a question as typed."""
        understood = self.understanding.understand(text, asker.before)
        found, calibration = understood.found, self.pack.calibration
        ranked = tuple((entry.topic, entry.share) for entry in found.ranked[:5])
        if understood.continues:
            return replace(self._answered(understood.continues, understood, asker), ranked=ranked)
        right = calibration.right.probability(found.evidence)
        inside = [entry.topic for entry in found.inside]
        unclear = next((named for named in understood.agencies if len(named) > 1), None)
        about_one = next((topic for topic in inside[:MOST_CHOICES] if self._is_slot(topic)), None)
        if unclear and about_one and not found.outside_leads:
            return replace(self._which_agency(about_one, unclear), score=right, ranked=ranked)
        lenience = LENIENCE if understood.leans else 0.0
        if right >= calibration.thresholds.answer - lenience and not found.outside_leads:
            answer = self._answered(inside[0], understood, asker)
        elif inside and calibration.near.probability(found.evidence) >= calibration.thresholds.choose - lenience:
            answer = self._offered(inside[:MOST_CHOICES], understood)
        else:
            answer = self._declined(understood, asker)
        return replace(answer, score=right, ranked=ranked)

    def answer(self, topic_id: str, asker: Asker, agency: str | None = None) -> Answer:
        """Answer a topic that was chosen by a button, about `agency` or else the asker's own."""
        topic = self.pack.topics[topic_id]
        agency = agency or asker.agency
        html = self._render(topic, asker, agency)
        unsettled = topic.kind is Kind.SLOT and agency is None
        return Answer(
            decision=Decision.ANSWER,
            topic=topic.id,
            score=1.0,
            choices=(),
            ranked=((topic.id, 1.0),),
            agency=agency if topic.kind in (Kind.SLOT, Kind.LIVE) else None,
            agencies_to_choose=tuple(entry.id for entry in self.pack.agencies.listed) if unsettled else (),
            html=html,
            may_pass_on=topic.may_pass_on,
        )

    def related(self, topic_id: str) -> list[Topic]:
        """The topics that the reader of this one is likely to ask next."""
        known = (self.pack.topics.get(name) for name in self.pack.topics[topic_id].related)
        return [topic for topic in known if topic is not None]

    def _answered(self, topic_id: str, understood: Understood, asker: Asker) -> Answer:
        named = understood.agencies[0] if understood.agencies else ()
        agency = named[0] if len(named) == 1 else self._spoken_of(understood, asker)
        answer = self.answer(topic_id, asker, agency)
        return answer if answer.agency or agency is None else replace(answer, agency=agency)

    def _spoken_of(self, understood: Understood, asker: Asker) -> str | None:
        """The agency that the chat was about, if the question goes on about it rather than about the asker's own."""
        if asker.before is None or (asker.agency and not understood.points_back):
            return None
        return asker.before.agency

    def _is_slot(self, topic_id: str) -> bool:
        return self.pack.topics[topic_id].kind is Kind.SLOT

    def _which_agency(self, topic_id: str, candidates: tuple[str, ...]) -> Answer:
        names = " hay ".join(self.pack.agencies.everyone[agency].name for agency in candidates)
        html = self._templates.render("Anh/chị hỏi về cơ quan nào: {{ names }}?", {"names": names})
        return Answer(Decision.CHOOSE, None, 0.0, (topic_id,), (), None, candidates, html, may_pass_on=False)

    def _offered(self, topics: list[str], understood: Understood) -> Answer:
        named = understood.agencies[0] if understood.agencies else ()
        asks = "\n".join(f"• {self.pack.topics[topic].ask}" for topic in topics)
        html = self._templates.render("Có phải anh/chị muốn hỏi:\n{{ asks }}", {"asks": asks})
        agency = named[0] if len(named) == 1 else None
        return Answer(Decision.CHOOSE, None, 0.0, tuple(topics), (), agency, (), html, may_pass_on=True)

    def _declined(self, understood: Understood, asker: Asker) -> Answer:
        best = understood.found.ranked[0].topic if understood.found.ranked else None
        if best and self.pack.topics[best].kind is Kind.OUTSIDE and understood.words:
            html = self._render(self.pack.topics[best], asker, None)
        else:
            html = NOT_KNOWN
        return Answer(Decision.DECLINE, None, 0.0, (), (), None, (), html, may_pass_on=True)

    def _render(self, topic: Topic, asker: Asker, agency_id: str | None) -> str:
        agency = self.pack.agencies.everyone.get(agency_id) if agency_id else None
        body = self._templates.render(topic.answer, self._values(asker, agency))
        line = source_line(topic.sources, self.pack.plan, topic.updated)
        return f"{body}\n\n<i>{self._templates.render('{{ line }}', {'line': line})}</i>" if line else body

    def _values(self, asker: Asker, agency: Agency | None) -> Mapping[str, Any]:
        return template_values(self.pack, asker, agency)


def template_values(pack: Pack, asker: Asker, agency: Agency | None) -> Mapping[str, Any]:
    """What an answer may use; see docs/knowledge.md."""
    values: dict[str, Any] = {"today": asker.today}
    if pack.plan:
        before = asker.report_before or pack.plan.report.before.value
        values |= {
            "plan": pack.values,
            "deadline": Deadline(before, asker.today),
            "agency": agency,
            "mine": agency is not None and agency.id == asker.agency,
            "agencies": {
                "onsite": pack.agencies.of_form(Form.ONSITE),
                "dossier_inferred": pack.agencies.of_form(Form.DOSSIER, Standing.INFERRED),
            },
        }
    return values
