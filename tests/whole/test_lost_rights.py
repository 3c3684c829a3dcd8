"""Buttons of those who may not, or may no longer: every kind of button there is, by whose it is.

A new kind is tried here by what kinds_of_buttons.py says of it; a new dialogue without a way to open it fails.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.sandbox.messages import Message
from bot.states import State
from handlers.buttons import Code
from knowledge.answer import Answerer
from tests.conftest import NewStore
from tests.whole.conftest import open_town
from tests.whole.kinds_of_buttons import KINDS, QUESTION_KINDS, Right
from tests.whole.offices import OPERATOR, Office, invite_coordinator, open_office
from tests.whole.town import BOT, Pressed, Someone, Town, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

IN_PRIVATE = "Nút này chỉ dùng trong trò chuyện riêng với trợ lý."
DESK = [code for code, kind in KINDS.items() if kind.right is Right.COORDINATOR]
DESK_DIALOGUES = {kind.dialogue for kind in KINDS.values() if kind.right is Right.COORDINATOR_IN_DIALOGUE}

# An invitation is its own right, leaving is everybody's, and who has got a notice has read it, whatever they are now.
STILL_THEIRS = {Code.LINK, Code.CANCEL, Code.NOTICE_READ}
CONTACTS = [
    code
    for code, kind in KINDS.items()
    if kind.right in (Right.CONTACT, Right.CONTACT_IN_DIALOGUE) and code not in STILL_THEIRS
]

_LEAVES = "DELETE FROM coordinators"
_IS_BACK = "INSERT INTO coordinators (person_id, name, since) VALUES ({}, 'Khoa', '2021-11-08 01:00:00.000000')"


@dataclass(frozen=True)
class Stage:
    """A coordinator who was invited, agencies, and a notice that is out."""

    town: Town
    khoa: Someone
    office: Office
    waived: Office
    fresh: Office
    question: int

    def data(self, code: Code) -> str:
        """What a true button carries."""
        kind = KINDS[code]
        office = {State.WAIVED: self.waived, State.NOT_OPENED: self.fresh}.get(kind.state, self.office)
        values = {
            "agency": office.agency,
            "other": self.fresh.agency,
            "steps": len(office.rows("steps")),
            "receipt": self.office.rows("versions")[0]["id"],
            "invitation": self.town.rows("invitations")[0]["id"],
            "mine": self.question,
        }
        filled = kind.true
        for name, value in values.items():
            filled = filled.replace(f"{{{name}}}", str(value))
        return f"{code}:{filled}" if filled else code.value

    async def change(self, statement: str) -> None:
        """Change the records behind the bot's back."""
        async with self.town.demo.application.bot_data.coordinators._database.writing() as session:
            await session.execute(text(statement))

    async def lead_nowhere(self, one: Someone, message: Message, codes: Iterable[Code]) -> dict[Code, Pressed]:
        """Press true buttons, each of which is answered; they leave no trace."""
        remembered, pressed = self.town.remembered(), {}
        for code in codes:
            before = message.text, labels(message)
            pressed[code] = await one.forces(message.id, self.data(code), chat_id=message.chat.id)
            assert len(pressed[code].toasts) == 1, code
            assert bool(pressed[code].toasts[0]) != (len(pressed[code].replies) == 1), code
            assert (message.text, labels(message)) == before, code
        assert self.town.remembered() == remembered
        return pressed


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    answerer: Answerer, tmp_path_factory: pytest.TempPathFactory, new_store: NewStore
) -> AsyncIterator[Stage]:
    async with open_town(answerer, tmp_path_factory.mktemp("rights") / "data", new_store) as town:
        khoa, dan = await invite_coordinator(town), town.someone()
        office, waived, fresh = await open_office(town), await open_office(town), await open_office(town)
        await office.brought_to(State.CONFIRMED)
        await waived.brought_to(State.WAIVED)
        await town.demo.application.bot_data.invitations.issue(OPERATOR, office.agency)
        await dan.asks("xyzzy plugh")
        [question] = town.questions_of(dan)
        opened = Stage(town, khoa, office, waived, fresh, question["id"])
        card = await _notice(opened)
        await khoa.presses(card, next(label for label in labels(card) if label.startswith("Tất cả cơ quan")))
        await khoa.presses(card, "Gửi")
        await until(lambda: card.text.startswith("Đã gửi xong"))
        await until(lambda: all(row["is_final"] for row in town.rows("notice_cards")))
        yield opened


async def _send_back(stage: Stage) -> Message:
    await stage.khoa.forces(stage.khoa.last, stage.data(Code.SEND_BACK))
    return await stage.khoa.asks("thiếu phụ lục")


async def _waive(stage: Stage) -> Message:
    await stage.khoa.forces(stage.khoa.last, stage.data(Code.WAIVE))
    return await stage.khoa.asks("đã sáp nhập")


async def _extend(stage: Stage) -> Message:
    await stage.khoa.asks(f"/giahan {stage.office.name}")
    return await stage.khoa.asks("19/11/2021 vì dịch")


async def _reply(stage: Stage) -> Message:
    await stage.khoa.forces(stage.khoa.last, stage.data(Code.RESPOND))
    return await stage.khoa.asks("một câu trả lời")


async def _switch(stage: Stage) -> Message:
    await stage.khoa.asks("/phuongan")
    return await stage.khoa.asks("dịch còn phức tạp")


async def _notice(stage: Stage) -> Message:
    await stage.khoa.asks("/thongbao")
    _, card = await stage.khoa.says("Họp lúc 14:00")
    return card


OPENED: dict[str | None, Callable[[Stage], Awaitable[Message]]] = {
    "send-back": _send_back,
    "waive": _waive,
    "extend": _extend,
    "reply": _reply,
    "switch": _switch,
    "notice": _notice,
}


async def test_every_dialogue_of_the_desk_can_be_opened_here() -> None:
    assert set(OPENED) == DESK_DIALOGUES


async def test_who_ceased_to_coordinate_presses_no_button_of_the_desk(stage: Stage) -> None:
    await stage.khoa.asks("/help")
    await stage.change(_LEAVES)
    pressed = await stage.lead_nowhere(stage.khoa, stage.khoa.heard()[-1], DESK)
    told = [reply.text for one in pressed.values() for reply in one.replies]
    assert not any(agency in text for text in told for agency in ("Sở ", "UBND"))
    await stage.change(_IS_BACK.format(stage.khoa.id))


@pytest.mark.parametrize("dialogue", sorted(filter(None, DESK_DIALOGUES)))
async def test_who_ceased_to_coordinate_does_not_go_on_with_what_they_began(stage: Stage, dialogue: str) -> None:
    card = await OPENED[dialogue](stage)
    codes = [code for code, kind in KINDS.items() if kind.dialogue == dialogue]
    await stage.change(_LEAVES)
    pressed = await stage.lead_nowhere(stage.khoa, card, codes)
    assert all(one.toasts == ["Nút này dành cho cán bộ điều phối."] for one in pressed.values())
    await stage.change(_IS_BACK.format(stage.khoa.id))
    await stage.khoa.says("/huy")
    assert labels(card) == []
    await stage.lead_nowhere(stage.khoa, card, codes)


async def test_who_ceased_to_be_a_contact_presses_no_button_of_the_agency(stage: Stage) -> None:
    contact, contacts = stage.office.contact, stage.town.demo.application.bot_data.contacts
    card = await stage.office.form()
    async with contacts._database.session() as session:
        await contacts.unlink_in(session, contact.id, stage.office.agency)
    pressed = await stage.lead_nowhere(contact, card, CONTACTS)
    assert not any(stage.office.name in reply.text for one in pressed.values() for reply in one.replies)
    await contacts.link(contact.id, stage.office.agency, contact.person.name)


@pytest.mark.parametrize("who", ["stranger", "contact", "coordinator"])
async def test_in_a_group_only_what_is_public_is_done(stage: Stage, who: str) -> None:
    one = {"stranger": stage.town.someone(), "contact": stage.office.contact, "coordinator": stage.khoa}[who]
    group = stage.town.group(one)
    message = await one.asks(f"{BOT} làm sao để xác nhận đã nộp báo cáo", chat_id=group.id)
    pressed = await stage.lead_nowhere(one, message, [code for code in Code if code not in QUESTION_KINDS])
    assert all(answer.toasts == [IN_PRIVATE] for answer in pressed.values())


async def test_the_button_on_the_preview_of_a_notice_says_that_it_is_a_preview(stage: Stage) -> None:
    await stage.khoa.asks("/thongbao")
    sample, _ = await stage.khoa.says("Họp lúc 15:00")
    remembered = stage.town.remembered()
    for one in (stage.khoa, stage.office.contact):
        pressed = await one.forces(sample.id if one is stage.khoa else one.last, Code.NOTICE_SAMPLE.value)
        assert (pressed.toasts, pressed.replies) == (["Đây là bản xem trước."], [])
    assert stage.town.remembered() == remembered
    await stage.khoa.says("/huy")
