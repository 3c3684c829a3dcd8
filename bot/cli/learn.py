"""`isobot learn`: what coordinators taught the bot, written into the pack's files for its next version."""

import asyncio

import click

from bot.cli import options
from bot.clock import Clock
from bot.phrasings import Added, Phrasings
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.store.database import DatabaseError, open_database
from knowledge.pack import Pack
from knowledge.pack import load as load_pack
from knowledge.phrasings import Phrasing
from knowledge.revision import Revision, revise


@click.command("learn")
@options.pack
@click.option("--dry-run", is_flag=True, help="Chỉ in thay đổi, không ghi gì.")
def command(pack: str | None, dry_run: bool) -> None:
    """Ghi các cách hỏi mà cán bộ điều phối đã thêm vào topics/*.yaml của bộ kiến thức."""
    settings = load_settings()
    try:
        asyncio.run(_learn(settings, load_pack(pack or settings.pack), dry_run=dry_run))
    except DatabaseError as error:
        raise click.ClickException(str(error)) from None


async def _learn(settings: Settings, pack: Pack, *, dry_run: bool) -> None:
    async with open_database(settings.sqlalchemy_url) as database:
        phrasings = Phrasings(database, Clock(settings.at))
        added = await phrasings.unwritten()
        revision = revise(pack, [Phrasing(one.topic, one.text) for one in added])
        _tell(pack, added, revision)
        if faults := revision.faults():
            raise click.ClickException("\n".join(["Chưa ghi gì, vì bộ kiến thức sẽ có lỗi:", *map(str, faults)]))
        if dry_run:
            click.echo(revision.diff(), nl=False)
            return
        try:
            revision.write()
        except OSError as error:
            click.echo(revision.diff(), nl=False)
            raise click.ClickException(
                f"Không ghi được vào {pack.folder} ({error.strerror}); thay đổi in ở trên."
            ) from None
        await phrasings.note_written(one.id for one in added if one.topic in pack.topics)
        click.echo(f"{pack.folder}: đã ghi {len(revision.phrasings)} cách hỏi.")


def _tell(pack: Pack, added: list[Added], revision: Revision) -> None:
    """A line for each phrasing: where it goes, or why it goes nowhere."""
    for one in added:
        if one.topic not in pack.topics:
            click.echo(f"bỏ qua “{one.text}”: bộ này không có chủ đề “{one.topic}”.", err=True)
        elif Phrasing(one.topic, one.text) in revision.phrasings:
            file = pack.places[one.topic][0].file.relative_to(pack.folder)
            click.echo(f"{file.as_posix()}: {one.topic} ← “{one.text}”")
        else:
            click.echo(f"bỏ qua “{one.text}”: bộ này đã có.", err=True)
