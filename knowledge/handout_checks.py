"""What can be wrong with the files that answers carry, beyond their form."""

from collections.abc import Callable, Iterator
from functools import partial
from unicodedata import category

from knowledge.faults import Fault
from knowledge.handouts import CalendarFile, Handout, MatrixFile, WordFile, texts
from knowledge.located import Located, Place
from knowledge.pack import Pack
from knowledge.situations import Situations
from knowledge.template_checks import UnusableTextError, rendered, spelled_out
from knowledge.templates import Templates


def handouts(pack: Pack, situations: Situations) -> Iterator[Fault]:
    """Every fault of a pack's handouts."""
    fill_in = partial(rendered, situations, templates=Templates(escape=False))
    for name, handout in pack.handouts.items():
        located = pack.files[f"files/{name}.yaml"]
        yield from _needs(pack, handout, located)
        for number, fact in enumerate(handout.facts):
            if fact not in pack.known_facts:
                what = f"dữ kiện “{fact}” không có trong plan.yaml hay facts.yaml"
                yield located.fault(("facts", number), what, "sửa mã dữ kiện hoặc ghi dữ kiện đó vào facts.yaml")
        for place, text in texts(handout):
            yield from _text(pack, text, located, place, fill_in)
        if isinstance(handout, WordFile):
            yield from _rows(handout, located)


def _needs(pack: Pack, handout: Handout, located: Located) -> Iterator[Fault]:
    if isinstance(handout, MatrixFile) and pack.matrix is None:
        yield located.fault(("kind",), "tệp này cần bảng đối chiếu", "thêm matrix.yaml hoặc bỏ tệp này")
    if isinstance(handout, CalendarFile) and pack.plan is None:
        yield located.fault(("kind",), "tệp này cần hạn của kế hoạch", "thêm plan.yaml hoặc bỏ tệp này")


def _text(pack: Pack, text: str, located: Located, place: Place, fill_in: Callable[[str], set[str]]) -> Iterator[Fault]:
    try:
        shown = fill_in(text)
    except UnusableTextError as fault:
        yield located.fault(place, fault.what, fault.cure)
        return
    if odd := next((char for filling in shown for char in filling if _is_control(char)), None):
        yield located.fault(place, f"nội dung có ký tự không in được ({odd!a})", "xoá ký tự đó")
    if pack.plan:
        for typed, template in spelled_out(pack.plan, text):
            what = f"tệp tự ghi “{typed}” là dữ kiện đã có trong kế hoạch"
            yield located.fault(place, what, f"thay bằng {template}")


def _is_control(char: str) -> bool:
    """Control characters other than those of layout; neither Word nor Excel takes them."""
    return category(char) == "Cc" and char not in "\n\t"


def _rows(handout: WordFile, located: Located) -> Iterator[Fault]:
    for number, block in enumerate(handout.blocks):
        if block.table is None:
            continue
        most = len(block.table.columns)
        for position, row in enumerate(block.table.rows):
            if len(row.cells) > most:
                what = f"dòng này có {len(row.cells)} ô nhưng bảng chỉ có {most} cột"
                yield located.fault(("blocks", number, "table", "rows", position), what, "bớt ô hoặc thêm cột")
