"""Agencies of the plan with people who act for them, and what these do again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.audit import Actor
from bot.sandbox.messages import Message
from bot.states import State
from tests.whole.town import COORDINATOR, Someone, Town, labels

# Who runs the bot has no number on Telegram.
OPERATOR = Actor(None, "isobot")


@dataclass(frozen=True)
class Office:
    """An agency and its contacts."""

    town: Town
    agency: str
    name: str
    contacts: Sequence[Someone]

    @property
    def contact(self) -> Someone:
        """The one who does what any of them may do."""
        return self.contacts[0]

    async def form(self, way: str = "Email") -> Message:
        """The form of a confirmation, opened by the contact, with the way of sending chosen."""
        card = await self.contact.asks(f"/xacnhan {self.name}")
        if way in labels(card):
            await self.contact.presses(card, way)
        return card

    async def confirms(self, way: str = "Email") -> Message:
        """The receipt of a confirmation in two taps."""
        card = await self.form(way)
        assert (await self.contact.presses(card, "Xác nhận")).toasts == ["Đã xác nhận."]
        assert card.text.startswith("Biên nhận số"), card.text
        return card

    def review(self) -> Message:
        """The coordinator's card on the newest version."""
        cards = [card for card in self.town.person(COORDINATOR).heard() if "mã kiểm tra" in card.text]
        return [card for card in cards if self.name in card.text][-1]

    async def accepted(self) -> Message:
        """The coordinator's card, after accepting what the card shows."""
        card = self.review()
        assert (await self.town.person(COORDINATOR).presses(card, "Tiếp nhận")).toasts == ["Đã tiếp nhận."]
        return card

    async def returned(self, reason: str = "thiếu phụ lục") -> Message:
        """What the contact is told when the coordinator returns what the card shows."""
        coordinator = self.town.person(COORDINATOR)
        await coordinator.presses(self.review(), "Trả lại")
        form = await coordinator.asks(reason)
        assert (await coordinator.presses(form, "Trả lại")).toasts == ["Đã trả lại."]
        return self.contact.heard()[-1]

    async def withdraws(self) -> None:
        """Withdraw what was confirmed."""
        page = await self.contact.asks(f"/tinhtrang {self.name}")
        [sure] = (await self.contact.presses(page, "Rút xác nhận")).replies
        assert (await self.contact.presses(sure, f"Rút xác nhận của {self.name}")).toasts == ["Đã rút xác nhận."]

    async def waived(self, reason: str = "đã sáp nhập") -> None:
        """Be let off by the coordinator."""
        coordinator = self.town.person(COORDINATOR)
        page = await coordinator.asks(f"/tinhtrang {self.name}")
        await coordinator.presses(page, "Miễn nộp")
        form = await coordinator.asks(reason)
        assert (await coordinator.presses(form, "Miễn nộp")).toasts == ["Đã ghi nhận miễn nộp."]

    async def brought_to(self, state: State) -> None:
        """Go from nothing to a state."""
        if state is State.WAIVED:
            await self.waived()
        elif state is not State.NOT_OPENED:
            await self.confirms()
        match state:
            case State.ACCEPTED:
                await self.accepted()
            case State.RETURNED:
                await self.returned()
            case State.AMENDED:
                await self.confirms()
            case State.WITHDRAWN:
                await self.withdraws()
        assert self.story()[-1:] == ([] if state is State.NOT_OPENED else [state])

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What a table holds of this agency, in order."""
        return [row for row in self.town.rows(table) if row["agency"] == self.agency]

    def story(self) -> list[str]:
        """The states that the submission went through."""
        return [str(step["after"]) for step in self.rows("steps")]


async def open_office(town: Town, *names: str) -> Office:
    """An agency with which nothing has happened yet, and contacts of these names."""
    services = town.demo.application.bot_data
    town.person(COORDINATOR).person.started = True
    agency = town.fresh_agency()
    contacts = [town.someone(name) for name in names or ("Hoàng Thị Cúc",)]
    for contact in contacts:
        await services.contacts.link(contact.id, agency.id, contact.person.name)
    return Office(town, agency.id, agency.name, contacts)


async def invite_coordinator(town: Town, name: str = "Vũ Văn Khoa") -> Someone:
    """A second coordinator, who used the code that the one who runs the bot has given."""
    services = town.demo.application.bot_data
    issued = await services.invitations.issue(OPERATOR, None)
    khoa = town.someone(name)
    await khoa.presses(await khoa.asks(f"/start {issued.code}"), "Đồng ý")
    return khoa
