"""The plan that is shipped: whole, sound and reachable."""

import subprocess
import sys
from datetime import date

import pytest

from knowledge.agencies import Standing
from knowledge.checks import check
from knowledge.pack import Pack
from knowledge.plan import Certainty, facts_of
from knowledge.topics import Kind

PLAN_FACTS = {*(f"A{number:02}" for number in range(1, 22)), *(f"A{number}" for number in range(30, 41)), "A.3"}


def test_the_shipped_pack_has_no_fault(pack: Pack) -> None:
    assert [str(fault) for fault in check(pack)] == []


def test_every_fact_of_the_plan_has_its_place(pack: Pack) -> None:
    assert pack.plan
    assert {fact.fact for fact in facts_of(pack.plan).values()} == PLAN_FACTS


def test_facts_of_the_plan_are_not_written_a_second_time_in_the_register(pack: Pack) -> None:
    assert set(pack.files["facts.yaml"].content) & PLAN_FACTS == set()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("number", "1813/KH-SKHCN"),
        ("lead", "Sở Khoa học và Công nghệ"),
        ("onsite", 5),
        ("dossier", 26),
        ("dossier_province", 17),
        ("dossier_district", 9),
        ("total", 31),
        ("province_level", 20),
        ("district_level", 11),
        ("period.name", "Quý IV năm 2021"),
        ("period.first_day", date(2021, 10, 1)),
        ("period.last_day", date(2021, 12, 31)),
        ("report.before", date(2021, 11, 15)),
        ("report.last_day", date(2021, 11, 14)),
        ("report.last_working_day", date(2021, 11, 12)),
        ("published", date(2021, 11, 11)),
        ("signed", None),
        ("contingency.decided", None),
    ],
)
def test_the_plan_holds_what_the_source_says(path: str, value: object, pack: Pack) -> None:
    assert pack.plan
    assert facts_of(pack.plan)[path].value == value


def test_the_first_question_does_not_wait_for_libraries_to_be_read() -> None:
    asking = """
import sys
from datetime import date
from knowledge.answer import Answerer, Asker
from knowledge.pack import load
answerer = Answerer(load())
ready = set(sys.modules)
assert answerer.ask("Hạn nộp báo cáo là khi nào?", Asker(date(2021, 11, 8))).topic == "report.deadline"
print(*sorted(set(sys.modules) - ready))
"""
    ended = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []


def test_where_the_source_is_silent_there_is_no_value(pack: Pack) -> None:
    assert pack.plan
    facts = facts_of(pack.plan)
    assert {path for path, fact in facts.items() if fact.value is None} == {
        path for path, fact in facts.items() if fact.certainty is Certainty.SILENT and path != "not_stated"
    }


def test_what_is_only_understood_of_the_deadline_is_marked_as_inferred(pack: Pack) -> None:
    assert pack.plan
    facts = facts_of(pack.plan)
    assert facts["report.before"].certainty is Certainty.STATED
    assert facts["report.last_day"].certainty is Certainty.INFERRED
    assert facts["report.last_working_day"].certainty is Certainty.INFERRED


def test_the_four_partners_are_the_sources_own(pack: Pack) -> None:
    assert pack.plan
    assert pack.plan.partners.value == (
        "Văn phòng UBND tỉnh",
        "Sở Nội vụ",
        "Sở Tài chính",
        "Sở Thông tin và Truyền thông",
    )
    names = {agency.name: agency for agency in pack.agencies.everyone.values()}
    assert {names[name].source for name in pack.plan.partners.value} == {Standing.UNLISTED}


def test_every_fact_of_the_plan_names_a_source_that_is_described(pack: Pack) -> None:
    assert pack.plan
    assert {fact.source for fact in facts_of(pack.plan).values()} <= set(pack.plan.sources)
    assert all(source.label and source.document for source in pack.plan.sources.values())


def test_every_answer_of_substance_rests_on_a_fact(pack: Pack) -> None:
    about_itself = ("bot.", "confirm.", "link.", "notice.", "privacy.")
    without = {
        topic.id
        for topic in pack.topics.values()
        if not topic.facts and topic.kind not in (Kind.CHAT, Kind.OUTSIDE) and not topic.id.startswith(about_itself)
    }
    assert without == set()


def test_small_talk_and_refusals_rest_on_none(pack: Pack) -> None:
    talk = [topic for topic in pack.topics.values() if topic.kind in (Kind.CHAT, Kind.OUTSIDE)]
    assert talk
    assert [topic.id for topic in talk if topic.facts or topic.sources] == []


def test_every_topic_that_is_asked_often_has_twenty_phrasings_or_more(pack: Pack) -> None:
    few = {topic.id: len(topic.phrasings) for topic in pack.topics.values() if len(topic.phrasings) < 20}
    assert {topic for topic in few if topic.startswith(("report.", "plan."))} == set()


def test_every_topic_can_be_reached_from_the_menu(pack: Pack) -> None:
    reachable = {topic for group in pack.menu for topic in group.topics}
    shown = {topic.id for topic in pack.shown if topic.kind is not Kind.CHAT}
    assert shown - reachable == set()


def test_no_group_of_the_menu_is_empty_or_repeats_another(pack: Pack) -> None:
    listed = [topic for group in pack.menu for topic in group.topics]
    assert all(group.topics for group in pack.menu)
    assert len(listed) == len(set(listed))


def test_what_is_not_covered_is_described_so_that_it_can_be_declined(pack: Pack) -> None:
    outside = [topic for topic in pack.topics.values() if topic.kind is Kind.OUTSIDE]
    assert len(outside) >= 10
    assert set(outside).isdisjoint(pack.shown)


@pytest.mark.parametrize(
    "prefix", ["plan.", "report.", "iso.", "transition.", "clause.", "law.", "prepare.", "bot.", "chat."]
)
def test_every_field_of_the_subject_is_covered(prefix: str, pack: Pack) -> None:
    assert any(topic.startswith(prefix) for topic in pack.topics)
