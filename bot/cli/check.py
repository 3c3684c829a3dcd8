"""`isobot check`: whether packs are sound."""

import sys

import click

from bot.settings import load as load_settings
from knowledge.checks import check
from knowledge.faults import Fault, PackError
from knowledge.pack import load as load_pack


@click.command("check")
@click.argument("folders", nargs=-1, metavar="[THƯ_MỤC]…")
def command(folders: tuple[str, ...]) -> None:
    """Kiểm tra bộ kiến thức: mỗi lỗi một dòng, nêu tệp, dòng và cách sửa."""
    sound = True
    for folder in folders or (load_settings().pack,):
        faults, summary = _check(folder)
        for fault in faults:
            click.echo(str(fault))
        click.echo(f"{folder}: {summary}")
        sound = sound and not faults
    sys.exit(0 if sound else 1)


def _check(folder: str) -> tuple[list[Fault], str]:
    """The faults of a pack, and what to say of it in one line."""
    try:
        pack = load_pack(folder)
        faults = check(pack)
    except PackError as error:
        return error.faults, f"{len(error.faults)} lỗi."
    if faults:
        return faults, f"{len(faults)} lỗi."
    phrasings = sum(len(topic.phrasings) for topic in pack.topics.values())
    return [], f"không có lỗi ({len(pack.topics)} chủ đề, {phrasings} cách hỏi)."
