"""The pack's files while the bot runs: changed ones are checked and put into force, faulty ones are refused."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot import logs
from bot.audit import Actor
from bot.store.ledger_tables import Act
from handlers.cards import letter
from handlers.learn import hand_over
from handlers.services import Services
from handlers.texts import say
from knowledge.faults import Fault, PackError
from knowledge.inspection import inspect
from knowledge.pack import Pack, load
from knowledge.pack_files import Fingerprint, fingerprint, version_of

log = logs.of(__name__)

_EVERY = timedelta(minutes=1)

# As whom the log names what nobody did in the chat.
FILES = Actor(None, "Tệp bộ kiến thức")

# So many faults fit on a phone; the rest is counted.
_SHOWN = 5


async def keep_watching(services: Services) -> None:
    """Look at the files each minute of the clock, and at once when asked to; one failure does not end the watching."""
    watch = _Watch(services)
    while True:
        next_look = services.clock.now() + _EVERY
        try:
            await watch.look()
        except Exception:
            log.exception("pack files not looked at, the next look tries again")
        waits = [asyncio.create_task(services.clock.sleep_until(next_look)),
                 asyncio.create_task(services.in_force.asked.wait())]  # fmt: skip
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()


class _Watch:
    """Knows which state of the files has been dealt with."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._folder = services.pack.folder
        self._dealt_with: Fingerprint | None = None
        self._settling: Fingerprint | None = None

    async def look(self) -> None:
        """Deal with the files if they have changed, once they have stood still from one look to the next."""
        asked = self._services.in_force.asked
        at_once = asked.is_set()
        asked.clear()
        found = await asyncio.to_thread(fingerprint, self._folder)
        if found == self._dealt_with:
            return
        if found != self._settling and not at_once:
            # Whoever writes may not be through: half a save would be refused, and nobody wants to hear of that.
            self._settling = found
            return
        version = await asyncio.to_thread(version_of, self._folder)
        if version == self._services.pack.version or await _deal_with(self._services):
            self._dealt_with = found


async def _deal_with(services: Services) -> bool:
    """Check the files, put them into force or say why not; False if they went on changing meanwhile."""
    folder = services.pack.folder
    inspected = await inspect(folder)
    if inspected.faults:
        await _refuse(services, inspected.version, inspected.faults)
        return True
    try:
        pack = await asyncio.to_thread(load, folder)
    except PackError:
        return False
    if not pack.version == inspected.version == await asyncio.to_thread(version_of, folder):
        return False
    recorded = {*await services.submissions.states(), *await services.contacts.reached()}
    faults = await services.in_force.replace(pack, lambda new: _missing(services.pack, new, recorded))
    if faults:
        await _refuse(services, pack.version, faults)
        return True
    await hand_over(services, pack)
    services.metrics.pack_in_force(folder.name, pack.version)
    log.info("pack in force", version=pack.version)
    await services.pack_changes.note(Act.PACK_RELOADED, FILES, pack.version)
    return True


async def _refuse(services: Services, version: str, faults: Sequence[Fault]) -> None:
    folder = services.pack.folder
    shown = [
        {"place": _place(fault, services.pack), "what": fault.what, "cure": fault.cure} for fault in faults[:_SHOWN]
    ]
    told = letter(say("pack_refused", folder=folder.name, faults=shown, others=len(faults) - len(shown)))
    log.warning("pack refused", version=version, faults=len(faults), first=str(faults[0]))
    first = f"{shown[0]['place']}: {shown[0]['what']}"
    await services.pack_changes.note(Act.PACK_REFUSED, FILES, version, told, fault=first, faults=len(faults))


def _place(fault: Fault, pack: Pack) -> str:
    """Where a fault is, as seen from the pack's folder."""
    file = fault.file.relative_to(pack.folder) if fault.file.is_relative_to(pack.folder) else fault.file
    return f"{file.as_posix()}, dòng {fault.line}" if fault.line else file.as_posix()


def _missing(old: Pack, new: Pack, recorded: set[str]) -> list[Fault]:
    """The agencies that there are records of, and that the new pack does not know any more."""
    return [
        Fault(
            new.folder / "agencies.yaml",
            0,
            f"thiếu {old.agencies.everyone[agency].name} ({agency}), cơ quan đã có đầu mối hoặc đã xác nhận",
            "giữ cơ quan này với mã cũ; không phải nộp nữa thì miễn nộp ở /bang",
        )
        for agency in sorted(recorded & old.agencies.everyone.keys() - new.agencies.everyone.keys())
    ]
