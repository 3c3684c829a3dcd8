"""The states of an agency's submission, and which may follow which.

The words are the same in code, database and documents. That a state is late is computed, never stored; that an agency
is linked follows from its contacts.
"""

from enum import StrEnum


class State(StrEnum):
    """Where an agency's submission stands."""

    NOT_OPENED = "not-opened"  # nothing has happened yet
    LINKED = "linked"  # the same, but somebody at the agency can be reached; derived, never stored
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"


# An agency may amend until its submission is accepted. Accepting can be undone for a while: the state before returns.
FOLLOWS: dict[State, frozenset[State]] = {
    State.NOT_OPENED: frozenset({State.CONFIRMED, State.WAIVED}),
    State.CONFIRMED: frozenset({State.ACCEPTED, State.RETURNED, State.AMENDED, State.WITHDRAWN}),
    State.AMENDED: frozenset({State.ACCEPTED, State.RETURNED, State.AMENDED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.AMENDED, State.WITHDRAWN, State.WAIVED}),
    State.ACCEPTED: frozenset({State.CONFIRMED, State.AMENDED}),
    State.WITHDRAWN: frozenset({State.AMENDED, State.WAIVED}),
    State.WAIVED: frozenset({State.NOT_OPENED}),
}

# A version lies before the coordinator.
TO_REVIEW = frozenset({State.CONFIRMED, State.AMENDED})

# The agency still owes a version.
OWING = frozenset({State.NOT_OPENED, State.LINKED, State.RETURNED, State.WITHDRAWN})

# The agency may give a version, be it the first or a better one.
OPEN = frozenset(state for state, after in FOLLOWS.items() if after & TO_REVIEW and state is not State.ACCEPTED)


class Way(StrEnum):
    """How the report itself was sent."""

    NETWORK = "network"  # trục liên thông văn bản
    EMAIL = "email"
    PAPER = "paper"
    FILES = "files"  # nothing but the files attached here
