"""`isobot eval`: how well a pack answers questions with known answers; and fitting its calibration."""

import json
import sys
from pathlib import Path
from typing import Any

import click
import yaml

from bot.cli import options
from bot.settings import load as load_settings
from knowledge.answer import Answerer
from knowledge.calibration import Thresholds
from knowledge.evaluate import Score, score, score_held_out
from knowledge.fit import Swept, fit, sample
from knowledge.pack import load as load_pack
from knowledge.questions import Labelled, covered, read_questions

_MOST_CONFUSIONS = 15


@click.command("eval")
@options.pack
@click.option(
    "--questions",
    type=click.Path(path_type=Path),
    metavar="TỆP",
    help="Bộ câu hỏi; mặc định là questions.jsonl của bộ.",
)
@click.option("--held-out", is_flag=True, help="Chấm bằng chính các cách hỏi của bộ, mỗi lần giấu đi một phần mười.")
@click.option("--sweep", is_flag=True, help="Thử các ngưỡng và in kết quả của từng cặp.")
@click.option("--fit", "refit", is_flag=True, help="Chỉnh lại độ tin cậy và ghi vào calibration.yaml của bộ.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def command(pack: str | None, questions: Path | None, held_out: bool, sweep: bool, refit: bool, as_json: bool) -> None:
    """Chấm điểm bộ kiến thức bằng các câu hỏi đã biết đáp án."""
    loaded = load_pack(pack or load_settings().pack)
    asked = _questions(questions or loaded.folder / "questions.jsonl", optional=questions is None)
    asked = list(covered(asked, loaded.topics))
    if sweep or refit:
        calibration, swept = fit(sample(loaded, asked))
        _show_sweep(swept, calibration.thresholds)
        if refit:
            file = loaded.folder / "calibration.yaml"
            header = "# Fitted by `isobot eval --fit`; not edited by hand.\n"
            file.write_text(header + yaml.safe_dump(calibration.model_dump(), sort_keys=False), "utf-8")
            click.echo(f"Đã ghi {file}.")
        return
    if not held_out and not asked:
        raise click.ClickException("Bộ này không có questions.jsonl. Đưa --questions TỆP hoặc dùng --held-out.")
    result = score_held_out(loaded) if held_out else score(Answerer(loaded), asked)
    if as_json:
        json.dump(_as_json(result), sys.stdout, ensure_ascii=False, indent=1)
        click.echo()
    else:
        _show(result)


def _questions(file: Path, *, optional: bool) -> list[Labelled]:
    return [] if optional and not file.exists() else read_questions(file)


def _as_json(result: Score) -> dict[str, Any]:
    return {
        "summary": result.summary(),
        "styles": {name: part.summary() for name, part in result.by(lambda one: one.style).items()},
        "topics": {name: part.summary() for name, part in result.by(lambda one: one.topic or "—").items()},
        "confusions": [[right, taken, count] for (right, taken), count in result.confusions().most_common()],
        "calibration": [[round(said, 3), round(was, 3), count] for said, was, count in result.calibration()],
    }


def _show(result: Score) -> None:
    click.echo(f"{'':24}{'câu':>6}{'đúng':>8}{'hoặc gợi ý':>12}{'sai':>7}{'ngoài: không trả lời':>22}")
    _show_line("tất cả", result)
    for name, part in result.by(lambda one: one.style).items():
        _show_line(name, part)
    figures = result.summary()
    best, three = figures["best_is_right"], figures["best_three_have_it"]
    click.echo(f"\nĐáp án đứng đầu: {best:.1%}; trong ba chủ đề đầu: {three:.1%}.")
    click.echo("\nTheo chủ đề, kém nhất trước:")
    topics = [item for item in result.by(lambda one: one.topic or "").items() if item[0]]
    for name, part in sorted(topics, key=lambda item: item[1].summary()["right"])[:_MOST_CONFUSIONS]:
        _show_line(name, part)
    click.echo("\nNhầm lẫn (đáp án → đã trả lời):")
    for (right, taken), count in result.confusions().most_common(_MOST_CONFUSIONS):
        click.echo(f"  {count:3} × {right} → {taken}")
    click.echo("\nĐộ tin cậy (nói ra → thực tế đúng):")
    for said, was, count in result.calibration():
        click.echo(f"  {said:.2f} → {was:.2f}  ({count} câu)")


def _show_line(name: str, part: Score) -> None:
    figures = part.summary()
    click.echo(
        f"{name:24}{figures['questions']:6.0f}{figures['right']:8.1%}{figures['right_or_offered']:12.1%}"
        f"{figures['wrong']:7.1%}{figures['outside_not_answered']:22.1%}"
    )


def _show_sweep(swept: list[Swept], chosen: Thresholds) -> None:
    click.echo("trả lời từ  hỏi lại từ   đúng  hoặc gợi ý    sai  ngoài: không trả lời  chi phí")
    for one in swept:
        sign = " ←" if (one.answer, one.choose) == (chosen.answer, chosen.choose) else ""
        click.echo(
            f"{one.answer:10.2f}{one.choose:12.2f}{one.right:7.1%}{one.right_or_offered:12.1%}{one.wrong:7.1%}"
            f"{one.outside_not_answered:22.1%}{one.cost:9.3f}{sign}"
        )
