"""Telegram's HTML: what is shown, what is marked, what is refused and in which words."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.markup import Entity, MarkupError, checked_url, parse, plain, tidy, utf16_length


def marks(html: str) -> list[tuple[str, str]]:
    """The kinds of entities and the words they cover."""
    marked = parse(html)
    units = marked.text.encode("utf-16-le")
    return [(e.type, units[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")) for e in marked.entities]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>đậm</b> <strong>đậm</strong>", [("bold", "đậm"), ("bold", "đậm")]),
        ("<i>a</i> <em>b</em>", [("italic", "a"), ("italic", "b")]),
        ("<u>a</u> <ins>b</ins>", [("underline", "a"), ("underline", "b")]),
        ("<s>a</s><strike>b</strike><del>c</del>", [("strikethrough", letter) for letter in "abc"]),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>", [("spoiler", "a"), ("spoiler", "b")]),
        ("<code>1813</code>", [("code", "1813")]),
        ("<pre>a\nb</pre>", [("pre", "a\nb")]),
        ("<blockquote>a</blockquote>", [("blockquote", "a")]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", "a")]),
        ('<a href="https://a.vn/b">đây</a>', [("text_link", "đây")]),
        ("<B>a</B>", [("bold", "a")]),
        ("<b >a</b\n>", [("bold", "a")]),
        ("<b>a</>", [("bold", "a")]),
        ("<b></b>", []),
        ("<b><i>a</i></b>", [("bold", "a"), ("italic", "a")]),
        ("<b>a<i>b</i></b>", [("bold", "ab"), ("italic", "b")]),
        ("<i><blockquote>a</blockquote></i>", [("blockquote", "a"), ("italic", "a")]),
        ("<b>😀</b>😀<i>a</i>", [("bold", "😀"), ("italic", "a")]),
    ],
)
def test_every_tag_marks_its_words(html: str, expected: list[tuple[str, str]]) -> None:
    assert marks(html) == expected


def test_offsets_count_utf_16() -> None:
    assert parse("😀ạ<b>😀</b>").entities == (Entity("bold", 3, 2),)
    assert parse("😀ạ<b>😀</b>").length == 5
    assert utf16_length("a😀") == 3


def test_code_is_shown_as_it_stands() -> None:
    assert marks("<code>a<b>b</b></code>") == [("code", "ab")]
    assert marks("<b><code>a</code></b>") == [("code", "a")]
    assert marks("<b>x<code>a</code></b>") == [("bold", "xa"), ("code", "a")]


@pytest.mark.parametrize(
    "html",
    [
        '<pre><code class="language-python">a</code></pre>',
        '<code class="language-python"><pre>a</pre></code>',
        "<pre><code class=language-python>a</code></pre>",
    ],
)
def test_a_block_of_code_has_a_language(html: str) -> None:
    assert parse(html).entities == (Entity("pre", 0, 1, language="python"),)


def test_code_in_a_line_has_no_language() -> None:
    assert parse('<code class="language-python">a</code>').entities == (Entity("code", 0, 1),)
    assert parse('<code class="other">a</code>').entities == (Entity("code", 0, 1),)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://a.vn/b?c=d&amp;e", "https://a.vn/b?c=d&e"),
        ("https://a.vn", "https://a.vn/"),
        ("a.vn", "http://a.vn/"),
        ("tg://user?id=1", "tg://user?id=1"),
        ("mailto:a@b.vn", "mailto:a@b.vn"),
        ("http://127.0.0.1:8765/x", "http://127.0.0.1:8765/x"),
    ],
)
def test_a_link_leads_somewhere(href: str, url: str) -> None:
    (link,) = parse(f'<a href="{href}">a</a>').entities
    assert link.url == url
    assert link.as_json() == {"type": "text_link", "offset": 0, "length": 1, "url": url}


@pytest.mark.parametrize("href", ["", "http://localhost", "javascript:alert(1)", "ftp://a.vn", "http://[", "a b.vn"])
def test_a_link_that_leads_nowhere_is_bare_text(href: str) -> None:
    assert parse(f'<a href="{href}">chữ</a>').entities == ()
    assert checked_url(href) is None


def test_a_link_without_address_is_its_own() -> None:
    (link,) = parse("<a>a.vn</a>").entities
    assert link.url == "http://a.vn/"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#39;&#x1F600;&#128512;", "'😀😀"),
        ("&lt", "<"),
        ("&ltx; &nbsp; &copy; & &#; &#0; &#x110000;", "&ltx; &nbsp; &copy; & &#; &#0; &#x110000;"),
        ("a > b", "a > b"),
        ('<a href="https://a.vn/\'&quot;">a</a>', "a"),
        (" \n a\tb \r\n", "a b"),
        ("<b> a </b>", "a"),
        ("a\x00b", "a b"),
    ],
)
def test_the_text_is_what_a_person_sees(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ạ <br/>", 'Unsupported start tag "br/" at byte offset 4'),
        ("1 < 2 >", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("a <", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x", "Unclosed start tag at byte offset 0"),
        ("<a ", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a =x>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a/b>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<span class="red">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>a</b></b>", "Unexpected end tag at byte offset 8"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b>a</b x>", "Unclosed end tag at byte offset 4"),
        ("<b>ạ</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        (
            "&#xd83d;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ),
        ),
    ],
)
def test_what_telegram_refuses_is_refused_in_its_words(html: str, complaint: str) -> None:
    with pytest.raises(MarkupError) as refused:
        parse(html)
    assert str(refused.value) == complaint


@pytest.mark.parametrize("html", ["", " ", "<b> </b>", "\u200b\ufeff", "&#160;", "\u3164"])
def test_what_nobody_would_see_is_blank(html: str) -> None:
    assert parse(html).is_blank


def test_cut_off_ends_move_the_marks() -> None:
    assert parse("  <b> a</b>b ").entities == (Entity("bold", 0, 1),)
    assert parse("a<b> </b>").entities == ()
    assert parse("\r\n<b>a</b>\r\n<i>b</i>").entities == (Entity("bold", 0, 1), Entity("italic", 2, 1))


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert plain(escape(text)) == tidy(text).text
    assert plain(f"<b>{escape(text)}</b>") == tidy(text).text


@given(st.text(alphabet="<>/&;abi=\"' #x1😀ạ\n"))
def test_whatever_is_written_is_read_or_refused(html: str) -> None:
    try:
        marked = parse(html)
    except MarkupError:
        return
    assert marked.length == len(marked.text.encode("utf-16-le")) // 2
    for entity in marked.entities:
        assert 0 <= entity.offset < entity.offset + entity.length <= marked.length
