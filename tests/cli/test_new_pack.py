"""`isobot new-pack`: what somebody says of a plan becomes a pack that is sound, true and knows no other plan."""

import io
import re
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.cli import new_pack as cli
from knowledge import new_pack
from knowledge.answer import Answerer
from knowledge.brief import QUESTIONS, Brief, read_answers
from knowledge.markup import plain
from knowledge.outcome import Asker
from knowledge.pack import Pack, load
from knowledge.roster import matched, with_agencies
from knowledge.roster_file import Line, RosterError
from knowledge.situations import cases
from knowledge.template_checks import spelled_out

Run = Callable[..., tuple[int, str, str]]

TODAY = date(2024, 3, 10)

# The shipped plan's own number, place, days, source and agencies, as typed with and without accents.
TRACES = re.compile(
    r"(?i)1813|b[iì]nh ph[uư][oớ]c|\b1[245]/11\b|vietq|b[aả]o linh|[dđ][oồ]ng nai|[dđ][oồ]ng xo[aà]i|ph[uú] ri[eề]ng"
    r"|b[uù] [dđ][aăốố]|h[oớ]n qu[aả]n|l[oộ]c ninh|ch[oơ]n th[aà]nh|kh-skhcn|quý (?:iv|4) năm 2021|đợt kiểm tra 2021"
)

LIST = """\
Cơ quan,Cấp,Hình thức
Phòng Nội vụ,,trụ sở
Phòng Tài chính - Kế hoạch,huyện,hồ sơ
UBND xã Tân Lập,,hồ sơ
UBND thị trấn Đại Lào,xã,trụ sở
"""
DISTRICT = {
    "number": "25/KH-UBND", "title": "Kiểm tra việc duy trì hệ thống quản lý chất lượng năm 2024",
    "issuer": "UBND huyện Đạ Huoai", "province": "tỉnh Lâm Đồng", "signed": "4/3/2024", "period": "Quý II năm 2024",
    "lead": "Phòng Kinh tế và Hạ tầng", "deadline": "15/5/2024", "channel": "trục liên thông, một bản",
}  # fmt: skip
NUMBERLESS = {
    "title": "Kiểm tra ISO 9001 năm 2026", "issuer": "UBND tỉnh Đồng Tháp", "province": "tỉnh Đồng Tháp",
    "lead": "Sở Khoa học và Công nghệ", "deadline": "2026-06-01", "dossier": "40",
}  # fmt: skip


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A district's plan, all of its agencies named."""
    folder = tmp_path_factory.mktemp("huyện")
    (folder / "ds.csv").write_text(LIST, "utf-8")
    return new_pack.make(folder / "bộ", read_answers(DISTRICT | {"agencies": str(folder / "ds.csv")}), TODAY)


@pytest.fixture(scope="module")
def numberless(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A province's plan without a number, a period, names of agencies, or an inspection on site."""
    folder = tmp_path_factory.mktemp("tỉnh")
    for name, text in new_pack.texts(read_answers(NUMBERLESS), TODAY):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return load(folder)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check, which takes seconds and has been done once."""
    monkeypatch.setattr(new_pack, "check", lambda pack: [])


def _file(folder: Path, answers: dict[str, str]) -> Path:
    file = folder / "ke-hoach.yaml"
    file.write_text(yaml.safe_dump(answers, allow_unicode=True), "utf-8")
    return file


def _ask(pack: Pack, question: str, day: date = date(2024, 5, 6)) -> tuple[str | None, str]:
    answer = _answerer(pack.folder).ask(question, Asker(day))
    return answer.topic, plain(answer.html)


@cache
def _answerer(folder: Path) -> Answerer:
    return Answerer(load(folder))


def test_a_new_pack_has_every_topic_and_no_trace_of_the_shipped_plan(district: Pack, numberless: Pack) -> None:
    for pack in (district, numberless):
        assert pack.topics.keys() == load().topics.keys()
        for file in pack.folder.rglob("*.*"):
            found = {line for line in file.read_text("utf-8").split("\n") if TRACES.search(line)}
            assert not found, file.name


def test_no_answer_of_a_new_pack_shows_a_trace_or_a_gap(numberless: Pack) -> None:
    answerer = _answerer(numberless.folder)
    for asker, agency in list(cases(numberless))[::7]:
        for topic in numberless.topics:
            shown = answerer.answer(topic, asker, agency.id if agency else None).html
            assert not TRACES.search(shown)
            assert "None" not in shown
            assert "\n\n\n" not in shown
            assert not re.search(r" ,| \.|\(\)|\n</blockquote>", shown), shown


def test_the_shipped_pack_and_a_new_one_are_sound(district: Pack) -> None:
    assert district.plan
    assert district.plan.number.value == "25/KH-UBND"
    # The check itself has passed, or there would be no folder; what stands beside it is whole.
    assert {file.name for file in district.folder.iterdir()} >= {"plan.yaml", "menu.yaml", "questions.jsonl", "files"}
    assert not [file for file in district.folder.parent.iterdir() if file.name.startswith(".")]
    assert len(district.questions) > 1500


@pytest.mark.parametrize(
    ("question", "topic", "says"),
    [
        ("hạn nộp báo cáo khi nào", "report.deadline", "Báo cáo gửi trước ngày 15/05/2024 – chậm nhất thứ Ba, 14"),
        ("kế hoạch ký ngày nào", "plan.issue-date", "Kế hoạch ký ngày 04/03/2024.\nNguồn hiện có không nêu người ký."),
        ("nộp báo cáo ở đâu", "report.recipient", "Gửi Phòng Kinh tế và Hạ tầng.\nCách gửi: trục liên thông, một bản"),
        ("cơ quan nào phối hợp", "plan.partners", "Nguồn hiện có không nêu cơ quan phối hợp."),
        ("có bao nhiêu cơ quan được kiểm tra", "plan.scope", "4 cơ quan: 2 nơi kiểm tra tại trụ sở, 2 nơi"),
        ("Phòng Nội vụ kiểm tra theo hình thức nào", "plan.agency-form", "Phòng Nội vụ: kiểm tra tại trụ sở."),
        ("UBND xã Tân Lập có phải nộp báo cáo không", "report.commune", "UBND xã Tân Lập có trong danh sách"),
        ("Sở Y tế kiểm tra theo hình thức nào", "plan.agency-form", "Sở Y tế không có trong danh sách 4 cơ quan"),
        ("trưởng đoàn là ai", "plan.team", "Nguồn hiện có không nêu trưởng đoàn"),
        ("kế hoạch kiểm tra ISO của Bình Phước hạn ngày nào", None, "Trợ lý không có thông tin về tỉnh, thành phố"),
    ],
)  # fmt: skip
def test_a_districts_plan_is_answered_from_its_own_facts(
    district: Pack, question: str, topic: str | None, says: str
) -> None:
    answered, text = _ask(district, question)
    assert answered == topic
    assert text.startswith(says)


def test_what_nobody_said_is_said_to_be_unknown(numberless: Pack) -> None:
    day = date(2026, 5, 6)
    assert "Nguồn hiện có không nêu số, ký hiệu" in _ask(numberless, "số hiệu kế hoạch là gì", day)[1]
    assert _ask(numberless, "hạn nộp báo cáo", day)[1].startswith(
        "Báo cáo gửi trước ngày 01/06/2026 – chậm nhất Chủ nhật"
    )
    assert "Trợ lý chưa có tên đủ các cơ quan này" in _ask(numberless, "cơ quan nào kiểm tra qua hồ sơ", day)[1]
    assert _ask(numberless, "cơ quan nào kiểm tra tại trụ sở", day)[1].startswith(
        "Không có cơ quan nào kiểm tra tại trụ"
    )
    kinds = {topic.id: topic.kind for topic in numberless.topics.values()}
    assert {kinds[name] for name in ("plan.issue-date", "plan.period", "report.channel", "plan.team")} == {"silent"}


def test_places_of_which_nobody_said_the_level_are_filled_from_any(numberless: Pack) -> None:
    lines = [Line(1, "Sở Y tế", "", "", ""), Line(2, "UBND xã Tân Lập", "xã", "hồ sơ", "")]
    added = [entry.agency for entry in matched(numberless, Path("ds.csv"), lines)]
    pack = with_agencies(numberless, [one.model_dump(include={"id", "name", "level", "form"}) for one in added])
    assert [(one.name, one.level) for one in pack.agencies.listed] == [
        ("Sở Y tế", "province"),
        ("UBND xã Tân Lập", "commune"),
    ]
    assert [(one.level, one.count) for one in pack.agencies.expected] == [(None, 38)]
    with pytest.raises(RosterError, match="kế hoạch không còn chỗ cho cơ quan cấp xã"):
        matched(pack, Path("ds.csv"), [Line(1, "UBND xã Hòa Bình", "xã", "trụ sở", "")])


@pytest.mark.parametrize(
    "deadline", ["2024-06-01", "2024-07-02", "2024-10-02", "2024-06-30", "2025-09-15", "2024-11-15"]
)
@pytest.mark.parametrize("number", ["19/KH-UBND", "26/KH-UBND", None])
def test_a_plan_whose_figures_are_those_of_the_law_is_not_taken_for_a_fault(
    numberless: Pack, deadline: str, number: str | None
) -> None:
    assert numberless.plan
    report = numberless.plan.report
    before = report.before.model_copy(update={"value": date.fromisoformat(deadline)})
    plan = numberless.plan.model_copy(
        update={
            "number": numberless.plan.number.model_copy(update={"value": number}),
            "total": numberless.plan.total.model_copy(update={"value": 3}),
            "report": report.model_copy(update={"before": before}),
        }
    )
    own = {plan.number.source}
    for topic in numberless.topics.values():
        counts = not topic.sources or not own.isdisjoint(topic.sources)
        assert not list(spelled_out(plan, topic.answer, counts=counts)), topic.id


@pytest.mark.usefixtures("quick")
def test_a_pack_from_a_file_is_written_whole_beside_what_is_missing(isobot: Run, tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text(LIST, "utf-8")
    code, printed, complained = isobot("new-pack", "bộ", "--from", _file(tmp_path, DISTRICT | {"agencies": "ds.csv"}))
    assert (code, complained) == (0, "")
    assert "bộ: 165 chủ đề, 4 cơ quan có tên." in printed
    assert "Trợ lý sẽ nói là nguồn không nêu: người ký kế hoạch, cơ quan phối hợp" in printed
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bộ", "ds.csv", "ke-hoach.yaml"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"deadline": "31/2/2024"}, "deadline: “31/2/2024” không phải là ngày; gõ như 15/5/2024"),
        ({"deadline": ""}, "deadline: còn thiếu; ghi Báo cáo gửi trước ngày nào"),
        ({"province": "Lâm Đồng"}, "province: thiếu chữ “tỉnh” hoặc “thành phố” ở đầu"),
        ({"agencies": "khong-co.csv"}, "agencies: không có tệp"),
        ({"onsite": "năm"}, "onsite: “năm” không phải là số cơ quan"),
        ({"hạn": "15/5/2024"}, "hạn: không có mục này; dùng một trong number, title"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_told_with_a_cure_and_nothing_is_written(
    isobot: Run, tmp_path: Path, change: dict[str, str], says: str
) -> None:
    code, _, complained = isobot("new-pack", "bộ", "--from", _file(tmp_path, DISTRICT | change))
    assert code == 1
    assert says in complained
    assert [file.name for file in tmp_path.iterdir()] == ["ke-hoach.yaml"]


def test_a_list_with_faults_names_each_line(isobot: Run, tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text("Cơ quan,Cấp,Hình thức\nTrường Chính trị,,hồ sơ\nSở Y tế,tỉnh,\n", "utf-8")
    code, _, complained = isobot("new-pack", "bộ", "--from", _file(tmp_path, DISTRICT | {"agencies": "ds.csv"}))
    assert code == 1
    assert "ds.csv:2: cần ô “Cấp” cho Trường Chính trị. Cách sửa: ghi tỉnh, huyện, xã." in complained
    assert "ds.csv:3: cần ô “Hình thức” cho Sở Y tế. Cách sửa: ghi trụ sở hoặc hồ sơ." in complained
    assert not (tmp_path / "bộ").exists()


def test_a_folder_that_holds_anything_is_left_alone(isobot: Run, tmp_path: Path, small_pack: Path) -> None:
    before = {file: file.read_bytes() for file in small_pack.rglob("*") if file.is_file()}
    code, _, complained = isobot("new-pack", small_pack, "--from", _file(tmp_path, DISTRICT))
    assert code == 1
    assert "đã có và không trống" in complained
    assert {file: file.read_bytes() for file in small_pack.rglob("*") if file.is_file()} == before


def test_a_pack_that_would_be_faulty_leaves_nothing(
    isobot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = "- {id: a, ask: A, phrasings: [a], answer: '{{ b }}'}\n"
    monkeypatch.setattr(new_pack, "texts", lambda brief, today: [("topics/a.yaml", topic)])
    code, _, complained = isobot("new-pack", "bộ", "--from", _file(tmp_path, DISTRICT))
    assert code == 1
    assert "Chưa ghi gì, bộ kiến thức sẽ có lỗi:\n" in complained
    assert "topics/a.yaml:1: mẫu dùng tên lạ “b”" in complained
    assert [file.name for file in tmp_path.iterdir()] == ["ke-hoach.yaml"]


class _Terminal(io.StringIO):
    """Somebody who types, and at the end presses Ctrl-C."""

    def isatty(self) -> bool:
        return True


def _types(monkeypatch: pytest.MonkeyPatch, answers: list[str], *, at_a_terminal: bool) -> None:
    text = "".join(f"{answer}\n" for answer in answers)
    monkeypatch.setattr(sys, "stdin", _Terminal(text) if at_a_terminal else io.StringIO(text))


def test_what_was_typed_before_ctrl_c_is_kept_and_gone_on_from(
    isobot: Run, tmp_path: Path, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    briefs: list[Brief] = []

    def make(folder: Path, brief: Brief, today: date) -> Pack:
        briefs.append(brief)
        return load(small_pack)

    monkeypatch.setattr(cli, "make", make)
    _types(monkeypatch, ["25/KH-UBND", "", "Kiểm tra ISO năm 2024", "UBND huyện Đạ Huoai"], at_a_terminal=True)
    code, printed, complained = isobot("new-pack", "bộ")
    assert (code, printed.count("mục này phải có")) == (1, 1)
    assert "Đã dừng. Chạy lại lệnh này để nhập tiếp" in complained
    assert not briefs
    assert (tmp_path / "bộ.nhap.yaml").exists()
    rest = ["Lâm Đồng", "tỉnh Lâm Đồng", *[""] * 5, "15/13/2024", "13/5/2024", *[""] * 40]
    _types(monkeypatch, rest, at_a_terminal=True)
    code, printed, complained = isobot("new-pack", "bộ")
    assert (code, complained) == (0, "")
    assert "Đã có 3 câu trả lời; hỏi tiếp các mục còn lại." in printed
    assert "“15/13/2024” không phải là ngày" in printed
    assert "Ngày cuối còn hợp hạn là 12/05/2024, không phải ngày làm việc." in printed
    [brief] = briefs
    assert (brief["number"], brief["deadline"], brief.lead) == ("25/KH-UBND", date(2024, 5, 13), "UBND huyện Đạ Huoai")
    assert not (tmp_path / "bộ.nhap.yaml").exists()


def test_a_script_that_types_a_wrong_answer_is_stopped(
    isobot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _types(monkeypatch, ["25/KH-UBND", "Kiểm tra", "UBND huyện", "Lâm Đồng", "x"], at_a_terminal=False)
    code, _, complained = isobot("new-pack", "bộ")
    assert code == 1
    assert "province: thiếu chữ “tỉnh” hoặc “thành phố” ở đầu" in complained
    assert not (tmp_path / "bộ").exists()


def test_the_questions_can_be_had_as_a_file_to_fill_in(isobot: Run) -> None:
    code, printed, _ = isobot("new-pack", "bộ", "--questions")
    assert code == 0
    assert list(yaml.safe_load(printed)) == [question.key for question in QUESTIONS]
    assert cli.command.name == "new-pack"
