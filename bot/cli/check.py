"""`isobot check`: whether packs are sound."""

import sys
from pathlib import Path

import click

from bot.settings import load as load_settings
from knowledge.checks import check
from knowledge.faults import PackError
from knowledge.pack import find
from knowledge.pack import load as load_pack


@click.command("check")
@click.argument("folders", nargs=-1, metavar="[THƯ_MỤC]…")
def command(folders: tuple[str, ...]) -> None:
    """Kiểm tra bộ kiến thức: mỗi lỗi một dòng, nêu tệp, dòng và cách sửa."""
    sound = True
    for folder in folders or (load_settings().pack,):
        try:
            pack = load_pack(folder)
            faults = check(pack)
        except PackError as error:
            faults = error.faults
        for fault in faults:
            click.echo(str(fault))
        if faults:
            sound = False
            click.echo(f"{_shown(folder)}: {len(faults)} lỗi.", err=True)
        else:
            phrasings = sum(len(topic.phrasings) for topic in pack.topics.values())
            click.echo(f"{_shown(folder)}: không có lỗi ({len(pack.topics)} chủ đề, {phrasings} cách hỏi).")
    sys.exit(0 if sound else 1)


def _shown(folder: str) -> Path:
    try:
        return find(folder)
    except PackError:
        return Path(folder)
