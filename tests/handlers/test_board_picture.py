"""The board's picture: what is drawn is what is counted, and every letter of Vietnamese can be read."""

from datetime import date, datetime
from io import BytesIO

import pytest
from PIL import Image, ImageFont

from bot.board import Board, Entry, Group
from bot.clock import LOCAL
from bot.states import State
from handlers import board_picture
from knowledge.deadline import Deadline

BEFORE = date(2021, 11, 15)
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ0123456789/·:,"


def _board(*states: State, late: int = 0, curve: tuple[tuple[date, int], ...] = ()) -> Board:
    entries = (
        Entry(f"agency-{number}", state, None, None, BEFORE, 2 if number < late else 0, (None,), is_reachable=True)
        for number, state in enumerate(states)
    )
    return Board(tuple(entries), curve)


def _drawn(board: Board, day: date = date(2021, 11, 8), before: date | None = BEFORE) -> Image.Image:
    at = datetime(day.year, day.month, day.day, 8, tzinfo=LOCAL)
    content = board_picture.draw(board, None, Deadline(before, day) if before else None, at)
    return Image.open(BytesIO(content)).convert("RGB")


def _columns(picture: Image.Image, colour: str) -> list[int]:
    """The columns in which something has this colour."""
    wanted = tuple(bytes.fromhex(colour[1:]))
    pixels = picture.load()
    assert pixels is not None
    return [x for x in range(picture.width) if any(pixels[x, y] == wanted for y in range(picture.height))]


@pytest.mark.parametrize("group", [Group.SILENT, Group.RETURNED, Group.ACCEPTED, Group.LATE])
def test_a_bar_is_as_long_as_its_share_of_all_agencies(group: Group) -> None:
    board = _board(*[State.LINKED] * 6, *[State.RETURNED] * 3, State.ACCEPTED, late=2)
    whole = len(_columns(_drawn(_board(State.LINKED)), board_picture._COLOURS[Group.SILENT]))
    bar = len(_columns(_drawn(board, before=None), board_picture._COLOURS[group]))
    assert bar == pytest.approx(whole * len(board.of(group)) / 10, abs=2)


def test_one_agency_of_ten_thousand_can_still_be_seen() -> None:
    board = _board(*[State.LINKED] * 9999, State.RETURNED)
    assert len(_columns(_drawn(board), board_picture._COLOURS[Group.RETURNED])) > 3


def test_the_curve_goes_up_when_agencies_confirm_and_ends_today() -> None:
    board = _board(*[State.CONFIRMED] * 2, curve=((date(2021, 11, 2), 1), (date(2021, 11, 5), 2)))
    area = _columns(_drawn(board, date(2021, 11, 8)), board_picture._AREA)
    later = _columns(_drawn(board, date(2021, 11, 10)), board_picture._AREA)
    assert area[0] == later[0]
    assert area[-1] < later[-1]


def test_the_deadline_stands_at_the_end_of_the_last_day_also_once_it_has_passed() -> None:
    ahead = _columns(_drawn(_board(State.LINKED), date(2021, 11, 8)), board_picture._DUE)
    passed = _columns(_drawn(_board(State.LINKED), date(2021, 11, 28)), board_picture._DUE)
    assert passed[-1] < ahead[-1]
    assert _columns(_drawn(_board(State.LINKED), before=None), board_picture._DUE) == []


@pytest.mark.parametrize("day", [date(2021, 1, 4), date(2021, 11, 14), date(2022, 12, 31)])
@pytest.mark.parametrize("board", [_board(), _board(*State), _board(State.CONFIRMED, curve=((BEFORE, 1),))])
def test_any_board_can_be_drawn_on_any_day(board: Board, day: date) -> None:
    assert _drawn(board, day).width == 1080


@pytest.mark.parametrize("name", [board_picture._BOLD, board_picture._PLAIN])
def test_the_fonts_have_every_letter_of_vietnamese(name: str) -> None:
    font = ImageFont.truetype(board_picture._FONTS / name, 40)
    missing = bytes(font.getmask("\U0010ffff"))
    assert [letter for letter in LETTERS + LETTERS.upper() if bytes(font.getmask(letter)) == missing] == []
