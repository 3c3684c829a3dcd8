"""A pack made ready to understand questions: its reader, its agencies, its search."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from knowledge.followups import Turn, favoured, is_bare, points_back
from knowledge.pack import Pack
from knowledge.recognition import ELSEWHERE, Mention, Recogniser, mark
from knowledge.search import Found, Search
from knowledge.topics import Kind
from knowledge.vietnamese import Reader, Reading, Word, load_slang

# Words before the lead's name that make it a place things go to or come from, not what is asked about.
_TOWARDS = frozenset("cho ve len gui toi den voi cua qua ra o tai ben".split())

_CLAUSE = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}")

# An ambiguous short form is read as one word that no text contains.
_AMBIGUOUS = "ambiguous{}"


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as understood.

    Attributes:
        words: what was said, with a mark after each agency.
        agencies: the agencies named, in order; each with the ones it could mean.
        clauses: the numbers of clauses named ("8.5.3").
        found: the topics it may mean.
        continues: the last topic, where the question says nothing of its own but an agency's name.
        leans: whether what was said before speaks for the best topic.
        points_back: whether it speaks of an agency named before ("họ", "nơi đó").
    """

    words: tuple[Word, ...]
    agencies: tuple[tuple[str, ...], ...]
    clauses: tuple[str, ...]
    found: Found
    continues: str | None
    leans: bool
    points_back: bool


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Let the garbage collector rest: what is made of a pack stays, and looking through it takes a tenth more time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class Understanding:
    """Understands questions with the words, agencies and phrasings of a pack."""

    @_collector_at_rest()
    def __init__(self, pack: Pack) -> None:
        ambiguous = {_AMBIGUOUS.format(number): ids for number, ids in enumerate(pack.words.ambiguous.values())}
        self._reader = Reader(
            # Of one form spelled in several places the first counts.
            {form: [name] for form, name in zip(pack.words.ambiguous, ambiguous, strict=True)}
            | pack.agencies.short_forms()
            | {form: list(meanings) for form, meanings in pack.words.abbreviations.items()}
            | {other: [first] for first, *others in pack.words.synonyms for other in others}
            | load_slang()
        )
        self._topics = pack.topics
        # The lead is named in many questions that are not about it as an inspected agency.
        self._unmarked = frozenset(agency.id for agency in pack.agencies.everyone.values() if agency.is_lead)
        readings = {
            topic.id: [self._reader.read(text) for text in dict.fromkeys((topic.ask, *topic.phrasings))]
            for topic in pack.topics.values()
        }
        self._first_words = {
            agency.id: self._reader.read(agency.name).words[0] for agency in pack.agencies.everyone.values()
        }
        self._recogniser = Recogniser(pack.agencies, self._reader, ambiguous, pack.words.elsewhere)
        self._reader.learn(reading for group in readings.values() for reading in group)
        self._reader.learn(self._reader.read(agency.name) for agency in pack.agencies.everyone.values())
        self._search = Search(
            {topic: [self._marked(reading)[0] for reading in group] for topic, group in readings.items()},
            frozenset(topic.id for topic in pack.topics.values() if topic.kind is Kind.OUTSIDE),
        )

    def understand(self, text: str, before: Turn | None = None) -> Understood:
        """Read a question and look for the topics it may mean.

        Args:
            text: as typed.
            before: what the chat was about just now.
        """
        reading = self._reader.read(text)
        words, mentions = self._marked(reading)
        named = [mention for mention in mentions if self._is_asked_about(mention, reading)]
        spoken = frozenset(word.plain for mention in named for word in reading.words[mention.start : mention.end])
        continues = before is not None and before.topic in self._topics and bool(named) and is_bare(words, spoken)
        near = favoured(before, self._topics, len(words))
        found = self._search.find(reading, words, near)
        return Understood(
            words=words,
            agencies=tuple(mention.agencies for mention in named),
            clauses=tuple(word.plain for word in words if _CLAUSE.fullmatch(word.plain)),
            found=found,
            continues=before.topic if before and continues else None,
            leans=bool(found.inside) and found.inside[0].topic in near,
            points_back=points_back(reading.words),
        )

    def words(self, text: str) -> tuple[Word, ...]:
        """What was said, with a mark after each agency."""
        return self._marked(self._reader.read(text))[0]

    def agencies(self, text: str) -> tuple[str, ...]:
        """The agencies that a text can mean: one where it names one, several where that is not clear."""
        mentions = self._recogniser.find(self._reader.read(text))
        named = [mention.agencies for mention in mentions if mention.agencies != ELSEWHERE]
        return named[0] if named else ()

    def rarity(self, word: Word) -> float:
        """How much a word tells of what a question means."""
        return self._search.rarity(word.plain)

    def _is_asked_about(self, mention: Mention, reading: Reading) -> bool:
        """Whether a mention says which agency a question is about; the lead may just be where things are sent."""
        if mention.agencies == ELSEWHERE:
            return False
        before = reading.words[mention.start - 1].plain if mention.start else ""
        return self._unmarked.isdisjoint(mention.agencies) or len(mention.agencies) > 1 or before not in _TOWARDS

    def _marked(self, reading: Reading) -> tuple[tuple[Word, ...], list[Mention]]:
        mentions = self._recogniser.find(reading)
        if not mentions:
            return reading.words, []
        words = list(reading.words)
        for mention in mentions:
            if len(mention.agencies) > 1:
                # No phrasing contains a short form of several meanings; "sở" or "UBND" is what they share.
                words[mention.start] = self._first_words[mention.agencies[0]]
        return mark(words, mentions, self._unmarked), mentions
