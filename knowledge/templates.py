"""Texts as templates: plan facts filled in, and everything in an answer escaped for Telegram's HTML."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def full_date(day: date) -> str:
    """14/11/2021."""
    return f"{day:%d/%m/%Y}"


def short_date(day: date) -> str:
    """14/11."""
    return f"{day:%d/%m}"


def weekday(day: date) -> str:
    """Chủ nhật, thứ Hai …"""
    return _WEEKDAYS[day.weekday()]


def weekday_date(day: date) -> str:
    """Chủ nhật, 14/11/2021."""
    return f"{weekday(day)}, {full_date(day)}"


def bullets(items: Iterable[Any]) -> str:
    """One line "• …" for each text, or for the name of each thing that has one."""
    return "\n".join(f"• {getattr(item, 'name', item)}" for item in items)


FILTERS: Mapping[str, Callable[[Any], str]] = {
    "date": full_date,
    "day": short_date,
    "weekday": weekday,
    "weekday_date": weekday_date,
    "bullets": bullets,
}

# Of Jinja's own filters those that choose and join; others can make a short template gigabytes long.
_BORROWED = "capitalize default first join last length list lower map sort trim upper".split()


class _Content(SandboxedEnvironment):
    """Jinja's sandbox, without what makes much of little: products, and the methods of texts."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse to multiply."""
        raise SecurityError(f"không dùng được phép “{operator}” trong mẫu")

    def wrap_str_format(self, value: Any) -> None:
        """Formatting is a method of texts like the others: Jinja would let it through, made safe but not short."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may look at it."""
        return not isinstance(obj, str) and super().is_safe_attribute(obj, attr, value)


class Templates:
    """Compiles and renders the texts of a pack, in a sandbox: a pack is content, not code.

    Args:
        escape: whether they become Telegram HTML; a text for a file stays as it is.
    """

    def __init__(self, *, escape: bool = True) -> None:
        self._environment = _Content(
            autoescape=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
        )
        borrowed = {name: self._environment.filters[name] for name in _BORROWED}
        self._environment.filters = {**borrowed, **FILTERS}
        self._environment.globals.clear()
        self._compiled: dict[str, Template] = {}

    def names(self, source: str) -> frozenset[str]:
        """The variables that a template uses and does not set itself.

        Raises:
            TemplateSyntaxError: the template does not parse, or uses an unknown filter.
        """
        tree = self._environment.parse(source)
        for used in tree.find_all(nodes.Filter):
            if used.name not in self._environment.filters:
                raise TemplateSyntaxError(f"không có bộ lọc “{used.name}”", used.lineno)
        return frozenset(find_undeclared_variables(tree))

    def render(self, source: str, values: Mapping[str, Any]) -> str:
        """The text filled in, without blank ends.

        Raises:
            TemplateError: the template is wrong, or asks for something that is not there.
        """
        if source not in self._compiled:
            self._compiled[source] = self._environment.from_string(source)
        return self._compiled[source].render(values).strip()
