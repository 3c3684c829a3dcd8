"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How bad it is."""

    SOUND = "ok"
    WARNING = "warning"  # it works, and somebody should look at it
    FAULT = "fault"
    UNKNOWN = "unknown"  # it could not be looked at


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: the name of the check, for programs.
        says: what was found, for people.
        cure: how to mend it.
    """

    check: str
    grade: Grade
    says: str
    cure: str = ""


def sound(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, Grade.SOUND, says)


def warning(check: str, says: str, cure: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(check, Grade.WARNING, says, cure)


def fault(check: str, says: str, cure: str) -> Finding:
    """It does not work."""
    return Finding(check, Grade.FAULT, says, cure)


def unknown(check: str, says: str) -> Finding:
    """It could not be looked at."""
    return Finding(check, Grade.UNKNOWN, says)
