"""A text is filled in for every situation that it can tell apart, and for no other."""

import pytest

from knowledge.pack import Pack
from knowledge.situations import Situations
from knowledge.template_checks import rendered
from knowledge.templates import Templates
from knowledge.topics import Kind


@pytest.fixture(scope="module")
def situations(pack: Pack) -> Situations:
    return Situations(pack)


@pytest.mark.parametrize(
    ("names", "least", "most"),
    [((), 1, 1), (("plan",), 1, 1), (("agency",), 5, 20), (("agency", "deadline"), 100, 999)],
)
def test_situations_that_a_text_cannot_tell_apart_count_once(
    situations: Situations, names: tuple[str, ...], least: int, most: int
) -> None:
    assert least <= len(list(situations.differing_in(frozenset(names)))) <= most


def test_nothing_that_a_text_can_become_is_left_out(pack: Pack, situations: Situations) -> None:
    templates = Templates()
    for topic in pack.topics.values():
        if topic.kind in (Kind.SLOT, Kind.LIVE):
            everywhere = {
                templates.render(topic.answer, values) for values in situations.differing_in(situations.names)
            }
            assert rendered(situations, topic.answer, templates) == everywhere
