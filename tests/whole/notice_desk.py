"""A coordinator at work on notices, and those who get them."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.pace import Pace
from bot.sandbox.messages import Message
from handlers.services import Services
from tests.whole.town import COORDINATOR, Someone, Town, labels, until

SEND, PAUSE, RESUME, STOP, READ = "Gửi", "Tạm dừng", "Tiếp tục", "Dừng hẳn", "Đã đọc"
HAVE_READ = "👁 Đã đọc"
NAMES = ("Nguyễn Văn Tư", "Trần Thị Năm", "Lê Văn Sáu", "Phạm Thị Bảy")


@dataclass(frozen=True)
class Desk:
    """A coordinator, and contacts of agencies who have all opened the bot."""

    town: Town
    ha: Someone
    contacts: dict[str, Someone]

    @property
    def services(self) -> Services:
        services: Services = self.town.demo.application.bot_data
        return services

    async def write(self, text: str = "Họp lúc 14:00\nmời các anh chị") -> Message:
        """Write a notice; the card that asks whom it is for."""
        await self.ha.asks("/thongbao")
        _, card = await self.ha.says(text)
        return card

    async def choose(self, card: Message, audience: str) -> None:
        """Choose whom it is for, whatever their number."""
        [label] = [label for label in labels(card) if label.startswith(audience)]
        await self.ha.presses(card, label)

    async def send(self, audience: str = "Tất cả cơ quan", text: str = "Họp lúc 14:00\nmời các anh chị") -> Message:
        """Write a notice, choose whom it is for and send it; its card."""
        card = await self.write(text)
        await self.choose(card, audience)
        await self.ha.presses(card, SEND)
        return card

    async def sent(self, **options: Any) -> Message:
        """The same, and wait until it is out."""
        card = await self.send(**options)
        await until(lambda: card.text.startswith("Đã gửi xong"))
        await until(lambda: all(row["is_final"] for row in self.town.rows("notice_cards")))
        return card

    def slow(self, rate: float) -> None:
        """Let notices go out so slowly that there is time to do something meanwhile."""
        self.services.bulk._pace = Pace(rate)

    def got(self, text: str) -> list[str]:
        """The agencies whose contact has a message with this text."""
        return [agency for agency, one in self.contacts.items() if any(text in heard.text for heard in one.heard())]

    def notice_of(self, agency: str) -> Message:
        """The newest message to an agency's contact."""
        return self.contacts[agency].heard()[-1]


async def open_desk(town: Town, count: int = 4) -> Desk:
    """Contacts for the first agencies of the plan, and nobody else."""
    services: Services = town.demo.application.bot_data
    for agency in list(await services.contacts.reached()):
        for contact in await services.contacts.of(agency):
            async with services.contacts._database.session() as session:
                await services.contacts.unlink_in(session, contact.person_id, agency)
    listed = [agency.id for agency in services.pack.agencies.listed if not agency.is_lead][:count]
    contacts = {}
    for agency, name in zip(listed, NAMES * count, strict=False):
        contacts[agency] = town.someone(name)
        await services.contacts.link(contacts[agency].id, agency, name)
    return Desk(town, town.person(COORDINATOR), contacts)


async def settled(desk: Desk) -> None:
    """Wait until nothing is on its way."""
    async with asyncio.timeout(10):
        while [row for row in desk.town.rows("outgoing") if row["state"] == "waiting" and row["claimed_at"]]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
