"""Answers as templates: facts filled in, everything escaped, nothing reached that is not given."""

from datetime import date

import pytest
from jinja2 import TemplateError

from knowledge.pack import Pack
from knowledge.plan import Plan
from knowledge.sources import source_line, split_source
from knowledge.templates import Templates


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ day | date }}", "14/11/2021"),
        ("{{ day | day }}", "14/11"),
        ("{{ day | weekday }}", "Chủ nhật"),
        ("{{ day | weekday_date }}", "Chủ nhật, 14/11/2021"),
        ("{{ names | bullets }}", "• một\n• hai"),
        ("{{ names | length }}", "2"),
        ('{{ names | join(", ") }}', "một, hai"),
    ],
)
def test_each_filter_shows_its_value_as_people_write_it(source: str, shown: str) -> None:
    assert Templates().render(source, {"day": date(2021, 11, 14), "names": ["một", "hai"]}) == shown


def test_each_weekday_has_its_name() -> None:
    days = [Templates().render("{{ d | weekday }}", {"d": date(2021, 11, number)}) for number in range(8, 15)]
    assert days == ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


def test_values_are_escaped_and_the_templates_own_markup_is_not() -> None:
    shown = Templates().render("<b>{{ name }}</b> {{ names | bullets }}", {"name": "A & <i>B", "names": ["<u>"]})
    assert shown == "<b>A &amp; &lt;i&gt;B</b> • &lt;u&gt;"


def test_lines_of_conditions_leave_no_gaps() -> None:
    source = "một\n{% if yes %}\nhai\n{% else %}\nba\n{% endif %}\nbốn\n"
    assert Templates().render(source, {"yes": True}) == "một\nhai\nbốn"
    assert Templates().render(source, {"yes": False}) == "một\nba\nbốn"


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobody }}",
        "{{ day.nothing }}",
        "{{ day.__class__ }}",
        "{{ day.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ range(3) }}",
        "{{ day | unknown }}",
        "{% if day %}",
    ],
)
def test_a_template_that_asks_for_what_is_not_given_is_refused(source: str) -> None:
    with pytest.raises(TemplateError):
        Templates().render(source, {"day": date(2021, 11, 14)})


def test_names_that_nobody_gives_are_found_without_rendering() -> None:
    source = "{% if plan.x and deadlin %}{{ today }}{{ agenci }}{% endif %}"
    assert Templates().names(source) - {"plan", "today"} == {"deadlin", "agenci"}


def test_a_source_may_carry_the_place_in_it() -> None:
    assert split_source("circular-26: Điều 35, khoản 2") == ("circular-26", "Điều 35, khoản 2")
    assert split_source("article") == ("article", "")


def test_the_line_under_an_answer_names_every_source_and_the_month(pack: Pack) -> None:
    assert source_line(["article", "circular-26: Điều 36"], pack.plan) == (
        "Nguồn: Kế hoạch 1813/KH-SKHCN (VietQ.vn, 11/11/2021); Thông tư 26/2014/TT-BKHCN, Điều 36 · cập nhật 11/2021"
    )


@pytest.mark.parametrize(("sources", "plan"), [([], True), (["article"], False)])
def test_without_sources_or_without_a_plan_there_is_no_such_line(sources: list[str], plan: bool, pack: Pack) -> None:
    given: Plan | None = pack.plan if plan else None
    assert source_line(sources, given) == ""
