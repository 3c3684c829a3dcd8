"""Invitations: hard to guess, good for so many people and so long, and handed over without a gap."""

import asyncio
from datetime import timedelta

import pytest

from bot.audit import Actor
from bot.invitations import VALID, InvitationError, Issued, Refusal, read_code
from bot.store.all_tables import Base
from bot.store.database import open_database
from bot.store.ledger_tables import Act
from bot.store.people_tables import Invitation
from tests.bot.office import (
    AN,
    AN_ID,
    BINH,
    BINH_ID,
    BU_DANG,
    CHI,
    CHI_ID,
    DUNG,
    DUNG_ID,
    XAY_DUNG,
    Office,
    Told,
    words,
)
from tests.stores import Store

WRONG = "0" * 20
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def _refusal(office: Office, code: str, person_id: int = AN_ID) -> Refusal | None:
    """Why a code is refused to a person; None if it works."""
    try:
        await office.invitations.look_up(person_id, code)
    except InvitationError as error:
        return error.refusal
    return None


async def _accept_refusal(office: Office, issued: Issued, person: Actor) -> Refusal | None:
    try:
        await office.invitations.accept(issued.id, person, words)
    except InvitationError as error:
        return error.refusal
    return None


async def _used(office: Office, issued: Issued) -> int:
    invitation = await office.invitations.get(issued.id)
    assert invitation is not None
    return invitation.used


async def _contacts(office: Office, agency: str = XAY_DUNG) -> set[int]:
    return {contact.person_id for contact in await office.contacts.of(agency)}


# The code


async def test_a_code_has_a_hundred_random_bits(office: Office) -> None:
    codes = [(await office.invitations.issue(CHI, XAY_DUNG)).code for _ in range(60)]
    assert len(set(codes)) == 60
    assert {len(code) for code in codes} == {20}
    seen = {sign for code in codes for sign in code}
    assert seen <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), "signs that are not misread"
    # Of 1200 random signs out of 32 each comes up (but for once in 10^15 runs), at every place a dozen different ones.
    assert len(seen) == 32
    assert all(len({code[place] for code in codes}) > 12 for place in range(20))


async def test_a_code_is_read_however_it_is_typed(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    code = issued.code
    assert issued.spelled == "-".join(code[start : start + 5] for start in (0, 5, 10, 15))
    for typed in (
        code, issued.spelled, code.lower(), " ".join(code), f" {issued.spelled}\n",
        code.replace("0", "O").replace("1", "I"), code.lower().replace("0", "o").replace("1", "l"),
    ):  # fmt: skip
        assert read_code(typed) == code, typed


@pytest.mark.parametrize("text", ["", "xin chào", "0" * 19, "0" * 21, "U" * 20, "0" * 19 + "đ", "0" * 19 + "."])
def test_what_has_another_form_is_no_code(text: str) -> None:
    assert read_code(text) is None


async def test_only_the_hash_of_a_code_is_kept(office: Office, store: Store) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    await office.invitations.look_up(AN_ID, issued.code)
    await office.invitations.accept(issued.id, AN, words)
    dump = "\n".join(str(row) for table in Base.metadata.tables for row in store.read(table))
    assert "so-xay-dung" in dump
    for traitor in (issued.code, issued.code.lower(), issued.spelled):
        assert traitor not in dump


# How long and for how many


async def test_a_code_works_for_a_week(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    assert timedelta(days=7) == VALID
    assert issued.expires_at - office.clock.now() <= VALID
    office.clock.turn_to(issued.expires_at - MINUTE)
    assert await _refusal(office, issued.code) is None
    office.clock.turn_to(issued.expires_at)
    assert await _refusal(office, issued.code) is Refusal.EXPIRED
    assert await _accept_refusal(office, issued, AN) is Refusal.EXPIRED
    assert await _contacts(office) == set()


async def test_a_code_works_for_as_long_as_was_said(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG, valid=timedelta(hours=12))
    office.clock.turn_by(timedelta(hours=13))
    assert await _refusal(office, issued.code) is Refusal.EXPIRED


async def test_a_code_that_was_revoked_does_not_work(office: Office) -> None:
    issued, other = [await office.invitations.issue(CHI, XAY_DUNG) for _ in range(2)]
    assert await office.invitations.revoke(issued.id, CHI)
    assert await _refusal(office, issued.code) is Refusal.REVOKED
    assert await _accept_refusal(office, issued, AN) is Refusal.REVOKED
    assert await _contacts(office) == set()
    assert await _refusal(office, other.code) is None
    assert await office.acts() == [Act.INVITED, Act.INVITED, Act.REVOKED]


async def test_only_a_code_that_works_can_be_revoked(office: Office) -> None:
    revoked, used, expired = [await office.invitations.issue(CHI, XAY_DUNG) for _ in range(3)]
    await office.invitations.revoke(revoked.id, CHI)
    await office.invitations.accept(used.id, AN, words)
    office.clock.turn_to(expired.expires_at)
    before = await office.acts()
    for issued in (revoked.id, used.id, expired.id, 10**9):
        assert not await office.invitations.revoke(issued, CHI)
    assert await office.acts() == before


async def test_a_code_that_was_revoked_between_opening_and_agreeing_does_not_work(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    invitation = await office.invitations.look_up(AN_ID, issued.code)
    await office.invitations.revoke(issued.id, CHI)
    with pytest.raises(InvitationError):
        await office.invitations.accept(invitation.id, AN, words)
    assert await _contacts(office) == set()


async def test_a_code_works_once(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    await office.invitations.accept(issued.id, AN, words)
    assert await _refusal(office, issued.code, BINH_ID) is Refusal.USED
    assert await _accept_refusal(office, issued, BINH) is Refusal.USED
    assert await _contacts(office) == {AN_ID}


async def test_a_code_for_several_works_for_so_many(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG, uses=2)
    assert issued.uses == 2
    outcomes = [await _accept_refusal(office, issued, person) for person in (AN, BINH, DUNG)]
    assert outcomes == [None, None, Refusal.USED]
    assert await _contacts(office) == {AN_ID, BINH_ID}


async def test_accepting_twice_does_not_use_up(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG, uses=2)
    await office.invitations.accept(issued.id, AN, words)
    told, acts = await office.told(), await office.acts()
    await office.invitations.accept(issued.id, AN, words)
    assert (await _used(office, issued), await office.told(), await office.acts()) == (1, told, acts)


async def test_who_is_a_contact_already_does_not_use_it_up(office: Office) -> None:
    await office.link(AN)
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    await office.invitations.accept(issued.id, AN, words)
    assert await _used(office, issued) == 0
    await office.invitations.accept(issued.id, BINH, words)
    assert await _contacts(office) == {AN_ID, BINH_ID}


async def test_of_two_who_use_a_code_at_once_one_is_linked(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    outcomes = await asyncio.gather(*(_accept_refusal(office, issued, person) for person in (AN, BINH)))
    assert sorted(map(str, outcomes)) == ["None", "used"]
    assert len(await _contacts(office)) == 1
    assert (await office.acts()).count(Act.LINKED) == 1


async def test_of_two_who_use_a_code_at_once_in_two_programs_one_is_linked(office: Office, url: str) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    async with open_database(url) as database:
        other = Office(database, office.clock)
        outcomes = await asyncio.gather(_accept_refusal(office, issued, AN), _accept_refusal(other, issued, BINH))
    assert sorted(map(str, outcomes)) == ["None", "used"]
    assert len(await _contacts(office)) == 1


async def test_for_whom_a_code_was_made_is_known_until_it_is_used_revoked_or_expired(office: Office) -> None:
    async def issue() -> Issued:
        async with office.database.writing() as session:
            return await office.invitations.issue_in(session, CHI, XAY_DUNG, name="Ông Sáu")

    async def invited(issued: Issued) -> str | None:
        invitation: Invitation | None = await office.invitations.get(issued.id)
        assert invitation is not None
        return invitation.invited_name

    used, revoked, expired = [await issue() for _ in range(3)]
    await office.retention.forget_old()
    assert [await invited(issued) for issued in (used, revoked, expired)] == 3 * ["Ông Sáu"]
    await office.invitations.accept(used.id, AN, words)
    await office.invitations.revoke(revoked.id, CHI)
    assert [await invited(issued) for issued in (used, revoked, expired)] == [None, None, "Ông Sáu"]
    office.clock.turn_to(expired.expires_at)
    await office.retention.forget_old()
    assert await invited(expired) is None


# Whom it makes what, and who is told


async def test_linking_tells_the_other_contacts_and_the_coordinators_but_not_oneself(office: Office) -> None:
    await office.link(BINH)
    await office.link(DUNG, BU_DANG)
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    await office.invitations.accept(issued.id, AN, words)
    assert await office.told() == {Told(BINH_ID, "contact"), Told(CHI_ID, "coordinator")}
    [contact] = [contact for contact in await office.contacts.of(XAY_DUNG) if contact.person_id == AN_ID]
    assert contact.name == AN.name
    entry = (await office.audit.entries())[-1]
    assert (entry.act, entry.person_id, entry.agency, entry.detail) == (
        Act.LINKED, AN_ID, XAY_DUNG, {"invitation": issued.id},
    )  # fmt: skip


async def test_a_code_without_an_agency_makes_a_coordinator(office: Office) -> None:
    issued = await office.invitations.issue(Actor(None, "isobot invite"), None)
    assert not await office.coordinators.has(DUNG_ID)
    await office.invitations.accept(issued.id, DUNG, words)
    assert await office.coordinators.has(DUNG_ID)
    assert await office.coordinators.ids() == {CHI_ID, DUNG_ID}
    assert await office.told() == {Told(CHI_ID, "coordinator")}
    assert await office.acts() == [Act.INVITED, Act.COORDINATOR_ADDED]


async def test_who_coordinates_already_does_not_use_it_up(office: Office) -> None:
    issued = await office.invitations.issue(CHI, None)
    await office.invitations.accept(issued.id, CHI, words)
    assert await _used(office, issued) == 0


async def test_one_person_may_act_for_several_agencies(office: Office) -> None:
    for agency in (XAY_DUNG, BU_DANG):
        issued = await office.invitations.issue(CHI, agency)
        await office.invitations.accept(issued.id, AN, words)
        office.clock.turn_by(MINUTE)
    assert await office.contacts.agencies_of(AN_ID) == [XAY_DUNG, BU_DANG]


# Handing over


async def test_handing_over_links_the_successor_and_lets_the_predecessor_go(office: Office) -> None:
    await office.link(AN)
    await office.link(AN, BU_DANG)
    issued = await office.invitations.issue(AN, XAY_DUNG, replaces=AN_ID)
    await office.invitations.accept(issued.id, BINH, words)
    assert await _contacts(office) == {BINH_ID}
    assert await _contacts(office, BU_DANG) == {AN_ID}
    assert await office.told() == {Told(AN_ID, "contact"), Told(CHI_ID, "coordinator")}
    assert await office.acts() == [Act.INVITED, Act.LINKED, Act.HANDED_OVER]


async def test_handing_over_revokes_nothing_of_others(office: Office) -> None:
    for person in (AN, BINH):
        await office.link(person)
    await office.link(AN, BU_DANG)
    others = [
        await office.invitations.issue(CHI, XAY_DUNG),
        await office.invitations.issue(BINH, XAY_DUNG, replaces=BINH_ID),
        await office.invitations.issue(AN, BU_DANG, replaces=AN_ID),
    ]
    own = await office.invitations.issue(AN, XAY_DUNG, replaces=AN_ID)
    used = await office.invitations.issue(AN, XAY_DUNG, replaces=AN_ID)
    await office.invitations.accept(used.id, DUNG, words)
    assert [await _refusal(office, other.code, DUNG_ID) for other in others] == [None, None, None]
    assert await _refusal(office, own.code, DUNG_ID) is Refusal.REVOKED
    assert await _refusal(office, used.code, DUNG_ID) is Refusal.USED


async def test_who_uses_their_own_handing_over_stays(office: Office) -> None:
    await office.link(AN)
    issued = await office.invitations.issue(AN, XAY_DUNG, replaces=AN_ID)
    await office.invitations.accept(issued.id, AN, words)
    assert await _contacts(office) == {AN_ID}
    assert await _used(office, issued) == 0


async def test_unlinking_tells_the_others_and_revokes_ones_open_codes_for_a_successor(office: Office) -> None:
    for person in (AN, BINH):
        await office.link(person)
    handing_over = await office.invitations.issue(AN, XAY_DUNG, replaces=AN_ID)
    other = await office.invitations.issue(BINH, XAY_DUNG, replaces=BINH_ID)
    assert await office.contacts.unlink(AN, XAY_DUNG, words)
    assert await _contacts(office) == {BINH_ID}
    assert await _refusal(office, handing_over.code, DUNG_ID) is Refusal.REVOKED
    assert await _refusal(office, other.code, DUNG_ID) is None
    assert await office.told() == {Told(BINH_ID, "contact"), Told(CHI_ID, "coordinator")}
    assert (await office.acts())[-1] is Act.UNLINKED


async def test_unlinking_twice_is_once(office: Office) -> None:
    await office.link(AN)
    assert await office.contacts.unlink(AN, XAY_DUNG, words)
    assert not await office.contacts.unlink(AN, XAY_DUNG, words)
    assert not await office.contacts.unlink(BINH, XAY_DUNG, words)
    assert await office.acts() == [Act.UNLINKED]
    assert await office.told() == {Told(CHI_ID, "coordinator")}


# Guessing


async def _guess(office: Office, times: int) -> list[timedelta]:
    """Guess until so many guesses were heard, each as soon as it is; how long one was told to wait in between."""
    waits = []
    while times:
        with pytest.raises(InvitationError) as refused:
            await office.invitations.look_up(AN_ID, WRONG)
        if refused.value.refusal is Refusal.UNKNOWN:
            times -= 1
            continue
        assert refused.value.refusal is Refusal.WAIT
        assert refused.value.until is not None
        waits.append(timedelta(minutes=round((refused.value.until - office.clock.now()) / MINUTE)))
        office.clock.turn_to(refused.value.until)
    return waits


async def test_whoever_guesses_waits_twice_as_long_each_time_up_to_a_day(office: Office) -> None:
    waits = await _guess(office, 200)
    doubling = [(1 << doubled) * MINUTE for doubled in range(11)]
    assert waits == doubling + [DAY] * (194 - len(doubling)), "five wrong ones cost nothing"


async def test_a_right_code_is_not_heard_while_one_has_to_wait(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    await _guess(office, 7)
    assert await _refusal(office, issued.code) is Refusal.WAIT
    assert await _refusal(office, issued.code, BINH_ID) is None, "others do not wait"
    office.clock.turn_by(2 * MINUTE)
    assert await _refusal(office, issued.code) is None


async def test_trying_while_one_has_to_wait_does_not_make_it_longer(office: Office) -> None:
    await _guess(office, 6)
    for _ in range(10):
        assert await _refusal(office, WRONG) is Refusal.WAIT
    office.clock.turn_by(MINUTE)
    assert await _refusal(office, WRONG) is Refusal.UNKNOWN


async def test_a_right_code_wipes_out_the_wrong_ones(office: Office) -> None:
    issued = await office.invitations.issue(CHI, XAY_DUNG)
    await _guess(office, 7)
    office.clock.turn_by(2 * MINUTE)
    assert await _refusal(office, issued.code) is None
    assert await _guess(office, 6) == []
    assert await _refusal(office, WRONG) is Refusal.WAIT


async def test_a_code_that_works_no_more_is_neither_wrong_nor_wipes_out_wrong_ones(office: Office) -> None:
    used, revoked, expired = [await office.invitations.issue(CHI, XAY_DUNG) for _ in range(3)]
    await office.invitations.accept(used.id, BINH, words)
    await office.invitations.revoke(revoked.id, CHI)
    office.clock.turn_to(expired.expires_at)
    await _guess(office, 5)
    for _ in range(3):
        refusals = [await _refusal(office, issued.code) for issued in (used, revoked, expired)]
        assert refusals == [Refusal.USED, Refusal.REVOKED, Refusal.EXPIRED]
    assert await _refusal(office, WRONG) is Refusal.UNKNOWN
    assert await _refusal(office, WRONG) is Refusal.WAIT


async def test_guesses_at_once_all_count(office: Office) -> None:
    refusals = await asyncio.gather(*(_refusal(office, WRONG) for _ in range(20)))
    assert [refusals.count(refusal) for refusal in (Refusal.UNKNOWN, Refusal.WAIT)] == [6, 14]
