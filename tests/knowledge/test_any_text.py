"""Whatever people send, and however they write what the pack lists."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answer import Answer, Answerer, Asker, Decision
from knowledge.followups import Turn
from knowledge.markup import parse
from knowledge.pack import Pack
from knowledge.tokens import normalise
from knowledge.topics import Kind
from knowledge.vietnamese import Reader, load_slang

BARE = Reader(load_slang())

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
HARD = st.text(
    st.one_of(
        st.sampled_from("\x00\x1b\u200b\u200d\u202e\u2066\ufeff\u0301\u0323\u0331_&/.:-<>\"'%{}\\ \t\n"),
        st.sampled_from("0123456789²٣Ⅳ①"),
        st.sampled_from("ạđĐẾươkhinkwsjxf"),
        st.sampled_from("😀👨‍👩‍👧🇻🇳👍🏽İßﬁ漢ﷺ"),
    ),
    max_size=120,
)
# Words that the reader takes for something, in any order: document numbers, dates, short forms, agencies, leftovers.
PIECES = st.lists(
    st.sampled_from(
        "1813/KH-SKHCN 19/2014/QĐ-TTg 9001:2015 15/11 15-11 8.5.3 32/13 tháng 11 t11 q4 kh bc k dc sở KH huyện BĐ bù "
        "đăng dongxoai Hải Phòng hanj noopj ha5n baocao 👋 … ?!".split()
    ),
    max_size=30,
).map(" ".join)


def assert_well_formed(answer: Answer, pack: Pack) -> None:
    """What callers rely on, whatever was asked."""
    assert 0 <= answer.score <= 1
    assert len(answer.ranked) <= 5
    shares = [share for _, share in answer.ranked]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    assert not parse(answer.html).is_blank
    if answer.decision is Decision.ANSWER:
        assert answer.topic in pack.topics
        assert answer.topics[0] == answer.topic
        assert len(answer.topics) == len(set(answer.topics)) <= 2
        assert all(pack.topics[topic].kind is not Kind.OUTSIDE for topic in answer.topics)
    else:
        assert (answer.topic, answer.topics) == (None, ())
    if answer.decision is Decision.CHOOSE:
        assert 1 <= len(answer.choices) <= 3
        assert all(pack.topics[choice].kind is not Kind.OUTSIDE for choice in answer.choices)
    if answer.decision is Decision.DECLINE:
        assert answer.may_pass_on
        assert not answer.choices


@given(st.one_of(ANYTHING, HARD, PIECES))
def test_any_text_at_all_is_answered_in_good_form(answerer: Answerer, pack: Pack, newcomer: Asker, text: str) -> None:
    assert_well_formed(answerer.ask(text, newcomer), pack)


@given(
    st.one_of(ANYTHING, HARD, PIECES),
    st.builds(
        Turn,
        st.sampled_from(["plan.agency-form", "report.deadline", "chat.hello", "a-topic-that-is-gone"]),
        st.sampled_from([None, "so-xay-dung", "an-agency-that-is-gone"]),
    ),
)
def test_any_text_at_all_may_follow_any_answer(answerer: Answerer, pack: Pack, text: str, before: Turn) -> None:
    assert_well_formed(answerer.ask(text, Asker(date(2021, 11, 15), "ubnd-bu-dang", before)), pack)


@given(st.one_of(ANYTHING, HARD, PIECES))
def test_any_text_at_all_can_be_read_without_a_pack(text: str) -> None:
    for word in BARE.read(text).words:
        assert word.plain
        assert word.accented


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\x00" * 4096,
        "a" * 4096,
        "ạ" * 4096,
        "1" * 4096,
        "1/1/" * 1024,
        "1.1." * 1024,
        "9001:2015" * 455,
        "&/" * 2048,
        "\u0301" * 4096,
        "a" + "\u0301" * 4095,
        "😀" * 4096,
        "\u202e" + "hạn nộp báo cáo" + "\u202c",
        "hạn nộp báo cáo " * 256,
        "baocao" * 682,
        "kieerm" * 682,
        "đồng xoài" * 455,
        "qwertyuiopasdfghjklzxcvbnm" * 157,
        "".join(chr(code) for code in range(0x1E00, 0x1EFF)),
        "".join(chr(code) for code in range(1, 0x300)),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_message_as_long_and_odd_as_telegram_lets_through_is_answered_in_good_form(
    text: str, answerer: Answerer, pack: Pack, newcomer: Asker
) -> None:
    assert_well_formed(answerer.ask(text, newcomer), pack)


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b", "…", "?!"])
def test_a_message_without_a_word_is_never_answered(text: str, answerer: Answerer, newcomer: Asker) -> None:
    assert answerer.ask(text, newcomer).decision is Decision.DECLINE


def without_accents(text: str) -> str:
    """As people type in a hurry."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def decomposed(text: str) -> str:
    """As a Mac's file names and some keyboards give it."""
    return unicodedata.normalize("NFD", text)


def spaced(text: str) -> str:
    """With room around and between the words."""
    return f"\n  {text.replace(' ', '   ')} "


def unpunctuated(text: str) -> str:
    """Without the marks at its end."""
    return re.sub(r"[?!.…]+$", "", text)


WAYS: list[Callable[[str], str]] = [
    without_accents,
    decomposed,
    spaced,
    unpunctuated,
    str.upper,
    str.lower,
    str.capitalize,
]


@pytest.fixture(scope="module")
def phrasings(pack: Pack) -> list[tuple[str, str]]:
    """Every phrasing with a word in it, with its topic."""
    return [(topic.id, text) for topic in pack.topics.values() for text in topic.phrasings if re.search(r"\w", text)]


@pytest.fixture(scope="module")
def owners(phrasings: list[tuple[str, str]]) -> dict[str, set[str]]:
    """The topics that list a phrasing, accents aside."""
    found: dict[str, set[str]] = {}
    for topic, text in phrasings:
        found.setdefault(without_accents(normalise(text)), set()).add(topic)
    return found


@given(st.data())
def test_a_shipped_phrasing_is_found_however_it_is_written(
    answerer: Answerer,
    newcomer: Asker,
    phrasings: list[tuple[str, str]],
    owners: dict[str, set[str]],
    data: st.DataObject,
) -> None:
    _, phrasing = data.draw(st.sampled_from(phrasings))
    written = phrasing
    for way in data.draw(st.lists(st.sampled_from(WAYS), max_size=3, unique=True)):
        written = way(written)
    first = {topic for topic, _ in answerer.ask(written, newcomer).ranked[:3]}
    assert first & owners[without_accents(normalise(phrasing))]


def test_nearly_every_shipped_phrasing_finds_its_own_topic_first(
    answerer: Answerer, newcomer: Asker, phrasings: list[tuple[str, str]]
) -> None:
    sample = phrasings[::7]
    right = sum(answerer.ask(without_accents(text), newcomer).ranked[0][0] == topic for topic, text in sample)
    assert right / len(sample) > 0.97


def test_every_shipped_phrasing_has_a_word_that_can_be_read(pack: Pack) -> None:
    unreadable = [
        (topic.id, text) for topic in pack.topics.values() for text in topic.phrasings if not BARE.read(text).words
    ]
    assert unreadable == []
