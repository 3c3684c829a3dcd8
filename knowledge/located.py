"""YAML that remembers where each value stood, so that a fault can name its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.faults import Fault, PackError

Place = tuple[str | int, ...]

M = TypeVar("M", bound=BaseModel)

# No file of a pack goes half as deep; a thousandfold would end the program.
_DEEPEST = 20


@dataclass(frozen=True)
class Located:
    """A YAML file: its text, and what stands in it."""

    file: Path
    text: str
    content: Any

    @cached_property
    def lines(self) -> dict[Place, int]:
        """The line of each value by the keys that lead there. Only faults ask for it."""
        lines: dict[Place, int] = {}
        root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        if root is not None:
            _locate(root, (), lines)
        return lines

    def line(self, place: Place) -> int:
        """The line of the value at `place`, or of the nearest value around it that is there."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)

    def last(self, value: object) -> Place:
        """Where a value stands last; the whole file if it is not there."""
        places = [place for place in self.lines if _at(self.content, place) == value]
        return max(places, key=self.line, default=())

    def fault(self, place: Place, what: str, cure: str) -> Fault:
        """A fault of the value at `place`."""
        return Fault(self.file, self.line(place), what, cure)


def read(file: Path) -> Located:
    """Read a YAML file.

    Raises:
        PackError: the file cannot be read, is not YAML, gives one key twice, or uses what no pack needs.
    """
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = "không đọc được tệp" if isinstance(error, OSError) else "tệp không phải là văn bản UTF-8"
        raise PackError([Fault(file, 0, what, "kiểm tra đường dẫn, quyền đọc và lưu lại bằng UTF-8")]) from error
    loader = yaml.CSafeLoader(text)
    try:
        if faults := [Fault(file, *fault) for fault in _unneeded(text)]:
            raise PackError(faults)
        node = loader.get_single_node()
        if faults := [Fault(file, *fault) for fault in _given_twice(node)]:
            raise PackError(faults)
        return Located(file, text, None if node is None else loader.construct_document(node))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        cure = "xem lại thụt đầu dòng, dấu hai chấm và dấu nháy ở dòng này"
        raise PackError([Fault(file, mark.line + 1 if mark else 0, f"sai cú pháp YAML ({problem})", cure)]) from error
    except ValueError as error:
        raise PackError([Fault(file, 0, f"giá trị không hợp lệ ({error})", "đặt giá trị trong dấu nháy")]) from error
    finally:
        loader.dispose()


def validate(model: type[M], located: Located, place: Place = ()) -> M:
    """The part of a file at `place` as a model.

    Raises:
        PackError: it does not fit, with a fault for each reason.
    """
    part = located.content
    for key in place:
        part = part[key]
    try:
        return model.model_validate(part)
    except ValidationError as error:
        details = [dict(detail) for detail in error.errors()]
        raise PackError(
            [_fault(located, place, detail) for detail in details if not _is_echo(detail, details)]
        ) from None


def _at(content: Any, place: Place) -> Any:
    for key in place:
        content = content.get(key) if isinstance(content, dict) else content[int(key)]
    return content


def _locate(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _locate(item, (*place, number), lines)
    elif isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            inner = (*place, str(key_node.value))
            _locate(value_node, inner, lines)
            lines[inner] = key_node.start_mark.line + 1


def _unneeded(text: str) -> Iterator[tuple[int, str, str]]:
    """The line, fault and cure of what makes a small file endless, or a fault of it unreadable.

    Entries that are used again, deep nesting, and types by name, on which the YAML reader itself breaks.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            cure = "chép nội dung ra thay cho & và *; nếu là chữ thì đặt trong dấu nháy"
            yield line, f"“*{event.anchor}” dùng lại một mục khác", cure
        elif getattr(event, "tag", None):
            yield line, "kiểu ghi bằng “!” không dùng ở đây", "bỏ “!”; nếu là chữ thì đặt trong dấu nháy"
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                yield line, f"lồng sâu quá {_DEEPEST} cấp", "viết thành danh sách phẳng hơn"
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _given_twice(root: yaml.Node | None) -> Iterator[tuple[int, str, str]]:
    """The line, fault and cure of each key that its mapping has already."""
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key_node, value_node in node.value:
                key = str(key_node.value)
                if key in seen:
                    yield key_node.start_mark.line + 1, f"khoá “{key}” ghi hai lần", "giữ lại một lần"
                seen.add(key)
                nodes.append(value_node)


def _is_echo(detail: dict[str, Any], details: list[dict[str, Any]]) -> bool:
    """Whether a list counts as too short only because pydantic has left out the items that have faults themselves."""
    place = detail["loc"]
    inner = (other["loc"] for other in details if other is not detail)
    return detail["type"] == "too_short" and any(other[: len(place)] == place for other in inner)


def _fault(located: Located, place: Place, detail: dict[str, Any]) -> Fault:
    inner: Place = (*place, *detail["loc"])
    name = str(inner[-1]) if inner else "tệp"
    match detail["type"]:
        case "extra_forbidden":
            return located.fault(inner, f"khoá lạ “{name}”", "sửa tên khoá hoặc bỏ dòng này")
        case "missing":
            return located.fault(inner, f"thiếu “{name}”", f"thêm khoá “{name}” cho mục này")
        case "string_too_short" | "too_short":
            return located.fault(inner, f"“{name}” còn trống", "viết nội dung cho mục này")
        case "too_long":
            return located.fault(inner, f"“{name}” có quá {detail['ctx']['max_length']} mục", "bỏ bớt")
        case "string_too_long":
            most = detail["ctx"]["max_length"]
            return located.fault(inner, f"“{name}” dài quá {most} ký tự", "viết ngắn lại")
        case "string_pattern_mismatch":
            return located.fault(
                inner, f"“{name}” chứa ký tự không được dùng", "chỉ dùng a-z, 0-9, dấu chấm và gạch nối"
            )
        case "enum" | "literal_error":
            return located.fault(inner, f"“{name}” có giá trị lạ", f"dùng một trong: {detail['ctx']['expected']}")
        case _:
            return located.fault(inner, f"“{name}” sai kiểu ({detail['msg']})", "sửa giá trị cho đúng kiểu")
