"""Questions that only make sense with what was said before: "thế còn huyện Bù Đăng?", "ai ký?"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.recognition import AGENCY_MARK
from knowledge.topics import Topic
from knowledge.vietnamese import Word

# By how much a topic near the last one is favoured, in standard deviations of the search's scores.
RELATED, SAME_GROUP = 5.0, 4.0

# A question of this many words or more stands on its own.
SELF_CONTAINED = 12

# Words of a follow-up that carry no subject of their own, without accents.
_LINKS = frozenset(
    "the con vay thi sao neu a da ha ne nhe nha roi em anh chi toi minh ben bot oi voi cho hoi nua cung nhu nao "
    "khong phai do nay kia la luon thoi giup gi ro".split()
)

# Words that point back to what was named before, with accents as they are read: họ, đó, đấy, ấy, kia.
_POINTING = frozenset({"ho5", "đo1", "đây1", "ây1", "kia"})
_POINTING_PLAIN = frozenset({"ho", "do", "day", "ay", "kia"})


@dataclass(frozen=True, slots=True)
class Turn:
    """What the last answer of a chat was about."""

    topic: str
    agency: str | None = None


def favoured(before: Turn | None, topics: Mapping[str, Topic], word_count: int) -> dict[str, float]:
    """The topics that a question after `before` is likely to mean, and by how much they are favoured.

    A short question leans on what was said; a long one stands on its own.
    """
    last = topics.get(before.topic) if before else None
    if last is None or word_count >= SELF_CONTAINED:
        return {}
    fading = 1 - word_count / SELF_CONTAINED
    group = _group(last.id)
    near = {topic: SAME_GROUP for topic in topics if _group(topic) == group}
    near |= dict.fromkeys(last.related, RELATED)
    return {topic: fading * bonus for topic, bonus in near.items()}


def is_bare(words: Iterable[Word], agency_words: frozenset[str]) -> bool:
    """Whether a question says no more than the name of an agency: "thế còn huyện Bù Đăng?"."""
    return all(word is AGENCY_MARK or word.plain in _LINKS or word.plain in agency_words for word in words)


def points_back(words: Iterable[Word]) -> bool:
    """Whether a question points at something named before ("họ", "nơi đó")."""
    return any(word.accented in _POINTING or (not word.sure and word.plain in _POINTING_PLAIN) for word in words)


def _group(topic: str) -> str:
    return topic.partition(".")[0]
