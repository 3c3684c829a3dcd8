"""What Telegram finds in plain text by itself."""

import pytest

from bot.sandbox.entities import detect, slices
from knowledge.markup import parse

KINDS = ("bot_command", "mention", "hashtag", "url", "email")


def found(text: str) -> list[tuple[str, str]]:
    """The kinds and words found."""
    entities = detect(text)
    return [(kind, words) for kind in KINDS for words in slices(text, entities, kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", [("bot_command", "/start")]),
        ("/start ABC", [("bot_command", "/start")]),
        ("/han@isobot_demo_bot!", [("bot_command", "/han@isobot_demo_bot")]),
        ("Gõ /help, rồi /han.", [("bot_command", "/help"), ("bot_command", "/han")]),
        ("😀 /help", [("bot_command", "/help")]),
        ("1813/KH-SKHCN ngày 15/11", []),
        ("19/2014/QĐ-TTg", []),
        ("và/hoặc", []),
        ("</b>", []),
        ("hỏi @isobot_demo_bot nhé", [("mention", "@isobot_demo_bot")]),
        ("@a", []),
        ("#ISO #9001 #kế_hoạch", [("hashtag", "#ISO"), ("hashtag", "#kế_hoạch")]),
        ("Xem https://binhphuoc.gov.vn/a?b=c#d.", [("url", "https://binhphuoc.gov.vn/a?b=c#d")]),
        ("(skhcn.binhphuoc.gov.vn)", [("url", "skhcn.binhphuoc.gov.vn")]),
        ("t.me/isobot", [("url", "t.me/isobot")]),
        ("hết.Vâng", []),
        ("thư: a.b@skhcn.gov.vn", [("email", "a.b@skhcn.gov.vn")]),
        ("Không có gì", []),
        ("", []),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_offsets_count_utf_16() -> None:
    (entity,) = detect("😀😀 /help")
    assert (entity.offset, entity.length) == (5, 5)


def test_inside_code_and_links_nothing_is_found() -> None:
    marked = parse('<code>/a</code> <pre>/b</pre> <a href="https://a.vn">/c</a> <b>/d</b>')
    entities = detect(marked.text, marked.entities)
    assert slices(marked.text, entities, "bot_command") == ["/d"]
    assert [entity.type for entity in entities] == ["code", "pre", "text_link", "bold", "bot_command"]
