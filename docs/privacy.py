"""Writes docs/privacy.md from what /riengtu says: `python docs/privacy.py`."""

from pathlib import Path

from bot.retention import RECORDS_KEPT
from handlers.kept import NOTES, kept

PAGE = Path(__file__).with_suffix(".md")

HEADING = """# Dữ liệu cá nhân

Lệnh `/riengtu` cho mỗi người xem đúng những điều này, kèm những gì đang lưu về riêng họ và nút xoá. Tệp này do
`python docs/privacy.py` viết ra từ cùng một nguồn.

| Lưu gì | Để làm gì | Bao lâu |
|---|---|---|
"""

RECORDS_END = f"""
Hạn lưu hồ sơ: {RECORDS_KEPT.days} ngày sau ngày cuối của kế hoạch, hoặc sau ngày cuối đã gia hạn nếu muộn hơn. Bộ kiến
thức không có kế hoạch thì {RECORDS_KEPT.days} ngày kể từ từng việc.
"""


def page() -> str:
    """The page as Markdown."""
    rows = [f"| {one.what} | {one.purpose} | {one.until} |\n" for one in kept("đến hết hạn lưu hồ sơ")]
    return HEADING + "".join(rows) + RECORDS_END + "".join(f"\n**{note.about}**: {note.text}\n" for note in NOTES)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
