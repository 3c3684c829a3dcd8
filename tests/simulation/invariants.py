"""What must hold whenever the bot is quiet, whatever befell it: the file against what people were told."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.clock import LOCAL
from bot.milestones import may_leave, milestones
from bot.store.ledger_tables import Act, Action, Delivery, Failure
from handlers.buttons import Code
from knowledge.deadline import is_working_day
from tests.simulation.house import HA, House
from tests.simulation.library import AGENCY_IDS, REPORT_BEFORE
from tests.simulation.people import heard
from tests.simulation.wire import Accepted
from tests.stores import FileStore
from tests.whole import records

Row = dict[str, Any]

# What a toast promises: as often as it was shown, one of these stands in the audit log.
_PROMISES = {
    "Đã xác nhận.": (Act.CONFIRMED, Act.AMENDED, Act.RECORDED),
    "Đã tiếp nhận.": (Act.ACCEPTED,),
    "Đã trả lại.": (Act.RETURNED,),
    "Đã hoàn tác.": (Act.ACCEPTANCE_UNDONE,),
    "Đã rút xác nhận.": (Act.WITHDRAWN,),
    "Đã ghi nhận miễn nộp.": (Act.WAIVED,),
    "Đã bỏ miễn nộp.": (Act.WAIVER_LIFTED,),
    "Đã gia hạn.": (Act.EXTENDED,),
    "Đã huỷ liên kết.": (Act.UNLINKED,),
    "Đã xoá.": (Act.FORGOTTEN,),
    "Đã gửi câu trả lời.": (Act.ANSWERED,),
    "Đang gửi.": (Act.NOTICE_SENT, Act.NOTICE_CORRECTED),
    "Đã đặt lịch.": (Act.NOTICE_SCHEDULED,),
    "Đã tạm dừng.": (Act.NOTICE_PAUSED,),
    "Đang gửi tiếp.": (Act.NOTICE_RESUMED,),
    "Đã dừng hẳn.": (Act.NOTICE_STOPPED,),
    "Đang thu hồi.": (Act.NOTICE_RECALLED,),
}

# What is never changed or taken away once it is stored; names may be forgotten.
_KEPT = {
    "versions": "id, agency, version, way, document_number, document_day, confirmed_at, due_before, on_behalf",
    "steps": "agency, number, before, after, version, at, reason",
    "audit": "id, at, act, agency",
    "extensions": "id, agency, before, reason, at",
    "notice_texts": "notice_id, version, html, at",
    "acknowledgements": "recipient_id, version, at",
    "reminders": "agency, milestone, due_before, outcome, why",
    "invitations": "id, code_hash, agency, uses",
}

# The same of buttons that name a version.
_PROMISES_OF_REVIEW = {
    Code.ACCEPT: ("Đã tiếp nhận.", Act.ACCEPTED),
    Code.UNDO: ("Đã hoàn tác.", Act.ACCEPTANCE_UNDONE),
}

# Whoever does this sees the card before them become a receipt, by the ledger.
_ANSWERED = frozenset({
    Act.CONFIRMED, Act.AMENDED, Act.RECORDED, Act.RETURNED, Act.WITHDRAWN, Act.WAIVED, Act.WAIVER_LIFTED,
})  # fmt: skip
_AT_ONCE = timedelta(seconds=1)

_RECEIPT = re.compile(r"Biên nhận số (\d+).*?[Mm]ã kiểm tra:? (\S+)", re.DOTALL)
_NUMBER = re.compile(r"Biên nhận số (\d+)")
_SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument"})


class Witness:
    """Remembers what it saw of a house, and says what is wrong with it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: dict[str, set[tuple[Any, ...]]] = {}
        self._planned: dict[tuple[int, int], int] = {}
        self._codes: dict[int, str] = {}
        self._shown: dict[tuple[str, int], str] = {}
        self._looked_at = 0

    def faults(self) -> list[str]:
        """What is wrong now that the bot is quiet."""
        outgoing = self._house.rows("SELECT * FROM outgoing ORDER BY id")
        audit = self._house.rows("SELECT * FROM audit ORDER BY id")
        acts = Counter(Act(row["act"]) for row in audit)
        return [
            *records.in_steps(FileStore(self._house.file)),
            *self._in_what_is_kept(),
            *self._in_promises(acts),
            *self._in_reviews(audit),
            *self._in_cards(outgoing),
            *_in_news(outgoing, audit),
            *self._in_receipts(),
            *self._in_answers(),
            *self._in_messages(outgoing, audit),
            *self._in_notices(outgoing),
            *self._in_audit(audit, acts),
        ]

    def _in_what_is_kept(self) -> Iterator[str]:
        """Whatever was stored once is there still, as it was."""
        for table, columns in _KEPT.items():
            now = {tuple(row.values()) for row in self._house.rows(f"SELECT {columns} FROM {table}")}
            for lost in self._kept.get(table, set()) - now:
                yield f"{table}: {lost} is gone or was changed"
            self._kept[table] = now

    def _in_promises(self, acts: Counter[Act]) -> Iterator[str]:
        """Nobody was told that something is done that is not."""
        told = Counter(call.params.get("text") for call in self._calls("answerCallbackQuery"))
        for toast, promised in _PROMISES.items():
            if told[toast] > sum(acts[act] for act in promised):
                yield f"{toast!r} was said {told[toast]} times, but {promised} happened {[acts[a] for a in promised]}"

    def _in_reviews(self, audit: list[Row]) -> Iterator[str]:
        """Who was told that a version is accepted, or is not after all, had pressed under that very version."""
        told = Counter(
            (self._house.pressed[call.params["callback_query_id"]], call.params.get("text"))
            for call in self._calls("answerCallbackQuery")
            if call.params["callback_query_id"] in self._house.pressed
        )
        done = Counter((row["act"], row["agency"], _detail(row).get("version")) for row in audit)
        for version in self._house.rows("SELECT id, agency, version FROM versions"):
            for code, (toast, act) in _PROMISES_OF_REVIEW.items():
                times = told[f"{code}:{version['id']}", toast]
                if times > done[act, version["agency"], str(version["version"])]:
                    yield f"{toast!r} was said {times} times of {version}, which it did not happen to"

    def _in_cards(self, outgoing: list[Row]) -> Iterator[str]:
        """Every version is told of, and no message that shows one ever shows another."""
        cards = {row["subject"] for row in outgoing if row["chat_id"] == HA}
        for version in self._house.rows("SELECT id FROM versions"):
            if f"review:{version['id']}" not in cards:
                yield f"nobody was told of the version {version['id']}"
        new = self._house.wire.accepted[self._looked_at :]
        self._looked_at += len(new)
        for call in new:
            shown = _NUMBER.search(call.params.get("text", ""))
            if shown and call.number:
                before = self._shown.setdefault((call.params["chat_id"], call.number), shown[1])
                if before != shown[1]:
                    yield f"one message was the receipt {before} and became the receipt {shown[1]}"

    def _in_receipts(self) -> Iterator[str]:
        """Every receipt that somebody sees belongs to a version, always by the same code."""
        versions = {row["id"] for row in self._house.rows("SELECT id FROM versions")}
        for person_id in self._house.world.people:
            for message in heard(self._house, person_id):
                for number, code in _RECEIPT.findall(message.text):
                    if int(number) not in versions:
                        yield f"{person_id} holds the receipt {number} of nothing"
                    if self._codes.setdefault(int(number), code) != code:
                        yield f"the receipt {number} has two codes"

    def _in_answers(self) -> Iterator[str]:
        """Whoever wrote or pressed something while nobody did any harm was answered."""
        answered = {call.params["callback_query_id"] for call in self._calls("answerCallbackQuery")}
        for asked in self._house.asked:
            if isinstance(asked, str):
                if asked not in answered:
                    yield f"the press {asked} was not answered"
            elif all(message.id < asked[1] for message in heard(self._house, asked[0])):
                yield f"{asked[0]} was not answered"
        self._house.asked.clear()

    def _in_messages(self, outgoing: list[Row], audit: list[Row]) -> Iterator[str]:
        """Every message ended, arrived as often as the ledger says, and none came from nowhere."""
        arrived: defaultdict[int, list[Accepted]] = defaultdict(list)
        for call in self._house.wire.accepted:
            if call.method in _SENDS and call.row is not None:
                arrived[call.row].append(call)
            elif call.method in _SENDS and "process_concurrent_update" not in call.by:
                yield f"{call.method} by {call.by} is neither in the ledger nor a reply: {call.params}"
        repeats = Counter(_detail(row).get("notice") for row in audit if row["act"] == Act.NOTICE_REPEATED)
        paused = {row["id"] for row in self._house.rows("SELECT id FROM notices WHERE state = 'paused'")}
        for row in outgoing:
            most = 1 + (repeats[row["notice_id"]] if row["is_repeat"] else 0)
            for fault in _in_message(row, arrived.pop(row["id"], []), most, may_wait=row["notice_id"] in paused):
                yield f"message {row['id']} ({row['state']}, {row['reason']}, repeat {row['is_repeat']}) {fault}"
        for row_id in arrived:
            yield f"message {row_id} arrived and is not in the ledger"

    def _in_notices(self, outgoing: list[Row]) -> Iterator[str]:
        """What was planned when a notice began is what waits, was sent, failed, is uncertain or was skipped."""
        rows = [row for row in outgoing if row["notice_id"] and row["action"] != Action.DELETE]
        counts = Counter((row["notice_id"], row["notice_version"]) for row in rows)
        recipients = Counter(row["notice_id"] for row in self._house.rows("SELECT notice_id FROM notice_recipients"))
        for version, planned in self._planned.items():
            if counts[version] != planned:
                yield f"notice {version}: {planned} messages were planned, now there are {counts[version]}"
        for (notice, version), count in counts.items():
            if version == 1 and count != recipients[notice]:
                yield f"notice {notice}: {recipients[notice]} recipients, {count} messages"
        self._planned.update(counts)

    def _in_audit(self, audit: list[Row], acts: Counter[Act]) -> Iterator[str]:
        """Every act has its entry, and every entry its act."""
        count = self._count
        notices = self._house.rows("SELECT id, state, version, scheduled_for FROM notices")
        for notice in notices:
            own = Counter(Act(row["act"]) for row in audit if _detail(row).get("notice") == notice["id"])
            begun = own[Act.NOTICE_SENT] or own[Act.NOTICE_SCHEDULED]
            if not begun or own[Act.NOTICE_CORRECTED] != notice["version"] - 1:
                yield f"notice {notice}: the log tells of {own}"
            if (notice["state"] == "recalled") != (own[Act.NOTICE_RECALLED] == 1):
                yield f"notice {notice}: the log tells of {own}"
        pairs = {
            "invitations": (count("invitations"), acts[Act.INVITED]),
            "revoked": (count("invitations WHERE revoked_at IS NOT NULL"), acts[Act.REVOKED] + acts[Act.UNLINKED]),
            "extensions": (count("extensions"), acts[Act.EXTENDED]),
            "texts of notices": (count("notice_texts"), len(notices) + acts[Act.NOTICE_CORRECTED]),
            "used": (self._used(), acts[Act.LINKED] + acts[Act.COORDINATOR_ADDED]),
            "contacts": (count("contacts"), acts[Act.LINKED] - acts[Act.UNLINKED] - acts[Act.HANDED_OVER]),
            "answers": (count("settlements WHERE how = 'answered' AND entry = question_id"), acts[Act.ANSWERED]),
        }
        for what, (stored, noted) in pairs.items():
            if stored > noted or (what != "revoked" and stored != noted):
                yield f"{what}: {stored} are stored, the log tells of {noted}"

    def overdue(self, now: datetime) -> list[str]:
        """The reminders of which nothing is written down though it was time for them by a moment."""
        if self._count("extensions"):
            return []
        today = now.astimezone(LOCAL).date()
        rows = self._house.rows("SELECT agency, milestone FROM reminders")
        settled = {(row["agency"], row["milestone"]) for row in rows}
        return [
            f"{agency} has no reminder {one.milestone}"
            for one in milestones(REPORT_BEFORE, is_working_day)
            for agency in AGENCY_IDS
            if one.moment <= now and (today >= one.until or may_leave(now, one.until, is_working_day))
            if (agency, one.milestone) not in settled
        ]

    def _calls(self, method: str) -> list[Accepted]:
        return [call for call in self._house.wire.accepted if call.method == method]

    def _count(self, what: str) -> int:
        return int(self._house.rows(f"SELECT count(*) AS number FROM {what}")[0]["number"])

    def _used(self) -> int:
        return int(self._house.rows("SELECT coalesce(sum(used), 0) AS used FROM invitations")[0]["used"])


def _in_news(outgoing: list[Row], audit: list[Row]) -> Iterator[str]:
    """Whoever did something is told of it by a message of the very transaction that did it."""
    moments = [datetime.fromisoformat(row["created_at"]) for row in outgoing]
    for row in audit:
        if row["act"] in _ANSWERED:
            done = datetime.fromisoformat(row["at"])
            if all(abs(moment - done) > _AT_ONCE for moment in moments):
                yield f"nobody was told of the act {row['id']}, {row['act']}"


def _in_message(row: Row, calls: list[Accepted], most: int, *, may_wait: bool) -> Iterator[str]:
    """What is wrong with a message of the ledger, given how it arrived."""
    state = row["state"]
    if len(calls) > most:
        yield f"arrived {len(calls)} times"
    if state == Delivery.SENT and row["action"] == Action.SEND:
        if row["message_id"] not in [call.number for call in calls]:
            yield f"never arrived as {row['message_id']}"
    elif state in (Delivery.FAILED, Delivery.SKIPPED) and calls and row["chat_id"]:
        yield "arrived all the same"
    if state == Delivery.FAILED and row["reason"] != Failure.TOO_OLD:
        yield "failed though nobody refuses anything"
    if state == Delivery.UNCERTAIN and row["action"] != Action.SEND:
        yield "is uncertain though it could be done once more"
    if row["chat_id"] and not row["html"] and row["action"] != Action.DELETE:
        yield "has lost its text"
    if state == Delivery.WAITING and (row["claimed_at"] or not may_wait):
        yield "still waits"
    # Who was forgotten has no chat any more.
    if row["chat_id"] and any(int(call.params["chat_id"]) != row["chat_id"] for call in calls):
        yield "arrived at somebody else"


def _detail(row: Row) -> dict[str, Any]:
    detail: dict[str, Any] = json.loads(row["detail"])
    return detail
