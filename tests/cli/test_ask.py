"""`isobot ask`: one question, one answer."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.cli.options import Moment
from bot.clock import Clock

Isobot = Callable[..., tuple[int, str, str]]


def test_an_answer_is_printed_as_a_person_reads_it(isobot: Isobot) -> None:
    code, printed, complained = isobot("ask", "hạn nộp báo cáo là ngày nào", "--at", "2021-11-08")
    assert (code, complained) == (0, "")
    assert printed.startswith("Báo cáo gửi trước ngày 15/11/2021 – chậm nhất Chủ nhật, 14/11/2021.\n")
    assert "Còn 6 ngày (5 ngày làm việc" in printed
    assert printed.endswith("Nguồn: Kế hoạch 1813/KH-SKHCN (VietQ.vn, 11/11/2021) · cập nhật 11/2021\n")
    assert "<b>" not in printed


def test_the_day_and_the_askers_agency_are_heeded(isobot: Isobot) -> None:
    _, printed, _ = isobot(
        "ask", "cơ quan tôi có phải nộp báo cáo không", "--agency", "ubnd-bu-dang", "--at", "2021-11-16T09:00", "--json"
    )
    result = json.loads(printed)
    assert (result["decision"], result["topic"], result["agency"]) == ("answer", "report.my-agency", "ubnd-bu-dang")
    assert "đã qua 2 ngày" in result["answer"]


def test_a_pack_of_ones_own_is_asked_with_pack(isobot: Isobot, small_pack: Path) -> None:
    assert isobot("ask", "cách mượn sách", "--pack", small_pack) == (0, "Xuất trình thẻ & ký tên.\n", "")


def test_a_pack_of_ones_own_is_asked_with_a_variable(
    isobot: Isobot, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_PACK", str(small_pack))
    assert isobot("ask", "mấy giờ mở cửa") == (0, "Từ 8 giờ đến 17 giờ.\n", "")


def test_json_is_one_line_with_the_promised_keys(isobot: Isobot, small_pack: Path) -> None:
    code, printed, _ = isobot("ask", "mấy giờ mở cửa", "--pack", small_pack, "--json")
    assert code == 0
    assert printed.count("\n") == 1
    assert "ấ" not in json.loads(printed)["answer"]
    assert set(json.loads(printed)) == {
        "decision",
        "topic",
        "topics",
        "score",
        "choices",
        "ranked",
        "agency",
        "answer",
        "ms",
    }


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_an_agency_that_is_not_in_the_pack_is_one_line_of_complaint(
    arguments: list[str], isobot: Isobot, small_pack: Path
) -> None:
    code, printed, complained = isobot("ask", "a", "--agency", "so-xay-dugn", "--pack", small_pack, *arguments)
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
    assert "“so-xay-dugn”" in complained


def test_a_pack_that_cannot_be_read_is_its_faults_and_no_stack_trace(isobot: Isobot, broken_pack: Path) -> None:
    code, printed, complained = isobot("ask", "a", "--pack", broken_pack)
    assert (code, printed) == (1, "")
    assert "hoi.yaml" in complained
    assert "Cách sửa: " in complained
    assert "Traceback" not in complained


def test_a_pack_that_is_not_there_is_one_line(isobot: Isobot, tmp_path: Path) -> None:
    code, printed, complained = isobot("ask", "a", "--pack", tmp_path / "nowhere")
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
    assert "không có bộ kiến thức này" in complained
    assert "binh-phuoc-2021" in complained


@pytest.mark.parametrize(
    ("name", "value"),
    [("ISOBOT_COORDINATORS", "An, Bình"), ("ISOBOT_AT", "sáng mai"), ("ISOBOT_API_URL", "127.0.0.1:8081")],
)
@pytest.mark.parametrize("command", [["ask", "a"], ["check"]])
def test_a_wrong_variable_is_one_line_that_names_it(
    name: str, value: str, command: list[str], isobot: Isobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    code, printed, complained = isobot(*command)
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
    assert name in complained
    assert "ví dụ" in complained


def test_a_wrong_line_of_the_env_file_is_named_too(isobot: Isobot, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ISOBOT_COORDINATORS=An\n", "utf-8")
    code, _, complained = isobot("check")
    assert code == 1
    assert "ISOBOT_COORDINATORS" in complained


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "a", "--jsonl"]])
def test_a_question_or_a_stream_is_asked_for_but_not_both(arguments: list[str], isobot: Isobot) -> None:
    code, printed, complained = isobot(*arguments)
    assert (code, printed) == (2, "")
    assert "--jsonl" in complained


def test_a_day_that_is_no_day_is_refused_with_an_example(isobot: Isobot) -> None:
    code, _, complained = isobot("ask", "a", "--at", "hôm nay")
    assert code == 2
    assert "“hôm nay”" in complained
    assert "2021-11-08" in complained


def test_a_moment_may_be_a_day_or_a_time() -> None:
    assert Moment().convert("2021-11-08", None, None).date() == date(2021, 11, 8)
    assert Moment().convert("2021-11-08T08:30", None, None).hour == 8


def test_without_a_day_it_is_today_in_vietnam(isobot: Isobot, small_pack: Path) -> None:
    today = '- {id: hom-nay, ask: Hôm nay ngày mấy?, phrasings: [hôm nay ngày mấy], answer: "{{ today | date }}"}\n'
    (small_pack / "topics" / "hoi.yaml").write_text(today, "utf-8")
    before = Clock().today()
    _, printed, _ = isobot("ask", "hôm nay ngày mấy", "--pack", small_pack)
    assert printed.strip() in {f"{day:%d/%m/%Y}" for day in (before, Clock().today())}


def test_without_a_day_the_clock_starts_where_the_settings_say(
    isobot: Isobot, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = '- {id: hom-nay, ask: Hôm nay ngày mấy?, phrasings: [hôm nay ngày mấy], answer: "{{ today | date }}"}\n'
    (small_pack / "topics" / "hoi.yaml").write_text(today, "utf-8")
    monkeypatch.setenv("ISOBOT_AT", "2021-11-08T08:00")
    assert isobot("ask", "hôm nay ngày mấy", "--pack", small_pack) == (0, "08/11/2021\n", "")


def test_asking_on_the_terminal_waits_neither_for_telegram_nor_for_a_database() -> None:
    program = (
        "import sys; from bot.cli import isobot; isobot.get_command(None, 'ask');"
        " print([name for name in ('telegram', 'sqlalchemy', 'starlette') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
