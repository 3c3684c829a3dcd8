"""What is said to be kept, and for how long, is what the code does; said the same way everywhere."""

import runpy
from datetime import date
from pathlib import Path

from bot.conversations import REMEMBERED
from bot.drafts import KEPT as DRAFT_KEPT
from bot.privacy import Stored
from bot.retention import AUTHOR_KEPT, BACKUPS_KEPT, MESSAGE_KEPT, RECORDS_KEPT, TRACKS_KEPT
from handlers.kept import NOTES, kept, until
from handlers.texts import say
from knowledge.markup import plain

ROOT = Path(__file__).parents[2]
TOPICS = ROOT / "knowledge" / "packs" / "binh-phuoc-2021" / "topics" / "confirm.yaml"


LAST_DAY = date(2022, 12, 31)


def test_the_page_of_the_papers_is_what_the_code_says() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "privacy.py"))["page"]()
    assert (ROOT / "docs" / "privacy.md").read_text("utf-8") == made, "write it anew: python docs/privacy.py"


def test_the_answer_on_data_names_the_terms_of_the_code() -> None:
    said = f"Người hỏi được quên sau {AUTHOR_KEPT.days} ngày, nội dung câu hỏi sau khi kế hoạch kết thúc một năm."
    assert said in TOPICS.read_text("utf-8")
    assert RECORDS_KEPT.days == 365


def test_after_the_last_day_the_page_promises_what_is_done_then() -> None:
    assert until(LAST_DAY, LAST_DAY) == "đến hết 31/12/2022"
    assert until(LAST_DAY, date(2023, 1, 1)) == "30 ngày"


def test_every_term_stands_on_the_page() -> None:
    told = " ".join(one.until for one in kept(until(None, LAST_DAY))) + " ".join(note.text for note in NOTES)
    for term in (AUTHOR_KEPT, RECORDS_KEPT, MESSAGE_KEPT, TRACKS_KEPT, BACKUPS_KEPT):
        assert f"{term.days} ngày" in told
    assert f"{DRAFT_KEPT.total_seconds() / 3600:.0f} giờ" in told
    assert f"{REMEMBERED.total_seconds() / 60:.0f} phút" in told


def test_the_page_fits_into_one_message_whoever_asks() -> None:
    name = "Tên rất dài " * 6
    stored = Stored(
        agencies=("a",) * 5, coordinates=True, names=(name, name), questions=10**6, acts=10**6, messages=10**6,
        draft=True, subscribed=True, notices=10**6,
    )  # fmt: skip
    page = say(
        "privacy", stored=stored, id=10**12, agencies=["Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh"] * 5,
        kept=kept(until(LAST_DAY, LAST_DAY)), notes=NOTES,
    )  # fmt: skip
    assert len(plain(page).encode("utf-16-le")) // 2 <= 4096
