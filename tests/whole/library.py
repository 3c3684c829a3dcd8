"""A small pack with a question set, read in no time, to be taught."""

import json
from pathlib import Path

TOPICS = """\
- id: gio-mo-cua
  ask: Mấy giờ mở cửa?
  phrasings: [mấy giờ mở cửa, mở cửa từ mấy giờ, giờ làm việc của thư viện, thư viện mở đến mấy giờ]
  answer: Từ <b>8 giờ</b> đến 17 giờ.
- id: muon-sach
  ask: Mượn sách thế nào?
  phrasings: [cách mượn sách, muốn mượn sách phải làm gì, mượn được mấy quyển, mượn sách về nhà]
  answer: Xuất trình thẻ &amp; ký tên.
- id: lam-the
  ask: Làm thẻ ở đâu?
  phrasings: [làm thẻ thư viện ở đâu, đăng ký thẻ đọc, xin cấp thẻ, làm thẻ cần giấy tờ gì]
  answer: Ở quầy số 1.
- id: elsewhere
  ask: Thư viện khác
  kind: outside
  phrasings: [thư viện tỉnh khác, thư viện trường học, thời tiết hôm nay, giá vàng hôm nay]
  answer: Trợ lý chỉ biết thư viện này.
"""
QUESTIONS = (("xin làm thẻ", "lam-the"), ("mượn sách", "muon-sach"), ("thời tiết ra sao", None))

OPENING, LENDING, CARDS = "Mấy giờ mở cửa?", "Mượn sách thế nào?", "Làm thẻ ở đâu?"

# The bot does not know what these mean; the first two ask the same.
MISSED = "đem tài liệu ra khỏi phòng đọc"
LIKE_IT = "Tôi đem tài liệu ra khỏi phòng đọc nhé"
ANOTHER = "chủ nhật có làm việc không"

# What answers the first once it is learned.
LENT = "Xuất trình thẻ & ký tên."


def write(folder: Path) -> Path:
    """The pack as a folder."""
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "hoi.yaml").write_text(TOPICS, "utf-8")
    lines = (json.dumps({"text": text, "topic": topic}, ensure_ascii=False) for text, topic in QUESTIONS)
    (folder / "questions.jsonl").write_text("\n".join(lines), "utf-8")
    return folder
