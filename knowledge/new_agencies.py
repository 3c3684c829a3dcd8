"""The agencies of a new plan, from a list that somebody keeps in a spreadsheet."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from knowledge.agencies import Agency, Form, Level, Standing, UnlistedAgency
from knowledge.brief import Brief
from knowledge.faults import Fault
from knowledge.pack import Pack
from knowledge.provinces import core
from knowledge.recognition import ways_to_write
from knowledge.roster import LineError, id_of, read_cell
from knowledge.roster_file import FORMS, LEVELS, Line, RosterError, read
from knowledge.tokens import normalise

# Whose level a name says by itself.
_LEVELS = {
    ("ubnd huyện", "ubnd thị xã", "ubnd thành phố", "phòng "): Level.DISTRICT,
    ("ubnd xã", "ubnd phường", "ubnd thị trấn", "ubnd đặc khu"): Level.COMMUNE,
    ("sở ", "ban quản lý", "ban dân tộc", "văn phòng ubnd tỉnh", "thanh tra tỉnh"): Level.PROVINCE,
}


def agency_file(shipped: Pack, brief: Brief) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What agencies.yaml says, and the short forms that could mean several agencies.

    Args:
        shipped: known agencies keep their short forms.
        brief: the list, who leads and who helps.

    Raises:
        RosterError: with the fault of every line of the list that has one.
    """
    known = {normalise(agency.name): agency for agency in shipped.agencies.everyone.values() if _is_general(agency)}
    listed = list(_listed(brief, known))
    taken = {agency.id for agency in listed} | {agency.id for agency in known.values()}
    names = {normalise(agency.name) for agency in listed}
    unlisted = [
        UnlistedAgency(id=agency.id, name=agency.name, level=agency.level, short=agency.short)
        for name, agency in known.items()
        if name not in names
    ]
    lead = _short_of_province(brief.lead, brief)
    for name in dict.fromkeys([lead, *(_short_of_province(one, brief) for one in brief["partners"] or ())]):
        if normalise(name) not in names | {normalise(one.name) for one in unlisted}:
            new = id_of(name, taken)
            taken.add(new)
            unlisted.append(UnlistedAgency(id=new, name=name, level=_level_of(name) or Level.PROVINCE))
    listed = [_leading(agency, lead) for agency in listed]
    unlisted = [one.model_copy(update={"lead": normalise(one.name) == normalise(lead)}) for one in unlisted]
    everyone: list[Agency | UnlistedAgency] = [*listed, *unlisted]
    content = {
        "agencies": [agency.model_dump(mode="json", exclude_defaults=True) for agency in listed],
        "expected": list(_expected(listed, brief)),
        "unlisted": [one.model_dump(mode="json", exclude_defaults=True) for one in unlisted],
    }
    return content, _ambiguous(everyone)


def _listed(brief: Brief, known: dict[str, Agency]) -> Iterator[Agency]:
    if brief["agencies"] is None:
        return
    listing, faults = read(brief["agencies"]), []
    agencies: dict[str, Agency] = {}
    ids = {agency.id for agency in known.values()}
    for line in listing.lines:
        try:
            agency = _agency(line, brief, known, ids)
        except LineError as error:
            faults.append(Fault(brief["agencies"], line.number, error.what, error.cure))
            continue
        if normalise(agency.name) in agencies:
            faults.append(Fault(brief["agencies"], line.number, f"{agency.name} đã có ở dòng trên", "bỏ dòng này"))
        agencies[normalise(agency.name)] = agency
        ids.add(agency.id)
    if faults:
        raise RosterError(faults)
    yield from agencies.values()


def _agency(line: Line, brief: Brief, known: dict[str, Agency], ids: set[str]) -> Agency:
    if not line.agency:
        raise LineError("ô “Cơ quan” trống", "ghi tên cơ quan")
    name = _short_of_province(line.agency, brief)
    level = read_cell(line.level, "Cấp", LEVELS) or _level_of(name)
    form = read_cell(line.form, "Hình thức", FORMS)
    if level is None:
        raise LineError(f"cần ô “Cấp” cho {name}", f"ghi {', '.join(LEVELS.values())}")
    if form is None:
        raise LineError(f"cần ô “Hình thức” cho {name}", f"ghi {' hoặc '.join(FORMS.values())}")
    same = known.get(normalise(name))
    return Agency(
        id=same.id if same else id_of(name, ids),
        name=name,
        level=level,
        form=form,
        source=Standing.STATED,
        short=same.short if same else (),
    )


def _expected(listed: list[Agency], brief: Brief) -> Iterator[dict[str, Any]]:
    """Places for those that are counted and not named."""
    named = Counter(agency.form for agency in listed)
    for form, key in ((Form.ONSITE, "onsite"), (Form.DOSSIER, "dossier")):
        left = (brief[key] or 0) - named[form]
        if left > 0:
            yield {"form": str(form), "count": left}


def _ambiguous(everyone: list[Agency | UnlistedAgency]) -> dict[str, list[str]]:
    """Names without what stands before them that several agencies share: a town and its commune."""
    owners: dict[str, list[str]] = {}
    for agency in everyone:
        for name in dict.fromkeys(map(normalise, ways_to_write(agency.name))):
            owners.setdefault(name, []).append(agency.id)
    return {name: ids for name, ids in owners.items() if len(ids) > 1}


def _is_general(agency: Agency) -> bool:
    """Whether every province has such an agency: its name names no place."""
    return agency.level is Level.PROVINCE


def _leading(agency: Agency, lead: str) -> Agency:
    return agency.model_copy(update={"is_lead": True}) if normalise(agency.name) == normalise(lead) else agency


def _short_of_province(name: str, brief: Brief) -> str:
    """A name without the province behind it, which everybody leaves out."""
    for end in (brief["province"], core(brief["province"])):
        if (
            len(name) > len(end)
            and normalise(name).endswith(f" {normalise(end)}")
            and _level_of(name) is Level.PROVINCE
        ):
            return name[: -len(end)].strip()
    return name


def _level_of(name: str) -> Level | None:
    start = f"{normalise(name)} "
    return next((level for starts, level in _LEVELS.items() if start.startswith(starts)), None)
