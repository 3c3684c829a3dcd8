"""A pack with one fault: which file, which line (marked "# here"), what is wrong, and how to mend it."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.faults import Fault, PackError
from knowledge.pack import DEFAULT, SHIPPED, find, load

FaultsOf = Callable[[dict[str, str]], list[Fault]]

PLAN = (SHIPPED / DEFAULT / "plan.yaml").read_text("utf-8")
TOPICS = "topics/hoi.yaml"
OTHER = """\
- id: hoi.khac
  ask: Ai chủ trì?
  phrasings: [ai chủ trì]
  answer: Một câu trả lời.
"""


def entry(answer: str, more: str = "") -> str:
    """A topic with this answer, which stands on several lines of its own."""
    lines = "\n".join(f"    {line}" for line in answer.split("\n"))
    return f"- id: hoi.han\n  ask: Hạn?\n  phrasings: [hạn nộp]\n  answer: |  # here\n{lines}\n{more}"


def assert_one_fault(faults: list[Fault], file: str, text: str, what: list[str], cure: str) -> None:
    """There is one fault, it stands on the marked line, and it says all of this."""
    assert len(faults) == 1, "\n".join(map(str, faults))
    fault = faults[0]
    marked = [number for number, line in enumerate(text.split("\n"), 1) if "# here" in line] or [0]
    assert (fault.file.name, fault.line) == (Path(file).name, marked[0])
    assert all(words in fault.what for words in what), fault.what
    assert cure in fault.cure
    assert str(fault).startswith(f"{fault.file}:{fault.line}: " if fault.line else f"{fault.file}: ")
    assert str(fault).endswith(f"Cách sửa: {fault.cure}.")


def test_the_pack_that_these_tests_break_is_sound(faults_of: FaultsOf) -> None:
    assert faults_of({}) == []


@pytest.mark.parametrize(
    ("file", "text", "what", "cure"),
    [
        pytest.param(
            TOPICS,
            OTHER + "  colour: red  # here\n",
            ["khoá lạ", "“colour”"],
            "sửa tên khoá hoặc bỏ dòng này",
            id="unknown key",
        ),
        pytest.param(
            TOPICS,
            "- id: hoi.han  # here\n  ask: Hạn?\n  phrasings: [hạn nộp]\n",
            ["thiếu “answer”"],
            "thêm khoá “answer”",
            id="missing answer",
        ),
        pytest.param(
            TOPICS,
            OTHER + "- id: hoi.han  # here\n  ask: Hạn?\n  answer: Mai.\n",
            ["thiếu “phrasings”"],
            "thêm khoá “phrasings”",
            id="missing phrasings",
        ),
        pytest.param(
            TOPICS,
            "- id: hoi.han\n  ask: Hạn?\n  phrasings: [hạn nộp]\n  answer: ''  # here\n",
            ["“answer” còn trống"],
            "viết nội dung",
            id="blank answer",
        ),
        pytest.param(
            TOPICS,
            "- id: hoi.han\n  ask: Hạn?\n  phrasings: []  # here\n  answer: Mai.\n",
            ["“phrasings” còn trống"],
            "viết nội dung",
            id="no phrasing",
        ),
        pytest.param(
            TOPICS,
            "- id: hoi.han\n  ask: Hạn?\n  phrasings: hạn nộp  # here\n  answer: Mai.\n",
            ["“phrasings” sai kiểu"],
            "sửa giá trị cho đúng kiểu",
            id="phrasings that are no list",
        ),
        pytest.param(
            TOPICS,
            "- id: Hỏi hạn  # here\n  ask: Hạn?\n  phrasings: [hạn nộp]\n  answer: Mai.\n",
            ["“id”", "ký tự"],
            "chỉ dùng a-z",
            id="id with accents",
        ),
        pytest.param(
            TOPICS,
            f"- id: hoi.han\n  ask: {'Hạn ' * 20}  # here\n  phrasings: [hạn nộp]\n  answer: Mai.\n",
            ["“ask” dài quá 60 ký tự"],
            "viết ngắn lại",
            id="question too long for a button",
        ),
        pytest.param(
            TOPICS,
            "- id: hoi.han\n  ask: Hạn?\n  kind: maybe  # here\n  phrasings: [hạn nộp]\n  answer: Mai.\n",
            ["“kind” có giá trị lạ"],
            "'silent'",
            id="unknown kind",
        ),
        pytest.param(
            TOPICS,
            OTHER + OTHER.replace("khac", "khac  # here").replace("[ai chủ trì]", "[ai đứng đầu]"),
            ["mã “hoi.khac” đã dùng", "hoi.yaml:1"],
            "đặt mã khác",
            id="duplicate id",
        ),
        pytest.param(
            TOPICS,
            OTHER + "  answer: Một câu khác.  # here\n",
            ["khoá “answer” ghi hai lần"],
            "giữ lại một lần",
            id="duplicate key",
        ),
        pytest.param(
            TOPICS,
            "- id: hoi.han\n  phrasings: - một  # here\n",
            ["sai cú pháp YAML"],
            "thụt đầu dòng",
            id="bad YAML",
        ),
        pytest.param(
            TOPICS,
            "- id: hoi.han\n\task: Hạn?  # here\n",
            ["sai cú pháp YAML"],
            "thụt đầu dòng",
            id="a tab instead of spaces",
        ),
        pytest.param(
            TOPICS,
            "hoi.han: Mai.  # here\n",
            ["không phải là một danh sách chủ đề"],
            "- id:",
            id="topics that are no list",
        ),
        pytest.param(
            TOPICS,
            OTHER + "- một câu  # here\n",
            ["sai kiểu"],
            "sửa giá trị",
            id="a topic that is a bare text",
        ),
        pytest.param(
            "agencies.yaml",
            "agencies:\n  - {id: so-an, name: Sở An, form: onsite, source: stated, level: tinh}  # here\n",
            ["“level” có giá trị lạ"],
            "'province', 'district' or 'commune'",
            id="unknown level",
        ),
        pytest.param(
            "words.yaml",
            "abbreviations:\n  bc: báo cáo  # here\n",
            ["“bc” sai kiểu"],
            "sửa giá trị",
            id="a short form whose meanings are no list",
        ),
        pytest.param(
            "menu.yaml",
            "- title: Tất cả\n  topics: []  # here\n",
            ["“topics” còn trống"],
            "viết nội dung",
            id="a menu group without a topic",
        ),
        pytest.param(
            "facts.yaml",
            "B01:\n  says: mười một huyện\n  source: sách\n  certainty: sure  # here\n",
            ["“certainty” có giá trị lạ"],
            "'verified'",
            id="unknown certainty",
        ),
    ],
)
def test_a_fault_of_form_names_its_line_and_its_cure(
    file: str, text: str, what: list[str], cure: str, faults_of: FaultsOf
) -> None:
    assert_one_fault(faults_of({file: text}), file, text, what, cure)


@pytest.mark.parametrize(
    ("file", "text", "what", "cure"),
    [
        pytest.param(
            TOPICS,
            OTHER
            + "- id: hoi.han\n  ask: Hạn?\n  phrasings:\n    - hạn nộp\n    - ai chủ trì  # here\n  answer: Mai.\n",
            ["cách hỏi “ai chủ trì” đã có", "“hoi.khac”", "hoi.yaml:3"],
            "giữ lại ở một chủ đề",
            id="same phrasing under two topics",
        ),
        pytest.param(
            TOPICS,
            OTHER
            + "- id: hoi.han\n  ask: Hạn?\n  phrasings:\n    - hạn nộp\n    - Ai, CHỦ TRÌ?!  # here\n  answer: Mai.\n",
            ["“Ai, CHỦ TRÌ?!” đã có", "“hoi.khac”"],
            "giữ lại ở một chủ đề",
            id="same phrasing but for case and punctuation",
        ),
        pytest.param(
            TOPICS,
            OTHER
            + "- id: hoi.han\n  ask: Hạn?\n  phrasings:\n    - hạn nộp\n    - "
            + unicodedata.normalize("NFD", "ai chủ trì")
            + "  # here\n  answer: Mai.\n",
            ["đã có", "“hoi.khac”"],
            "giữ lại ở một chủ đề",
            id="same phrasing in decomposed letters",
        ),
        pytest.param(
            TOPICS,
            OTHER.replace("[ai chủ trì]", "[ai chủ trì, Ai chủ trì?]  # here"),
            ["“Ai chủ trì?” đã có", "“hoi.khac”"],
            "giữ lại ở một chủ đề",
            id="same phrasing twice in one topic",
        ),
        pytest.param(
            TOPICS,
            OTHER + "  related:\n    - hoi.khong-co  # here\n",
            ["chủ đề liên quan “hoi.khong-co” không có"],
            "sửa mã hoặc bỏ dòng này",
            id="unknown related topic",
        ),
        pytest.param(
            TOPICS,
            OTHER + "  facts:\n    - A18\n    - Z99  # here\n",
            ["dữ kiện “Z99”"],
            "facts.yaml",
            id="unknown fact",
        ),
        pytest.param(
            TOPICS,
            OTHER + '  sources:\n    - article\n    - "law-7: Điều 3"  # here\n',
            ["nguồn “law-7: Điều 3”"],
            "sources của plan.yaml",
            id="unknown source",
        ),
        pytest.param(
            TOPICS,
            entry("Hạn là {{ han_nop }}."),
            ["tên lạ “han_nop”"],
            "dùng một trong: ",
            id="unknown name in a template",
        ),
        pytest.param(
            TOPICS,
            entry("Hạn là {{ plan.report.han }}."),
            ["không điền được", "han"],
            "tên sau dấu chấm",
            id="unknown attribute in a template",
        ),
        pytest.param(
            TOPICS,
            entry("{% if deadline.passed %}Đã qua {{ deadline.weeks }}.{% else %}Còn hạn.{% endif %}"),
            ["không điền được", "weeks"],
            "tên sau dấu chấm",
            id="unknown attribute in one situation only",
        ),
        pytest.param(
            TOPICS,
            entry("{% if standing.late %}Trễ {{ standing.weeks }} tuần.{% else %}Còn hạn.{% endif %}"),
            ["không điền được", "None"],
            "tên sau dấu chấm",
            id="a state taken for known",
        ),
        pytest.param(
            TOPICS,
            entry("{% if standing and standing.late %}Trễ {{ standing.weeks }} tuần.{% else %}Còn hạn.{% endif %}"),
            ["không điền được", "weeks"],
            "tên sau dấu chấm",
            id="unknown attribute where the report is late only",
        ),
        pytest.param(
            TOPICS,
            entry("Còn hạn.{% if standing and not standing.version %}{{ standing.weeks }}{% endif %}"),
            ["không điền được", "weeks"],
            "tên sau dấu chấm",
            id="unknown attribute where nothing is confirmed only",
        ),
        pytest.param(
            TOPICS,
            entry("Hạn là {{ plan.report.before | ngay }}."),
            ["ngay"],
            "xem lại {{ }}",
            id="unknown filter",
        ),
        pytest.param(
            TOPICS,
            entry("{% if deadline.passed %}Đã qua."),
            ["mẫu sai ở dòng"],
            "xem lại {{ }} và {% %}",
            id="a condition without its end",
        ),
        pytest.param(
            TOPICS,
            entry("Hạn là {{ plan.report.before | date }."),
            ["mẫu sai ở dòng 1"],
            "xem lại {{ }} và {% %}",
            id="a brace too few",
        ),
        pytest.param(
            TOPICS,
            entry("{{ plan.number | date }}"),
            ["không điền được"],
            "xem lại",
            id="a filter on the wrong kind of value",
        ),
        pytest.param(
            TOPICS,
            entry("{{ plan.__class__.__mro__ }}"),
            ["không điền được"],
            "xem lại",
            id="a template that reaches for the program",
        ),
        pytest.param(
            TOPICS,
            entry("{% include 'plan.yaml' %}"),
            ["không điền được"],
            "xem lại",
            id="a template that reaches for a file",
        ),
        pytest.param(
            TOPICS,
            entry("<b>Hạn nộp"),
            ["Telegram không nhận HTML này", "Can't find end tag"],
            "đóng đủ thẻ",
            id="unclosed tag",
        ),
        pytest.param(
            TOPICS,
            entry("<p>Hạn nộp</p>"),
            ["Telegram không nhận HTML này", "Unsupported start tag"],
            "chỉ dùng b, i, u",
            id="a tag that Telegram does not know",
        ),
        pytest.param(
            TOPICS,
            entry("Còn < 3 ngày"),
            ["Telegram không nhận HTML này"],
            "đóng đủ thẻ",
            id="a bare less-than sign",
        ),
        pytest.param(
            TOPICS,
            entry("{% if deadline.passed %}<b>Đã qua{% else %}Còn hạn{% endif %}"),
            ["Telegram không nhận HTML này"],
            "đóng đủ thẻ",
            id="unclosed tag in one situation only",
        ),
        pytest.param(
            TOPICS,
            entry("rất dài " * 500),
            ["ký tự, quá 3800"],
            "rút gọn hoặc tách chủ đề",
            id="over-long answer",
        ),
        pytest.param(
            TOPICS,
            entry("{% if deadline.passed %}Đã qua.{% endif %}"),
            ["có lúc trống"],
            "mọi trường hợp",
            id="an answer that is empty before the deadline",
        ),
        pytest.param(
            TOPICS,
            entry("{% if not agency or agency.form %}Có.{% endif %}"),
            ["có lúc trống"],
            "mọi trường hợp",
            id="an answer that is empty for some agencies",
        ),
        pytest.param(
            TOPICS,
            entry("<b> </b>\u200b"),
            ["có lúc trống"],
            "mọi trường hợp",
            id="an answer of invisible characters",
        ),
        pytest.param(
            "words.yaml",
            "ambiguous:\n  sở ab: [so-an, so-binh]\n  sở xy: [so-xy]  # here\n",
            ["“sở xy” trỏ tới cơ quan “so-xy” không có"],
            "agencies.yaml",
            id="a word for an unknown agency",
        ),
        pytest.param(
            "menu.yaml",
            "- title: Tất cả\n  topics:\n    - hoi.*\n    - khac.*  # here\n",
            ["trình đơn nêu chủ đề “khac.*” không có"],
            "sửa mã hoặc bỏ đi",
            id="a menu entry for nothing",
        ),
        pytest.param(
            "agencies.yaml",
            "agencies:\n"
            "  - {id: so-an, name: Sở An, level: province, form: onsite, source: stated, short: [SA]}\n"
            "  - {id: so-binh, name: Sở Bình, level: province, form: onsite, source: stated, short: [sa]}  # here\n"
            "expected:\n"
            "  - {level: province, form: onsite, count: 3}\n"
            "  - {level: province, form: dossier, count: 17}\n"
            "  - {level: district, form: dossier, count: 9}\n",
            ["tên “sa” dùng cho cả “so-an” và “so-binh”"],
            "ambiguous của words.yaml",
            id="an alias that two agencies share",
        ),
        pytest.param(
            "agencies.yaml",
            "agencies:\n"
            "  - {id: so-an, name: Sở An, level: province, form: onsite, source: stated}\n"
            "  - {id: so-binh, name: Sở Bình, level: province, form: onsite, source: stated}\n"
            "expected:\n"
            "  - {level: province, form: onsite, count: 4}\n"
            "  - {level: province, form: dossier, count: 17}\n"
            "  - {level: district, form: dossier, count: 9}\n",
            ["kế hoạch nêu 5 cơ quan (onsite) nhưng tệp có 2 và chờ thêm 4"],
            "sửa count trong expected",
            id="one agency too many on site",
        ),
        pytest.param(
            "agencies.yaml",
            "agencies:\n"
            "  - {id: so-an, name: Sở An, level: province, form: onsite, source: stated}\n"
            "  - {id: so-binh, name: Sở Bình, level: province, form: onsite, source: stated}\n"
            "expected:\n"
            "  - {level: province, form: onsite, count: 3}\n"
            "  - {level: province, form: dossier, count: 16}\n"
            "  - {level: district, form: dossier, count: 9}\n",
            ["kế hoạch nêu 17 cơ quan (dossier, province) nhưng tệp có 0 và chờ thêm 16"],
            "sửa count trong expected",
            id="one provincial agency too few",
        ),
    ],
)
def test_a_fault_of_content_names_its_line_and_its_cure(
    file: str, text: str, what: list[str], cure: str, faults_of: FaultsOf
) -> None:
    files = {file: text} if file == TOPICS else {file: text, TOPICS: OTHER}
    assert_one_fault(faults_of({"menu.yaml": "- {title: Tất cả, topics: [hoi.*]}\n"} | files), file, text, what, cure)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("15/11/2021", "report.before | date"),
        ("15/11", "report.before | date"),
        ("15-11-2021", "report.before | date"),
        ("15.11.2021", "report.before | date"),
        ("ngày 15 tháng 11", "report.before | date"),
        ("15 tháng 11 năm 2021", "report.before | date"),
        ("14/11/2021", "report.last_day | date"),
        ("Chủ nhật 14-11", "report.last_day | date"),
        ("12/11", "report.last_working_day | date"),
        ("Kế hoạch 1813/KH-SKHCN", "number"),
        ("kế hoạch số 1813", "number"),
        ("31 cơ quan", "total"),
        ("31 đơn vị", "total"),
        ("5 cơ quan", "onsite"),
        ("05 cơ quan", "onsite"),
        ("26 cơ quan", "dossier"),
        ("17 cơ quan cấp tỉnh", "dossier_province"),
        ("17 sở", "dossier_province"),
        ("9 UBND huyện, thị xã", "dossier_district"),
        ("09 UBND huyện", "dossier_district"),
        ("11 huyện", "district_level"),
        ("Quý IV năm 2021", "period.name"),
        ("quý IV năm 2021", "period.name"),
        ("quý 4 năm 2021", "period.name"),
        ("Quý IV/2021", "period.name"),
    ],
)
def test_an_answer_that_spells_out_what_the_plan_says_is_refused(written: str, path: str, faults_of: FaultsOf) -> None:
    text = entry(f"Đây là {written}, xin lưu ý.")
    faults = faults_of({TOPICS: text})
    assert_one_fault(faults, TOPICS, text, ["dữ kiện đã có trong kế hoạch"], f"thay bằng {{{{ plan.{path} }}}}")


@pytest.mark.parametrize(
    "harmless",
    [
        "Trong 5 ngày làm việc, theo Điều 31 và khoản 15 của mục 11.",
        "Quyết định 19/2014/QĐ-TTg, Thông tư 26/2014/TT-BKHCN.",
        "Hết giá trị từ 15/9/2018; hai bên giữ 02 bản.",
        "Xem điều 9.1.1, 7.1.5 và 8.5.3 của TCVN ISO 9001:2015.",
        "Hạn: {{ plan.report.before | date }}, {{ plan.total }} cơ quan, {{ plan.number }}.",
        "Có 3 cơ quan và 105 đơn vị, 1/31 huyện.",
    ],
)
def test_other_numbers_may_be_written_out(harmless: str, faults_of: FaultsOf) -> None:
    assert faults_of({TOPICS: entry(harmless)}) == []


def test_two_topics_may_share_a_word_and_a_line_of_their_answers(faults_of: FaultsOf) -> None:
    other = OTHER.replace("hoi.khac", "hoi.nua").replace("ai chủ trì]", "ai đứng đầu]")
    assert faults_of({TOPICS: OTHER + other}) == []


def test_a_plan_without_one_of_its_facts_is_refused(faults_of: FaultsOf) -> None:
    faults = faults_of({"plan.yaml": re.sub(r"(?m)^lead: .*\n", "", PLAN)})
    assert [(fault.file.name, fault.what, fault.cure) for fault in faults] == [
        ("plan.yaml", "thiếu “lead”", "thêm khoá “lead” cho mục này")
    ]


def test_a_day_of_the_plan_that_is_no_date_is_refused_at_its_line(faults_of: FaultsOf) -> None:
    text = PLAN.replace("value: 2021-11-15,", "value: giữa tháng,")
    faults = faults_of({"plan.yaml": text})
    line = next(number for number, words in enumerate(text.split("\n"), 1) if "giữa tháng" in words)
    assert [(fault.file.name, fault.line) for fault in faults] == [("plan.yaml", line)]
    assert "“value” sai kiểu" in faults[0].what


def test_a_day_that_the_calendar_does_not_have_is_refused_without_a_stack_trace(faults_of: FaultsOf) -> None:
    faults = faults_of({"plan.yaml": PLAN.replace("value: 2021-11-15,", "value: 2021-11-31,")})
    assert [fault.file.name for fault in faults] == ["plan.yaml"]


def test_a_file_in_another_encoding_is_refused(write_pack: Callable[[dict[str, str]], Path]) -> None:
    folder = write_pack({TOPICS: OTHER})
    (folder / TOPICS).write_bytes("- id: hoi.han\n  ask: Hạn?\n".encode("utf-16"))
    with pytest.raises(PackError) as refused:
        load(folder)
    (fault,) = refused.value.faults
    assert (fault.file, fault.line) == (folder / TOPICS, 0)
    assert "UTF-8" in fault.what
    assert "lưu lại bằng UTF-8" in fault.cure


def test_all_faults_are_told_at_once_in_the_order_of_files_and_lines(faults_of: FaultsOf) -> None:
    faults = faults_of(
        {
            "menu.yaml": "- {title: Tất cả, topics: [khac]}\n",
            TOPICS: OTHER + "  related: [hoi.xa]\n  facts:\n    - Z98\n    - Z99\n",
        }
    )
    assert [(fault.file.name, fault.line) for fault in faults] == [
        ("menu.yaml", 1),
        ("hoi.yaml", 5),
        ("hoi.yaml", 7),
        ("hoi.yaml", 8),
    ]


def test_all_faults_of_form_are_told_at_once(faults_of: FaultsOf) -> None:
    faults = faults_of({"words.yaml": "colour: red\n", TOPICS: "- id: hoi.han\n  ask: Hạn?\n"})
    assert [(fault.file.name, fault.what) for fault in faults] == [
        ("hoi.yaml", "thiếu “answer”"),
        ("hoi.yaml", "thiếu “phrasings”"),
        ("words.yaml", "khoá lạ “colour”"),
    ]


def test_a_missing_folder_is_refused_with_the_names_of_the_shipped_packs(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refused:
        load(tmp_path / "nowhere")
    (fault,) = refused.value.faults
    assert "không có bộ kiến thức này" in fault.what
    assert "binh-phuoc-2021" in fault.cure


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refused:
        load(tmp_path)
    (fault,) = refused.value.faults
    assert fault.file == tmp_path / "topics"
    assert "không có tệp chủ đề nào" in fault.what
    assert "topics/*.yaml" in fault.cure


@pytest.mark.parametrize("text", ["", "[]\n", "# chưa có gì\n", "null\n"])
def test_a_pack_without_a_single_topic_is_refused(text: str, write_pack: Callable[[dict[str, str]], Path]) -> None:
    with pytest.raises(PackError) as refused:
        load(write_pack({TOPICS: text}))
    assert [fault.file.name for fault in refused.value.faults] == ["hoi.yaml"]


def test_a_pack_is_found_by_its_folder_and_by_its_name(tmp_path: Path) -> None:
    assert find(DEFAULT) == SHIPPED / DEFAULT
    assert find(tmp_path) == tmp_path
    assert find(str(tmp_path)) == tmp_path


def test_a_last_day_that_does_not_follow_from_the_deadline_is_refused(faults_of: FaultsOf) -> None:
    wrong = re.sub(r"(  last_day:\s+\{value: 2021-11-)14(.*\})", r"\g<1>15\2  # here", PLAN)
    assert wrong != PLAN
    assert_one_fault(
        faults_of({"plan.yaml": wrong}), "plan.yaml", wrong, ["report.last_day", "2021-11-14"], "2021-11-14"
    )


def test_a_synonym_without_a_partner_is_refused(faults_of: FaultsOf) -> None:
    text = "synonyms:\n  - [hạn chót]  # here\n"
    assert_one_fault(faults_of({"words.yaml": text}), "words.yaml", text, ["còn trống"], "viết nội dung")
