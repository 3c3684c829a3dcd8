"""What can be wrong with a text of a pack that is a template: names, syntax, and facts that it spells out."""

import re
from collections.abc import Iterator
from datetime import date

from jinja2 import TemplateError, TemplateSyntaxError

from knowledge.plan import Plan, facts_of
from knowledge.situations import Situations
from knowledge.templates import Templates

_LONG_NUMBER = 3

_QUARTER = re.compile(r"Quý (\w+) năm (\d{4})")
_QUARTERS = {"I": "1", "II": "2", "III": "3", "IV": "4"}

# What a count of the plan counts: "31 cơ quan", "09 UBND".
_COUNTED = r"(?:cơ quan|đơn vị|sở|UBND|huyện|nơi)"
_TEMPLATE_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class UnusableTextError(Exception):
    """A text that cannot be used; says what is wrong and how to mend it."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what, cure)
        self.what, self.cure = what, cure


def rendered(situations: Situations, source: str, templates: Templates) -> set[str]:
    """What becomes of a text in every situation.

    Raises:
        UnusableTextError: it cannot be filled in.
    """
    try:
        used = templates.names(source)
        for name in sorted(used - situations.names):
            known = ", ".join(sorted(situations.names))
            raise UnusableTextError(f"mẫu dùng tên lạ “{name}”", f"dùng một trong: {known}")
        return {templates.render(source, values) for values in situations.differing_in(used)}
    except TemplateSyntaxError as error:
        what = f"mẫu sai ở dòng {error.lineno} của nó ({error.message})"
        raise UnusableTextError(what, "xem lại {{ }} và {% %}") from error
    except RecursionError:
        raise UnusableTextError("mẫu lồng quá sâu, hoặc tự gọi mình", "bỏ bớt ngoặc, điều kiện và macro") from None
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        what = f"mẫu không điền được ({error})"
        raise UnusableTextError(what, "xem lại tên sau dấu chấm trong {{ }}") from error


def spelled_out(plan: Plan, source: str, *, counts: bool = True) -> Iterator[tuple[str, str]]:
    """What a text types that stands in the plan already, and the template that says it.

    Args:
        plan: whose facts.
        source: the text.
        counts: whether numbers of agencies are looked for, too.
    """
    text = _TEMPLATE_CODE.sub(" ", source)
    for pattern, path in _spellings(plan, counts=counts):
        if found := pattern.search(text):
            yield found.group(), f"{{{{ plan.{path} }}}}"


def _spellings(plan: Plan, *, counts: bool) -> Iterator[tuple[re.Pattern[str], str]]:
    """How each number and date of the plan would look if a text spelled it out."""
    for path, fact in facts_of(plan).items():
        value = fact.value
        if path == "number" and value:
            short = re.escape(str(value).split("/")[0])
            # "19" alone may be the number of anything.
            before = "" if len(short) >= _LONG_NUMBER else r"(?i:kế hoạch)\s+(?:số\s+)?"
            yield re.compile(rf"\b{before}{short}\b|\b{re.escape(str(value))}\b"), path
        elif isinstance(value, date) and path.startswith("report."):
            yield _of_day(value), f"{path} | date"
        elif isinstance(value, int) and counts:
            yield re.compile(rf"(?<![\d.,/-])0?{value}\s+{_COUNTED}\b", re.IGNORECASE), path
        elif path == "period.name" and (named := _QUARTER.fullmatch(str(value))):
            # "Quý IV năm 2021" is also written "quý 4/2021".
            quarter, year = named.groups()
            number = _QUARTERS.get(quarter, quarter)
            yield re.compile(rf"\bquý\s+(?:{quarter}|{number})\s*(?:năm|/|-)?\s*{year}\b", re.IGNORECASE), path


def _of_day(day: date) -> re.Pattern[str]:
    """A day as people write it, unless of another year; with dots only with its year, as clauses look alike."""
    number, month = f"0?{day.day}", f"0?{day.month}"
    other_year = rf"[/-](?!{day.year}\b)\d"
    with_signs = rf"(?<![\d/.-]){number}[/-]{month}\b(?!{other_year})"
    return re.compile(rf"{with_signs}|(?<![\d.]){number}\.{month}\.{day.year}\b|\b{number} tháng {month}\b")
