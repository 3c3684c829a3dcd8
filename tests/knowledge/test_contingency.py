"""The epidemic plan in force: what changes of a pack, and that answers say whose word it is."""

from datetime import date

import pytest

from knowledge.agencies import Form
from knowledge.answer import Answerer, Asker
from knowledge.pack import Pack, load
from knowledge.phrasings import Phrasing, added, with_phrasings
from knowledge.situations import Situations
from knowledge.template_checks import UnusableTextError, rendered
from knowledge.templates import Templates

SINCE, TODAY = date(2021, 11, 1), date(2021, 11, 8)

# The answers that say how agencies are inspected.
SAYING = (
    "plan.overview",
    "plan.scope",
    "plan.forms",
    "plan.onsite-list",
    "plan.dossier-list",
    "plan.agency-form",
    "plan.random-units",
    "plan.visit-date",
    "plan.covid",
    "plan.not-listed",
    "plan.procedure-onsite",
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


@pytest.fixture(scope="module")
def switched(pack: Pack) -> Answerer:
    return Answerer(pack.through_dossiers(SINCE))


def test_every_agency_is_inspected_through_its_dossier_and_those_that_moved_are_known(pack: Pack) -> None:
    onsite = [agency.id for agency in pack.agencies.of_form(Form.ONSITE)]
    switched = pack.through_dossiers(SINCE)
    assert len(onsite) == 5
    assert switched.contingency is not None
    assert [agency.id for agency in switched.contingency.agencies] == onsite
    assert {agency.form for agency in switched.agencies.listed} == {Form.DOSSIER}
    assert list(switched.agencies.everyone) == list(pack.agencies.everyone)
    assert (pack.contingency, len(pack.agencies.of_form(Form.ONSITE))) == (None, 5)


def test_the_same_switch_makes_the_same_pack(pack: Pack) -> None:
    assert pack.through_dossiers(SINCE) == pack.through_dossiers(SINCE)
    assert pack.through_dossiers(SINCE) != pack.through_dossiers(TODAY)
    assert pack.through_dossiers(SINCE) != pack


def test_a_phrasing_is_learned_under_either_plan_alike_so_that_what_was_tried_is_what_comes_into_force(
    pack: Pack,
) -> None:
    learned = Phrasing("plan.forms", "xyzzy plugh")
    tried = added(pack.through_dossiers(SINCE), learned)
    assert with_phrasings(pack, [learned]).through_dossiers(SINCE) == tried


@pytest.mark.parametrize("topic", SAYING)
def test_an_answer_on_the_form_says_what_is_in_force_since_when_and_that_the_source_does_not(
    switched: Answerer, pack: Pack, topic: str
) -> None:
    html = switched.answer(topic, Asker(TODAY)).html
    assert "phương án" in html
    assert "án bộ điều phối ghi nhận" in html
    assert "01/11/2021" in html
    assert "nguồn" in html
    before = Answerer(pack).answer(topic, Asker(TODAY)).html
    assert "ghi nhận" not in before


def test_an_agency_that_did_not_move_is_answered_as_before(switched: Answerer, pack: Pack) -> None:
    asker = Asker(TODAY)
    for agency in ("ubnd-bu-dang", "so-y-te"):
        before = Answerer(pack).answer("plan.agency-form", asker, agency).html
        assert switched.answer("plan.agency-form", asker, agency).html == before


def test_the_check_reads_an_answer_under_both_plans(pack: Pack) -> None:
    situations = Situations(pack)
    shown = rendered(situations, "{{ 'dịch' if contingency else 'chính' }}", Templates())
    assert shown == {"dịch", "chính"}
    with pytest.raises(UnusableTextError):
        rendered(situations, "{{ contingency.since | date }}", Templates())
