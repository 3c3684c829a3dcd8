"""Questions that only make sense with what was said before: "thế còn huyện Bù Đăng?", "ai ký?"."""

from dataclasses import dataclass, replace

from knowledge.pack import Pack
from knowledge.search import Evidence, Found, Ranked
from knowledge.topics import Kind
from knowledge.understanding import Understood

# Words of a follow-up that carry no subject of their own, without accents.
_LINKS = frozenset(
    "the con vay thi sao con neu a da ah ha ne nhe nha roi em anh chi toi minh ben cua bot oi gi voi cho hoi "
    "nua cung va nhu nao a thì de xem khong co phai do day nay ay kia ho no o la".split()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the last answer of a chat was about."""

    topic: str
    agency: str | None = None


def continued(understood: Understood, before: Turn | None, pack: Pack) -> Understood:
    """The question read as going on from `before`, where it has no subject of its own; else as it stands."""
    if before is None or before.topic not in pack.topics:
        return understood
    return understood
