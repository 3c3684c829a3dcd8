"""What goes into answering a question, and what comes out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.followups import Turn


class Decision(StrEnum):
    """How a question ends."""

    ANSWER = "answer"
    CHOOSE = "choose"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class SubmissionStanding:
    """How far an agency has come with its report, in the words that people read.

    Attributes:
        agency: its name.
        word: its state: "đã xác nhận", "trả lại, chờ bổ sung", …
        since: the day on which it came to that.
        version: what was confirmed last; 0 if nothing was.
        late: by how many days the report is or was late; 0 if it is in time.
    """

    agency: str
    word: str
    since: date
    version: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, when, and after what.

    Attributes:
        today: the day in the plan's province.
        agency: the asker's own agency, if they are linked to one.
        before: what this chat was about just now, if anything.
        report_before: the day before which their report is due, where it differs from the plan's.
        standing: how far their agency has come with its report, if that is known and theirs to see.
    """

    today: date
    agency: str | None = None
    before: Turn | None = None
    report_before: date | None = None
    standing: SubmissionStanding | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a question.

    Attributes:
        decision: answered, asked back or declined.
        topic: what was answered; None otherwise.
        topics: the same; two of them where the message held two questions.
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
    topics: tuple[str, ...]
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
