"""What must hold of the records whatever happened: read from the database itself."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from bot.states import FOLLOWS, State
from bot.store.ledger_tables import Act, Delivery
from tests.stores import Row, Store

_ACTS: dict[State, Act] = {
    State.NOT_OPENED: Act.WAIVER_LIFTED,
    State.CONFIRMED: Act.CONFIRMED,
    State.AMENDED: Act.AMENDED,
    State.ACCEPTED: Act.ACCEPTED,
    State.RETURNED: Act.RETURNED,
    State.WITHDRAWN: Act.WITHDRAWN,
    State.WAIVED: Act.WAIVED,
}
_ACTS_OF_STEPS = frozenset({*_ACTS.values(), Act.RECORDED, Act.ACCEPTANCE_UNDONE})


def faults(store: Store, agencies: Collection[str]) -> list[str]:
    """What is wrong with the records of a bot that has nothing left to do.

    Args:
        store: the database.
        agencies: those that there are.
    """
    return [*_in_ledger(store), *in_steps(store), *_in_contacts(store, agencies)]


def _in_ledger(store: Store) -> Iterator[str]:
    """Every message has ended, and what was sent has its number."""
    for row in store.read("outgoing"):
        if row["state"] == Delivery.WAITING:
            yield f"message {row['id']} still waits"
        if (row["state"] == Delivery.SENT) != (row["message_id"] is not None):
            yield f"message {row['id']} is {row['state']} and has the number {row['message_id']}"


def in_steps(store: Store) -> Iterator[str]:
    """Each agency's steps follow one another, bring one version each, and stand in the audit log in that order."""
    steps, acts, versions = (_by_agency(store, table) for table in ("steps", "audit", "versions"))
    for agency in {*steps, *versions}:
        before = State.NOT_OPENED
        for number, step in enumerate(steps[agency], start=1):
            after = State(step["after"])
            if (step["number"], step["before"]) != (number, before) or after not in FOLLOWS[before]:
                yield f"{agency}: step {step['number']} does not follow {before}"
            before = after
        expected = [_act_of(step, versions[agency]) for step in steps[agency]]
        noted = [Act(row["act"]) for row in acts[agency] if row["act"] in _ACTS_OF_STEPS]
        if noted != expected:
            yield f"{agency}: the steps were {expected}, the log tells of {noted}"
        brought = [step["version"] for step in steps[agency] if _brings_version(step)]
        if brought != [row["version"] for row in versions[agency]] or brought != list(range(1, len(brought) + 1)):
            yield f"{agency}: the steps bring versions {brought}"


def _in_contacts(store: Store, agencies: Collection[str]) -> Iterator[str]:
    """Every contact has a name, and an agency that there is."""
    for row in store.read("contacts"):
        if not row["name"] or row["agency"] not in agencies:
            yield f"contact {row['person_id']} of {row['agency']} is called {row['name']!r}"


def _by_agency(store: Store, table: str) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in store.read(table):
        if row["agency"] is not None:
            found[row["agency"]].append(row)
    return found


def _brings_version(step: Row) -> bool:
    return step["after"] in (State.CONFIRMED, State.AMENDED) and step["before"] != State.ACCEPTED


def _act_of(step: Row, versions: list[Row]) -> Act:
    if step["before"] == State.ACCEPTED:
        return Act.ACCEPTANCE_UNDONE
    if _brings_version(step) and versions[step["version"] - 1]["on_behalf"]:
        return Act.RECORDED
    return _ACTS[State(step["after"])]
