"""A roster matched to a pack: which agency each line means, and which ones it adds to those that are inspected."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.agencies import Agency, Form, Level, Standing
from knowledge.faults import Fault
from knowledge.pack import Pack
from knowledge.recognition import LIKE_ENOUGH, ways_to_write
from knowledge.roster_file import FORMS, LEVELS, Line, RosterError, plain
from knowledge.syllables import has_accents, unaccented
from knowledge.tokens import normalise, tokens
from knowledge.vietnamese import Reader

# An id stands in buttons, which carry 64 bytes.
_LONGEST_ID = 40
_LONGEST_NAME = 120

# What stands before a place's name, shortened; in a list of agencies "h." is no hour.
_PLACES = {"h": ("huyện",), "tx": ("thị xã",), "tp": ("thành phố",)}

C = TypeVar("C", bound=StrEnum)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line means.

    Attributes:
        line: its number.
        agency: which it names.
        is_new: whether it is the line that adds the agency to those that are inspected.
        contact: whom to invite, if anybody.
    """

    line: int
    agency: Agency
    is_new: bool
    contact: str | None


class LineError(Exception):
    """A line that cannot be imported; says what is wrong and how to mend it."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what, cure)
        self.what, self.cure = what, cure


def with_agencies(pack: Pack, records: Iterable[Mapping[str, str]]) -> Pack:
    """The pack with agencies that a coordinator added, which wait for the plan's own list.

    Args:
        pack: as loaded; what it lists by itself counts, whatever the records say.
        records: `id`, `name`, `level` and `form` of each.
    """
    known = pack.agencies.everyone
    added = [
        Agency.model_validate(
            {
                **record,
                "source": Standing.TO_BE_CONFIRMED,
                "short": known[record["id"]].short if record["id"] in known else (),
            }
        )
        for record in records
    ]
    return replace(pack, agencies=pack.agencies.with_listed(added)) if added else pack


def matched(pack: Pack, file: Path, lines: Iterable[Line]) -> list[Entry]:
    """What each line means.

    Args:
        pack: with the agencies that earlier rosters added.
        file: where the lines come from.
        lines: as they were typed.

    Raises:
        RosterError: with the fault of every line that has one.
    """
    matching = _Matching(pack)
    entries: list[Entry] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            entries.append(matching.entry(line))
        except LineError as error:
            faults.append(Fault(file, line.number, error.what, error.cure))
    if faults:
        raise RosterError(faults)
    return entries


class _Matching:
    """Matches one line after another, knowing what the lines before have added."""

    def __init__(self, pack: Pack) -> None:
        # Of a short form with several meanings a name alone does not say which.
        clear = {form: meanings for form, meanings in pack.words.abbreviations.items() if len(meanings) == 1}
        self._reader = Reader(clear | _PLACES)
        self._agencies = dict(pack.agencies.everyone)
        self._open = Counter({(entry.level, entry.form): entry.count for entry in pack.agencies.expected})
        self._names: dict[Words, tuple[str, ...]] = {}
        for agency in self._agencies.values():
            self._learn(agency)
        self._names |= {self._words(form): ids for form, ids in pack.words.ambiguous.items()}
        province = self._words(pack.plan.province.value) if pack.plan else ()
        self._endings = [(), *(province[start:] for start in range(len(province))), province[:1]]

    def entry(self, line: Line) -> Entry:
        """What a line means.

        Raises:
            LineError: it cannot be imported.
        """
        level, form = read_cell(line.level, "Cấp", LEVELS), read_cell(line.form, "Hình thức", FORMS)
        agency = self._find(line.agency)
        if agency and agency.is_lead:
            raise LineError(f"{agency.name} chủ trì đợt kiểm tra, không ghi vào danh sách này", "bỏ dòng này")
        if agency:
            self._agree(agency, level, form)
        is_new = agency is None or agency.source is Standing.UNLISTED
        if agency is None:
            agency = self._unknown(line.agency, level)
        if is_new:
            agency = self._placed(agency, form)
        return Entry(line.number, agency, is_new, line.contact or None)

    def _find(self, name: str) -> Agency | None:
        """The agency that a name means; None where it is a new one.

        Raises:
            LineError: it may mean several, or looks like a known one and is not.
        """
        words = self._words(name)
        if not words:
            raise LineError("ô “Cơ quan” trống hoặc không phải là tên", "ghi tên cơ quan")
        ids = (name,) if name in self._agencies else self._named(words)
        if len(ids) == 1:
            return self._agencies[ids[0]]
        if ids:
            raise LineError(f"“{name}” có thể là {self._listed(ids)}", "ghi đầy đủ tên cơ quan")
        if alike := self._alike(words):
            cure = "sửa tên cho đúng; cơ quan khác thì ghi vào agencies.yaml của bộ kiến thức"
            raise LineError(f"không có cơ quan “{name}”; gần giống {self._listed(alike)}", cure)
        return None

    def _alike(self, words: Words) -> list[str]:
        """Agencies whose name is misspelt, or followed by something else."""
        for end in range(len(words) - 1, 0, -1):
            if ids := self._names.get(words[:end]):
                return list(ids)
        joined = {"".join(known): ids for known, ids in self._names.items()}
        found = process.extract(
            "".join(words), joined.keys(), scorer=OSA.normalized_similarity, processor=None,
            score_cutoff=LIKE_ENOUGH, limit=3,
        )  # fmt: skip
        return list(dict.fromkeys(one for key, _, _ in found for one in joined[key]))

    def _unknown(self, name: str, level: Level | None) -> Agency:
        """An agency of which the pack knows nothing."""
        if len(name) > _LONGEST_NAME:
            raise LineError(f"tên cơ quan dài quá {_LONGEST_NAME} ký tự", "viết ngắn lại")
        if not any(map(has_accents, tokens(normalise(name)))):
            raise LineError(f"“{name}” chưa có trong bộ kiến thức và không có dấu", "ghi tên đầy đủ, có dấu")
        if level is None:
            cure = "ghi tỉnh, huyện hoặc xã; nếu tên viết sai thì sửa tên"
            raise LineError(f"“{name}” chưa có trong bộ kiến thức nên cần ô “Cấp”", cure)
        return Agency(id=id_of(name, self._agencies), name=name, level=level, source=Standing.UNLISTED)

    def _placed(self, agency: Agency, form: Form | None) -> Agency:
        """An agency in one of the places that the plan keeps."""
        open_at = {one: agency.level if (agency.level, one) in self._open else None for one in Form}
        forms = [one for one in Form if self._open[open_at[one], one] > 0]
        cure = "xem lại ô “Cấp” và “Hình thức”, hoặc mục expected của agencies.yaml"
        if form is None and len(forms) > 1:
            raise LineError(f"cần ô “Hình thức” cho {agency.name}", "ghi trụ sở hoặc hồ sơ")
        if not forms or form not in {None, *forms}:
            where = f" ({FORMS[form]})" if form else ""
            what = f"kế hoạch không còn chỗ cho cơ quan cấp {LEVELS[agency.level]}{where}: {agency.name}"
            raise LineError(what, cure)
        placed = agency.model_copy(update={"form": form or forms[0], "source": Standing.TO_BE_CONFIRMED})
        self._open[open_at[form or forms[0]], form or forms[0]] -= 1
        self._agencies[placed.id] = placed
        self._learn(placed)
        return placed

    def _agree(self, agency: Agency, level: Level | None, form: Form | None) -> None:
        """Nothing is changed of an agency that is known, so a line must not say otherwise."""
        if level and level is not agency.level:
            what = f"ô “Cấp” ghi {LEVELS[level]}, nhưng {agency.name} thuộc cấp {LEVELS[agency.level]}"
            raise LineError(what, "sửa hoặc để trống ô này")
        if form and agency.form and form is not agency.form:
            what = f"ô “Hình thức” ghi {FORMS[form]}, nhưng danh sách đang ghi {agency.name}: {FORMS[agency.form]}"
            raise LineError(what, "sửa hoặc để trống ô này")

    def _learn(self, agency: Agency) -> None:
        for name in (*agency.short, *ways_to_write(agency.name)):
            self._names[self._words(name)] = (agency.id,)

    def _words(self, text: str) -> Words:
        return tuple(word.plain for word in self._reader.read(text).words)

    def _named(self, words: Words) -> tuple[str, ...]:
        """What a name stands for, with or without the province at its end, which says nothing here."""
        names = (words[: len(words) - len(end)] for end in self._endings if words[len(words) - len(end) :] == end)
        return next((self._names[name] for name in names if name in self._names), ())

    def _listed(self, ids: Iterable[str]) -> str:
        return " hoặc ".join(self._agencies[one].name for one in ids)


def id_of(name: str, taken: Container[str]) -> str:
    """An id for an agency: its name without accents, with a number where that is taken."""
    parts = "".join(char if char.isalnum() else " " for char in unaccented(normalise(name))).split()
    while len(parts) > 1 and len("-".join(parts)) > _LONGEST_ID:
        parts.pop()
    first = "-".join(parts)[:_LONGEST_ID]
    ids = (first, *(f"{first}-{number}" for number in range(2, 100)))
    return next(one for one in ids if one not in taken)


def read_cell(cell: str, column: str, words: Mapping[C, str]) -> C | None:
    """What a cell says of the few things that it may say; None if it is empty."""
    if not cell:
        return None
    said = f" {plain(cell)} ".replace(" thi xa ", " huyen ")
    found = [value for value, word in words.items() if f" {plain(word)} " in said]
    if len(found) != 1:
        raise LineError(f"ô “{column}” ghi “{cell}”", f"ghi {' hoặc '.join(words.values())}")
    return found[0]
