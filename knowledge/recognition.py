"""Recognising agencies in a question, however they are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.agencies import Agencies
from knowledge.syllables import folded
from knowledge.tokens import normalise, tokens
from knowledge.vietnamese import Reader, Reading, Word

# Stand in a reading after an agency or another province, so that all of them look alike to the search.
AGENCY_MARK = Word("@agency", "@agency", sure=True)
ELSEWHERE_MARK = Word("@elsewhere", "@elsewhere", sure=True)

# What a mention of another province stands for.
ELSEWHERE = ("@elsewhere",)

# What a district's name is preceded by when it is written in full; the reader has already spelled out TP., TX., H.
_DISTRICT_PREFIXES = ("ubnd huyện", "ubnd thị xã", "ubnd thành phố")
_LOOSE_PREFIXES = ("huyện", "thị xã", "thành phố", "ubnd", "h")
_COMMUNE_PREFIXES = ("ubnd xã", "ubnd phường", "ubnd thị trấn", "ubnd đặc khu")
_LOOSE_COMMUNE_PREFIXES = ("xã", "phường", "thị trấn", "ubnd")

# A misspelt name must be at least this like the real one, 0 to 1 (share of letters that stand as they should).
LIKE_ENOUGH = 0.86
_LONG_ENOUGH = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """An agency (or another province) named in a reading.

    Attributes:
        start: its first word.
        end: the word after its last.
        agencies: which it can mean: more than one where the short form is ambiguous; `ELSEWHERE` if a province.
    """

    start: int
    end: int
    agencies: tuple[str, ...]


class Recogniser:
    """Finds agencies in a reading: full and short names, ambiguous short forms, misspelt and glued names.

    Args:
        agencies: those to recognise.
        reader: reads their names the way it reads questions.
        ambiguous: short form → ids of the agencies it could mean.
        elsewhere: names of other provinces.
    """

    def __init__(
        self,
        agencies: Agencies,
        reader: Reader,
        ambiguous: Mapping[str, Sequence[str]],
        elsewhere: Iterable[str] = (),
    ) -> None:
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._elsewhere = {_accented(words): words for words in (reader.read(name).words for name in elsewhere)}
        self._names |= {_plain(words): ELSEWHERE for words in self._elsewhere.values()}
        for agency in agencies.everyone.values():
            for name in ways_to_write(agency.name):
                self._names[_plain_tokens(name)] = (agency.id,)
        for form, ids in ambiguous.items():
            self._names[_plain(reader.read(form).words)] = tuple(ids)
        self._longest = max(map(len, self._names), default=0)
        # How long the names are that begin with a word, the longest first: most words begin no name at all.
        self._lengths: dict[str, list[int]] = {}
        for length, first in sorted({(len(name), name[0]) for name in self._names}, reverse=True):
            self._lengths.setdefault(first, []).append(length)
        self._glued = {
            "".join(name): ids
            for name, ids in self._names.items()
            if ids is not ELSEWHERE and len("".join(name)) >= _LONG_ENOUGH
        }
        self._widths = sorted({len(name) for name in self._names if len(name) > 1})

    def find(self, reading: Reading) -> list[Mention]:
        """The agencies named, in order of appearance, none overlapping."""
        plain = _plain(reading.words)
        if not reading.unknown and self._lengths.keys().isdisjoint(plain):
            return []
        slips = [number for number, word in enumerate(reading.words) if not word.known] if reading.unknown else []
        mentions: list[Mention] = []
        past = 0
        for position, word in enumerate(plain):
            if position < past:
                continue
            mention = self._exact(reading, plain, position) if word in self._lengths else None
            if mention is None and slips and any(position <= slip < position + self._longest for slip in slips):
                mention = self._misspelt(reading.words, plain, position)
            if mention:
                mentions.append(mention)
                past = mention.end
        return mentions

    def _exact(self, reading: Reading, plain: tuple[str, ...], start: int) -> Mention | None:
        for length in self._lengths[plain[start]]:
            end = min(start + length, len(plain))
            ids = self._names.get(plain[start:end])
            if ids and (ids is not ELSEWHERE or self._is_elsewhere(reading, start, end)):
                return Mention(start, end, ids)
        return None

    def _is_elsewhere(self, reading: Reading, start: int, end: int) -> bool:
        """Among people who type accents "hai phòng" is two rooms, not the city of Hải Phòng."""
        return not reading.accented_share or _accented(reading.words[start:end]) in self._elsewhere

    def _misspelt(self, words: tuple[Word, ...], plain: tuple[str, ...], start: int) -> Mention | None:
        """A name with a slip of the finger or without its spaces; tried only where a word is not known as it stands."""
        for width in (*reversed(self._widths), 1):
            window = words[start : start + width]
            if len(window) < width or all(word.known for word in window):
                continue
            glued = "".join(plain[start : start + width])
            if len(glued) < _LONG_ENOUGH:
                continue
            best = process.extractOne(
                glued, self._glued.keys(), scorer=OSA.normalized_similarity, processor=None, score_cutoff=LIKE_ENOUGH
            )
            if best:
                return Mention(start, start + width, self._glued[best[0]])
        return None


def mark(
    words: Sequence[Word], mentions: Iterable[Mention], unmarked: frozenset[str] = frozenset()
) -> tuple[Word, ...]:
    """The words with a mark after each named agency or other province, but for those in `unmarked`.

    The mark lets a question about one agency find phrasings about another; the name stays, since some topics are about
    that very agency.
    """
    marked: list[Word] = []
    position = 0
    for mention in mentions:
        marked += words[position : mention.end]
        position = mention.end
        if mention.agencies == ELSEWHERE:
            marked.append(ELSEWHERE_MARK)
        elif unmarked.isdisjoint(mention.agencies):
            marked.append(AGENCY_MARK)
    return (*marked, *words[position:])


def ways_to_write(name: str) -> list[str]:
    """A full name as people also write it out: without its "và", a district without or with another word before it."""
    ways = [name, name.replace(" và ", " ")]
    for prefixes, loose in ((_DISTRICT_PREFIXES, _LOOSE_PREFIXES), (_COMMUNE_PREFIXES, _LOOSE_COMMUNE_PREFIXES)):
        for prefix in prefixes:
            if name.casefold().startswith(prefix):
                core = name[len(prefix) :].strip()
                ways += [core, *(f"{before} {core}" for before in loose)]
    return ways


def _plain_tokens(name: str) -> tuple[str, ...]:
    return tuple(map(folded, tokens(normalise(name))))


def _accented(words: Iterable[Word]) -> tuple[str, ...]:
    return tuple(word.accented for word in words)


def _plain(words: Iterable[Word]) -> tuple[str, ...]:
    return tuple([word.plain for word in words])
