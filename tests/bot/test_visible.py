"""Texts of others on a card: what is not seen is gone, and what was cleaned is clean."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.visible import line, lines, visible

TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x00\x08\x1b\x7f\x85\u00ad\u200b\u200d\u202e\u2028\u2066\ufeff\ud800\ue000 \t\n"),
        st.sampled_from("aDơĐế\u0301\u0323\u031b\u0309"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Sở\u202e Xây\x00 dựng\n", "Sở Xây dựng"),
        ("a\u200bb\ufeffc\u2066d", "abcd"),
        ("SXD\x08\u0323", "SX\u1e0c"),
        ("\ud800\ue000", ""),
    ],
)
def test_what_is_not_seen_is_left_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("SXD\x08\u0323")
def test_what_was_cleaned_is_clean(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown == " ".join(shown.split())
    assert unicodedata.is_normalized("NFC", shown)
    assert not any(unicodedata.category(char).startswith("C") for char in shown)
    assert lines(lines(text)) == lines(text)
    assert len(line(text * 50)) <= 500
