"""`isobot new-pack`: a pack for another plan, from what somebody says of it."""

import sys
from datetime import date
from pathlib import Path

import click
import yaml

from bot.clock import Clock
from knowledge.brief import QUESTIONS, AnswerError, Brief, Question, read_answers, read_file, remark
from knowledge.faults import PackError
from knowledge.new_pack import make
from knowledge.roster_file import RosterError

_INTRO = """\
Những gì anh/chị nhập là nguồn của trợ lý. Điều kế hoạch không nêu thì Enter để trống: trợ lý sẽ nói là nguồn hiện có \
không nêu, không đoán. Mục có dấu * phải có. Dừng bằng Ctrl-C; những gì đã nhập vẫn còn."""


@click.command("new-pack")
@click.argument("folder", metavar="THƯ_MỤC", type=click.Path(path_type=Path))
@click.option("--from", "answers_file", metavar="TỆP.yaml", type=click.Path(path_type=Path),
              help="Lấy câu trả lời từ tệp này, không hỏi.")  # fmt: skip
@click.option("--agencies", metavar="TỆP", help="Danh sách cơ quan, CSV hoặc XLSX: Cơ quan, Cấp, Hình thức.")
@click.option("--questions", is_flag=True, help="Chỉ in một tệp câu hỏi trống cho --from.")
def command(folder: Path, answers_file: Path | None, agencies: str | None, questions: bool) -> None:
    """Lập bộ kiến thức cho một kế hoạch khác: hỏi từng dữ kiện, ghi thư mục dùng được ngay."""
    if questions:
        click.echo("".join(f"# {one.asks}{' *' if one.required else ''}\n{one.key}:\n" for one in QUESTIONS), nl=False)
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.ClickException(f"{folder} đã có và không trống. Chọn thư mục khác; không có gì bị ghi đè.")
    given = {"agencies": agencies} if agencies else {}
    kept = folder.parent / f"{folder.name}.nhap.yaml"
    try:
        brief = read_answers(read_file(answers_file) | given) if answers_file else _asked(kept, given)
    except AnswerError as error:
        raise click.ClickException(f"Chưa ghi gì.\n{error}") from None
    _write(folder, brief, Clock().today())
    kept.unlink(missing_ok=True)


def _write(folder: Path, brief: Brief, today: date) -> None:
    click.echo("Đang ghi và kiểm tra bộ kiến thức, khoảng mười giây…")
    try:
        pack = make(folder, brief, today)
    except RosterError as error:
        raise click.ClickException(f"Chưa ghi gì, danh sách cơ quan có lỗi:\n{error}") from None
    except PackError as error:
        raise click.ClickException(f"Chưa ghi gì, bộ kiến thức sẽ có lỗi:\n{error}") from None
    except OSError as error:
        raise click.ClickException(f"Không ghi được {folder} ({error.strerror}).") from None
    click.echo(f"{folder}: {len(pack.topics)} chủ đề, {len(pack.agencies.listed)} cơ quan có tên.")
    if brief.missing:
        click.echo(f"Trợ lý sẽ nói là nguồn không nêu: {', '.join(brief.missing)}.")
    click.echo(f'Thử: isobot ask --pack {folder} "hạn nộp báo cáo khi nào"; dùng: đặt ISOBOT_PACK={folder}')


def _asked(kept: Path, given: dict[str, str]) -> Brief:
    """What the person at the terminal says; kept after each answer, so that stopping loses nothing."""
    answers = (read_file(kept) if kept.exists() else {}) | given
    click.echo(_INTRO)
    if answers:
        click.echo(f"Đã có {len(answers)} câu trả lời; hỏi tiếp các mục còn lại.")
    for number, question in enumerate(QUESTIONS, 1):
        if question.key in answers:
            continue
        try:
            answers[str(question.key)] = _answer(question, f"{number}/{len(QUESTIONS)}")
        except click.Abort:
            raise click.ClickException(f"Đã dừng. Chạy lại lệnh này để nhập tiếp; phần đã nhập ở {kept}") from None
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(yaml.safe_dump(answers, allow_unicode=True, sort_keys=False), "utf-8")
    return read_answers(answers)


def _answer(question: Question, place: str) -> str:
    """One answer that can be taken; a script that gives another is stopped: its next lines answer other things."""
    star = " *" if question.required else ""
    while True:
        answer: str = click.prompt(f"[{place}] {question.asks}{star}", default="", show_default=False)
        try:
            said = _looked_at(question, answer)
        except AnswerError as error:
            if not sys.stdin.isatty():
                raise AnswerError(f"{question.key}: {error}") from None
            click.echo(f"  {error}.")
            continue
        if said:
            click.echo(f"  {said}")
        return answer.strip()


def _looked_at(question: Question, answer: str) -> str:
    """What is worth a second look in an answer."""
    if answer.strip():
        return remark(question, question.read(answer))
    if question.required:
        raise AnswerError("mục này phải có")
    return ""
