"""`isobot ask --jsonl`: other people's scripts send one object a line and get one object a line."""

import asyncio
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.cli.ask import Stream
from knowledge.answer import Answerer

Isobot = Callable[..., tuple[int, str, str]]
Answers = Callable[..., list[dict[str, Any]]]

TOO_LONG = 30


@pytest.fixture
def answers(answerer: Answerer) -> Answers:
    """What a fresh stream says to these lines; objects are written as JSON."""

    def ask(*lines: object) -> list[dict[str, Any]]:
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        return list(Stream(answerer).answers(io.BytesIO(("\n".join(texts) + "\n").encode())))

    return ask


def asked(text: str, **more: str | None) -> dict[str, str | None]:
    """A line with everything that may stand on it."""
    return {"text": text, "agency": None, "at": "2021-11-08", "chat": None} | more


def test_an_answer_has_every_promised_key_in_its_promised_form(answers: Answers) -> None:
    (result,) = answers(asked("hạn nộp báo cáo là ngày nào"))
    assert result["decision"] == "answer"
    assert result["topic"] == "report.deadline"
    assert result["topics"] == ["report.deadline"]
    assert isinstance(result["score"], float)
    assert 0 <= result["score"] <= 1
    assert result["choices"] == []
    assert len(result["ranked"]) == 5
    assert result["ranked"][0][0] == "report.deadline"
    assert all(isinstance(topic, str) and 0 <= share <= 1 for topic, share in result["ranked"])
    assert result["ranked"] == sorted(result["ranked"], key=lambda pair: -pair[1])
    assert result["agency"] is None
    assert result["answer"].startswith("Báo cáo gửi trước ngày 15/11/2021")
    assert "<" not in result["answer"]
    assert result["ms"] >= 0
    assert set(result) == {"decision", "topic", "topics", "score", "choices", "ranked", "agency", "answer", "ms"}


def test_a_refusal_has_no_topic_and_still_says_what_was_nearest(answers: Answers) -> None:
    (result,) = answers(asked("thời tiết hôm nay"))
    assert (result["decision"], result["topic"], result["topics"], result["choices"]) == ("decline", None, [], [])
    assert len(result["ranked"]) == 5
    assert result["answer"]


def test_a_question_back_offers_topics_best_first(answers: Answers) -> None:
    (result,) = answers(asked("huyện BĐ có phải nộp báo cáo không"))
    assert (result["decision"], result["topic"]) == ("choose", None)
    assert 1 <= len(result["choices"]) <= 3
    assert "Bù Đốp" in result["answer"]
    assert "Bù Đăng" in result["answer"]


def test_each_line_has_its_own_agency_and_day(answers: Answers) -> None:
    text = "cơ quan tôi có phải nộp báo cáo không"
    first, second = answers(asked(text, agency="so-xay-dung"), asked(text, agency="ubnd-bu-dop", at="2021-11-15"))
    assert (first["agency"], second["agency"]) == ("so-xay-dung", "ubnd-bu-dop")
    assert "đã qua" not in first["answer"]
    assert "đã qua 1 ngày" in second["answer"]


def test_a_line_needs_nothing_but_a_text(answers: Answers) -> None:
    (result,) = answers({"text": "đoàn kiểm tra gồm những ai"})
    assert result["topic"] == "plan.team"


def test_keys_that_nobody_knows_are_passed_over(answers: Answers) -> None:
    (result,) = answers(asked("đoàn kiểm tra gồm những ai", id="17"))
    assert result["topic"] == "plan.team"


def test_a_follow_up_in_the_same_chat_goes_on_from_what_was_said(answers: Answers) -> None:
    _, result = answers(
        asked("sở xây dựng kiểm tra kiểu gì", chat="a"), asked("thế còn huyện bù đăng thì sao", chat="a")
    )
    assert (result["topic"], result["agency"]) == ("plan.agency-form", "ubnd-bu-dang")


@pytest.mark.parametrize("chat", ["b", None])
def test_a_line_of_another_chat_is_answered_as_if_it_were_the_first(chat: str | None, answers: Answers) -> None:
    follow_up = asked("thế còn huyện bù đăng thì sao", chat=chat)
    (alone,) = answers(follow_up)
    _, after = answers(asked("hạn nộp báo cáo là ngày nào", chat="a"), follow_up)
    assert after | {"ms": 0} == alone | {"ms": 0}


@pytest.mark.parametrize(
    "broken",
    [
        "không phải JSON",
        '{"text": "hạn',
        "[]",
        '"hạn nộp"',
        "null",
        "17",
        "{}",
        '{"text": null}',
        '{"text": 17}',
        '{"text": "a", "at": "hôm nay"}',
        '{"text": "a", "at": "2021-13-45"}',
        '{"text": "a", "agency": 17}',
        '{"text": "a", "chat": {}}',
        '{"text": "\\ud800"}',
    ],
)
def test_a_broken_line_is_an_error_with_its_number_and_the_stream_goes_on(broken: str, answers: Answers) -> None:
    first, error, last = answers(asked("đoàn kiểm tra gồm những ai"), broken, asked("đoàn kiểm tra gồm những ai"))
    assert set(error) == {"error", "line"}
    assert error["line"] == 2
    assert "Dòng 2" in error["error"]
    assert first["topic"] == last["topic"] == "plan.team"


def test_an_unknown_agency_is_an_error_that_names_it_and_the_stream_goes_on(answers: Answers) -> None:
    error, last = answers(asked("a", agency="so-xay-dugn"), asked("đoàn kiểm tra gồm những ai"))
    assert "“so-xay-dugn”" in error["error"]
    assert "topic" not in error
    assert last["topic"] == "plan.team"


def test_every_error_says_on_which_line_it_is(answers: Answers) -> None:
    errors = answers(asked("a", agency="so-xay-dugn"), "không phải JSON")
    assert [error.get("line") for error in errors] == [1, 2]


def test_blank_lines_get_no_answer_and_still_count(answers: Answers) -> None:
    results = answers("", asked("đoàn kiểm tra gồm những ai"), "  ", "không phải JSON")
    assert [result.get("line") for result in results] == [None, 4]


def test_an_empty_text_is_declined(answers: Answers) -> None:
    assert [result["decision"] for result in answers(asked(""), asked("  "), asked("👍"))][:2] == ["decline", "decline"]


def test_a_moment_elsewhere_in_the_world_counts_as_the_day_it_is_in_vietnam(answers: Answers) -> None:
    here, there = answers(
        asked("còn bao nhiêu ngày nữa hết hạn báo cáo", at="2021-11-12"),
        asked("còn bao nhiêu ngày nữa hết hạn báo cáo", at="2021-11-11T18:00:00Z"),
    )
    assert here["topic"] == there["topic"] == "report.days-left"
    assert here["answer"] == there["answer"]


def test_the_command_writes_one_line_for_each_line(
    isobot: Isobot, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = '{"text": "cách mượn sách"}\n?\n{"text": "mấy giờ mở cửa"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), "utf-8"))
    code, printed, complained = isobot("ask", "--jsonl", "--pack", small_pack)
    results = [json.loads(line) for line in printed.splitlines()]
    assert (code, complained) == (0, "")
    assert [result.get("topic", "error") for result in results] == ["muon-sach", "error", "gio-mo-cua"]
    assert results[0]["answer"] == "Xuất trình thẻ & ký tên."


@asynccontextmanager
async def streaming(pack: Path, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The real command with pipes at its ends."""
    pipe = asyncio.subprocess.PIPE
    # A machine that never holds output back would hide a command that does.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    program = "from bot.cli import main; main()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "ask", "--jsonl", "--pack", pack),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=inherited | environment,
    )
    try:
        async with asyncio.timeout(TOO_LONG):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def say(process: asyncio.subprocess.Process, line: bytes) -> None:
    """Write a line to the command."""
    assert process.stdin
    process.stdin.write(line + b"\n")
    await process.stdin.drain()


async def hear(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The next line of the command."""
    assert process.stdout
    result: dict[str, Any] = json.loads(await process.stdout.readline())
    return result


async def test_each_answer_comes_before_the_next_question_is_asked(small_pack: Path) -> None:
    async with streaming(small_pack) as process:
        for text, topic in (("cách mượn sách", "muon-sach"), ("mấy giờ mở cửa", "gio-mo-cua")):
            await say(process, json.dumps({"text": text}, ensure_ascii=False).encode())
            assert (await hear(process))["topic"] == topic
        printed, complained = await process.communicate(b"")
    assert (process.returncode, printed, complained) == (0, b"", b"")


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "utf-8:strict"}],
    ids=lambda environment: "=".join(*environment.items()),
)
async def test_a_line_that_is_no_utf_8_is_an_error_and_the_stream_goes_on(
    environment: dict[str, str], small_pack: Path
) -> None:
    async with streaming(small_pack, **environment) as process:
        await say(process, b'{"text": "\xff\xfe"}')
        await say(process, '{"text": "cách mượn sách"}'.encode())
        printed, complained = await process.communicate(b"")
    results = [json.loads(line) for line in printed.splitlines()]
    assert complained == b""
    assert ["error" in result for result in results] == [True, False]
    assert results[1]["topic"] == "muon-sach"


async def test_the_stream_is_utf_8_on_a_machine_with_another_encoding(small_pack: Path) -> None:
    async with streaming(small_pack, PYTHONIOENCODING="cp1252") as process:
        printed, complained = await process.communicate('{"text": "cách mượn sách"}\n'.encode())
    assert complained == b""
    assert json.loads(printed)["answer"] == "Xuất trình thẻ & ký tên."


async def test_a_reader_that_leaves_gets_no_stack_trace(small_pack: Path) -> None:
    async with streaming(small_pack) as process:
        await say(process, b'{"text": "a"}')
        await hear(process)
        transport = process._transport  # type: ignore[attr-defined]
        transport.get_pipe_transport(1).close()
        for _ in range(3):
            await say(process, b'{"text": "a"}')
        assert process.stdin
        process.stdin.close()
        assert process.stderr
        complained = await process.stderr.read()
        await process.wait()
    assert b"Traceback" not in complained
