"""A small knowledge pack with the plan's real deadline, read in no time."""

from datetime import date
from pathlib import Path

from knowledge.answer import Answerer
from knowledge.pack import DEFAULT, SHIPPED, load

AGENCIES = """\
agencies:
  - {id: so-xay-dung, name: Sở Xây dựng, level: province, form: onsite, source: stated}
  - {id: so-ngoai-vu, name: Sở Ngoại vụ, level: province, form: onsite, source: stated}
  - {id: ubnd-bu-dang, name: UBND huyện Bù Đăng, level: district, form: dossier, source: inferred}
"""
AGENCY_IDS = ("so-xay-dung", "so-ngoai-vu", "ubnd-bu-dang")
# The day before which the plan wants every report.
REPORT_BEFORE = date(2021, 11, 15)
TOPICS = """\
- id: hoi-truong
  ask: Hội trường ở đâu?
  phrasings: [hội trường ở đâu, họp ở phòng nào, chỗ họp]
  answer: Ở tầng 2.
- id: gui-xe
  ask: Gửi xe ở đâu?
  phrasings: [gửi xe ở đâu, bãi xe chỗ nào, để xe máy]
  answer: Ở sân sau.
"""


def answerer(folder: Path) -> Answerer:
    """Knows the small pack, written into a folder."""
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "hoi.yaml").write_text(TOPICS, "utf-8")
    (folder / "agencies.yaml").write_text(AGENCIES, "utf-8")
    (folder / "plan.yaml").write_bytes((SHIPPED / DEFAULT / "plan.yaml").read_bytes())
    return Answerer(load(folder))
