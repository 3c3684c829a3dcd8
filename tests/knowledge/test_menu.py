"""The menu of topics."""

from knowledge.menu import Group, MenuFile, groups
from knowledge.topics import Kind, Topic


def topic(name: str, kind: Kind = Kind.ANSWER) -> Topic:
    """A topic of which only the name and the kind matter."""
    return Topic(id=name, ask="Gì?", kind=kind, phrasings=("gì",), answer="Đây.")


TOPICS = {
    one.id: one
    for one in (
        topic("a.first"),
        topic("a.second"),
        topic("b.only", Kind.SILENT),
        topic("chat.hello", Kind.CHAT),
        topic("out.side", Kind.OUTSIDE),
    )
}


def test_a_group_keeps_the_order_it_is_written_in_and_a_pattern_fills_in_the_rest() -> None:
    menu = MenuFile.model_validate([{"title": "Nhóm", "topics": ["a.second", "a.*", "b.only"]}])
    assert groups(menu, TOPICS) == (Group("Nhóm", ("a.second", "a.first", "b.only")),)


def test_small_talk_and_what_is_not_covered_are_never_in_the_menu() -> None:
    menu = MenuFile.model_validate([{"title": "Nhóm", "topics": ["*"]}])
    assert groups(menu, TOPICS) == (Group("Nhóm", ("a.first", "a.second", "b.only")),)


def test_a_pack_without_a_menu_shows_everything_in_one_group() -> None:
    assert groups(None, TOPICS) == (Group("Tất cả câu hỏi", ("a.first", "a.second", "b.only")),)
