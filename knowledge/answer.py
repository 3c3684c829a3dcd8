"""(question, who asks, when, what was said before) → an answer, a choice, or an honest "not known"."""

from collections.abc import Iterable
from dataclasses import replace

from knowledge.followups import Turn
from knowledge.markup import parse
from knowledge.outcome import Answer, Asker, Decision
from knowledge.pack import Pack
from knowledge.parts import ONE_QUESTION, asks, two_parts
from knowledge.rendering import Renderer
from knowledge.topics import Kind, Topic
from knowledge.understanding import Understanding, Understood

__all__ = ["Answer", "Answerer", "Asker", "Decision"]

MOST_CHOICES = 3

# Telegram's limit, in UTF-16 code units.
LONGEST_MESSAGE = 4096

# By how much less sure the bot may be of a short question whose best topic is near the last one: what was said before
# is evidence too, and the models know nothing of it.
LENIENCE = 0.15

NOT_KNOWN = (
    "Trợ lý chưa có câu trả lời cho câu hỏi này. Anh/chị hỏi cách khác, hoặc bấm <b>Chuyển câu hỏi</b> để hỏi cán bộ "
    "điều phối."
)


class Answerer:
    """Answers questions from one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.understanding = Understanding(pack)
        self._renderer = Renderer(pack)

    def ask(self, text: str, asker: Asker) -> Answer:
        """Answer a question as typed."""
        understood = self.understanding.understand(text, asker.before)
        found, calibration = understood.found, self.pack.calibration
        ranked = tuple((entry.topic, entry.share) for entry in found.ranked[:5])
        right = self._right(understood)
        inside = [entry.topic for entry in found.inside]
        unclear = next((named for named in understood.agencies if len(named) > 1), None)
        likely = [understood.continues] if understood.continues else inside[:MOST_CHOICES]
        about_one = next((topic for topic in likely if self._is_slot(topic)), None)
        if unclear and about_one and (understood.continues or not found.outside_leads):
            return replace(self._which_agency(about_one, unclear), score=right, ranked=ranked)
        if understood.continues:
            return replace(self._answered(understood.continues, understood, asker), ranked=ranked)
        if both := self._two_in_one(text, asker, stricter=right >= ONE_QUESTION):
            return replace(both, score=right, ranked=ranked)
        lenience = LENIENCE if understood.leans else 0.0
        if self._is_clear(understood):
            answer = self._answered(inside[0], understood, asker)
        elif inside and calibration.near.probability(found.evidence) >= calibration.thresholds.choose - lenience:
            answer = self._offered(inside[:MOST_CHOICES], understood)
        else:
            answer = self._declined(understood, asker)
        return replace(answer, score=right, ranked=ranked)

    def answer(self, topic_id: str, asker: Asker, agency: str | None = None, clauses: Iterable[str] = ()) -> Answer:
        """Answer a topic.

        Args:
            topic_id: which.
            asker: who asks, and when.
            agency: the agency it is about; None: the asker's own.
            clauses: the numbers of clauses that the question named.
        """
        topic = self.pack.topics[topic_id]
        agency = agency or asker.agency
        html = self._renderer.topic(topic, asker, agency, clauses)
        unsettled = topic.kind is Kind.SLOT and agency is None
        return Answer(
            decision=Decision.ANSWER,
            topic=topic.id,
            topics=(topic.id,),
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
        answer = self.answer(topic_id, asker, agency, understood.clauses)
        return answer if answer.agency or agency is None else replace(answer, agency=agency)

    def _two_in_one(self, text: str, asker: Asker, *, stricter: bool) -> Answer | None:
        """The answers to two questions in one message; None where it is one question, or either part is unclear."""
        halves = two_parts(text)
        # Reading is cheap beside searching.
        if halves is None or not all(asks(self.understanding.words(half)) for half in halves):
            return None
        first, second = (self.understanding.understand(half, asker.before) for half in halves)
        if not self._is_clear(second) and self._is_clear(first):
            second = self.understanding.understand(halves[1], Turn(first.found.inside[0].topic))
        elif not self._is_clear(first) and self._is_clear(second):
            first = self.understanding.understand(halves[0], Turn(second.found.inside[0].topic))
        if not (self._is_clear(first) and self._is_clear(second)):
            return None
        if stricter and min(map(self._right, (first, second))) < ONE_QUESTION:
            return None
        topics = (first.found.inside[0].topic, second.found.inside[0].topic)
        kinds = {self.pack.topics[topic].kind for topic in topics}
        if topics[0] == topics[1] or Kind.CHAT in kinds:
            return None
        one, other = self._answered(topics[0], first, asker), self._answered(topics[1], second, asker)
        html = f"{one.html}\n\n{other.html}"
        if parse(html).length > LONGEST_MESSAGE:
            return None
        return replace(one, topics=topics, html=html, may_pass_on=one.may_pass_on or other.may_pass_on)

    def _is_clear(self, understood: Understood) -> bool:
        sure = self.pack.calibration.thresholds.answer - (LENIENCE if understood.leans else 0.0)
        return not understood.found.outside_leads and self._right(understood) >= sure

    def _right(self, understood: Understood) -> float:
        return self.pack.calibration.right.probability(understood.found.evidence)

    def _spoken_of(self, understood: Understood, asker: Asker) -> str | None:
        """The agency that the chat was about, if the question goes on about it rather than about the asker's own."""
        if asker.before is None or (asker.agency and not understood.points_back):
            return None
        return asker.before.agency

    def _is_slot(self, topic_id: str) -> bool:
        return self.pack.topics[topic_id].kind is Kind.SLOT

    def _which_agency(self, topic_id: str, candidates: tuple[str, ...]) -> Answer:
        names = " hay ".join(self.pack.agencies.everyone[agency].name for agency in candidates)
        html = self._renderer.text("Anh/chị hỏi về cơ quan nào: {{ names }}?", names=names)
        return Answer(Decision.CHOOSE, None, (), 0.0, (topic_id,), (), None, candidates, html, may_pass_on=False)

    def _offered(self, topics: list[str], understood: Understood) -> Answer:
        named = understood.agencies[0] if understood.agencies else ()
        asks = "\n".join(f"• {self.pack.topics[topic].ask}" for topic in topics)
        html = self._renderer.text("Có phải anh/chị muốn hỏi:\n{{ asks }}", asks=asks)
        agency = named[0] if len(named) == 1 else None
        return Answer(Decision.CHOOSE, None, (), 0.0, tuple(topics), (), agency, (), html, may_pass_on=True)

    def _declined(self, understood: Understood, asker: Asker) -> Answer:
        best = understood.found.ranked[0].topic if understood.found.ranked else None
        if best and self.pack.topics[best].kind is Kind.OUTSIDE and understood.words:
            html = self._renderer.topic(self.pack.topics[best], asker, None)
        else:
            html = NOT_KNOWN
        return Answer(Decision.DECLINE, None, (), 0.0, (), (), None, (), html, may_pass_on=True)
