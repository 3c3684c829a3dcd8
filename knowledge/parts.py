"""Two questions in one message: "hạn khi nào và nộp cho ai"."""

import re
from collections.abc import Iterable

from knowledge.vietnamese import Word

# What joins two questions. "với", "hay" and "còn" join things more often than questions and are left alone.
_JOINTS = re.compile(r"\s*(?:[,;?\n]+|\.\s|\s+(?:và|va|đồng thời|ngoài ra)\s+)\s*", re.IGNORECASE)

# Words that make a part a question, without accents.
_ASKING = frozenset("gi nao ai dau may bao sao khong chua ha khi".split())

# A part of fewer words is a greeting or a tail ("ạ", "anh chị ơi"); a long message tells a story and asks once.
FEWEST_WORDS, MOST_WORDS = 2, 30

# Where the message as a whole is understood this surely, both parts must be clearer than otherwise to be two questions.
ONE_QUESTION = 0.95


def two_parts(text: str) -> tuple[str, str] | None:
    """The two parts of a message that may be two questions; None where it can only be one."""
    if len(text.split()) > MOST_WORDS:
        return None
    found = [part for part in _JOINTS.split(text) if len(part.split()) >= FEWEST_WORDS]
    return (found[0], found[1]) if len(found) == 2 else None


def asks(words: Iterable[Word]) -> bool:
    """Whether a part asks something by itself."""
    return any(word.plain in _ASKING for word in words)
