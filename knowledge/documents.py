"""Files made from the pack, with the plan's facts filled in."""

from dataclasses import dataclass
from datetime import datetime

from knowledge.handouts import CalendarFile, MatrixFile, WordFile, filled
from knowledge.outcome import Asker
from knowledge.pack import Pack
from knowledge.rendering import template_values
from knowledge.templates import Templates

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MEDIA_TYPES = {
    WordFile: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    MatrixFile: WORKBOOK,
    CalendarFile: "text/calendar",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send: its name, what it is, the line that goes with it (plain text), and its bytes."""

    name: str
    media_type: str
    caption: str
    content: bytes


def make(pack: Pack, name: str, asker: Asker, agency: str | None, made_at: datetime) -> Document:
    """One of the pack's handouts as a file.

    Args:
        pack: what it is made from.
        name: the handout's; it must be one of `pack.handouts`.
        asker: whose day and deadline are filled in.
        agency: the agency that is filled in; None: room is left for its name.
        made_at: the moment that the file says it was made, with its time zone.

    Raises:
        LookupError: the pack lacks what such a file is made from; `knowledge.checks` finds that, too.
    """
    # These take a third of a second to import, and the bot should not start slower for files that few ask for.
    from knowledge import calendars, word, workbook  # noqa: PLC0415

    values = template_values(pack, asker, pack.agencies.everyone.get(agency) if agency else None)
    templates = Templates(escape=False)
    handout = filled(pack.handouts[name], lambda text: templates.render(text, values))
    if isinstance(handout, WordFile):
        content = word.write(handout, made_at)
    elif isinstance(handout, MatrixFile) and pack.matrix:
        content = workbook.write(handout, pack.matrix, made_at)
    elif isinstance(handout, CalendarFile) and pack.plan:
        content = calendars.write(handout, name, pack.plan, values["deadline"], made_at)
    else:
        raise LookupError(f"the pack holds nothing to make {name} from")
    return Document(handout.file, _MEDIA_TYPES[type(handout)], handout.caption, content)
