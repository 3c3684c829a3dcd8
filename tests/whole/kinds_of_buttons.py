"""What a button of each kind carries: truly, and made up; who may press it, and in the middle of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.states import State
from handlers.buttons import Code

HUGE, HUGER = 10**17, 10**30
NUMBERS = ["", "0", "-1", "1.5", "1e3", "٣", " 1", "0x1", "None", "'", str(HUGE), str(HUGER), "9" * 62]
TOPICS = ["", "no.such.topic", "REPORT.DEADLINE", "báo-cáo", "../../etc/passwd", "<b>", "{{ 1 }}", "x" * 40]
AGENCIES = ["", "so-khong-co", "SO-XAY-DUNG", "@elsewhere", "<b>", "{other}:1", "{other}"]
NOTHING = ["", "0", "1:2"]


class Right(Enum):
    """Who may press a button."""

    EVERYBODY = auto()
    ASKER = auto()  # whose question it is
    CONTACT = auto()  # of the agency
    COORDINATOR = auto()
    # They may, if they are in the middle of the dialogue and the button stands under its card.
    CONTACT_IN_DIALOGUE = auto()
    COORDINATOR_IN_DIALOGUE = auto()


@dataclass(frozen=True)
class Kind:
    """One kind of button.

    Attributes:
        true: the ids that a true one carries. In braces: the number of the presser's question {mine} and of somebody
            else's {theirs}, an agency {agency} and one that is not the presser's {other}, the number of steps of the
            first {steps}, the receipts of both {receipt} and {their_receipt}, an invitation {invitation}.
        forged: ids that nobody's button carries.
        right: who may press it.
        state: of the agency's submission, in which it may be pressed.
        dialogue: the kind of draft that it belongs to.
        stale: states in which a card may still show it although it has had its day.
    """

    true: str
    forged: Sequence[str]
    right: Right = Right.EVERYBODY
    state: State = State.CONFIRMED
    dialogue: str | None = None
    stale: Sequence[State] = ()


QUESTION_KINDS: Mapping[Code, Kind] = {
    Code.TOPIC: Kind("report.deadline", [*TOPICS, "report.deadline:1", "report.deadline:"]),
    Code.PICK: Kind(
        "{mine}:report.deadline",
        [
            *(f"{number}:report.deadline" for number in (*NUMBERS, "{theirs}")),
            *(f"{{mine}}:{topic}" for topic in TOPICS),
            "{mine}",
            "report.deadline",
            "report.deadline:{mine}",
            "{mine}:report.deadline:1",
        ],
        Right.ASKER,
    ),
    Code.AGENCY: Kind(
        "plan.agency-form:so-xay-dung",
        [
            *(f"{topic}:so-xay-dung" for topic in TOPICS),
            *(f"plan.agency-form:{agency}" for agency in ("", "so-khong-co", "SO-XAY-DUNG", "@elsewhere", "<b>")),
            "plan.agency-form",
            "so-xay-dung:plan.agency-form",
            "plan.agency-form:so-xay-dung:1",
        ],
    ),
    Code.MENU: Kind("", NOTHING),
    Code.GROUP: Kind(
        "0:0",
        [
            *(f"{number}:0" for number in NUMBERS if number != "0"),
            *(f"0:{number}" for number in NUMBERS if number not in ("0", str(HUGE))),
            "99:0",
            "0",
            "0:0:0",
        ],
    ),
    Code.FRONT: Kind("", NOTHING),
    Code.TABLE: Kind("", NOTHING),
    Code.TABLE_PAGE: Kind("0", [*(number for number in NUMBERS if number not in ("0", str(HUGE))), "0:0"]),
    Code.FILE: Kind(
        "report-outline",
        [
            *("", "no-such-file", "REPORT-OUTLINE", "đề-cương", "../../etc/passwd", "files/deadline.yaml", "x" * 40),
            "deadline:1",
            "deadline:",
        ],
    ),
    Code.PASS_ON: Kind("{mine}", [*NUMBERS, "{theirs}", "{mine}:1"], Right.ASKER),
    Code.HELPFUL: Kind("{mine}", [*NUMBERS, "{theirs}", "{mine}:1"], Right.ASKER),
    Code.WRONG: Kind("{mine}", [*NUMBERS, "{theirs}", "{mine}:1"], Right.ASKER),
}

INBOX_KINDS: Mapping[Code, Kind] = {
    Code.ENTRY: Kind("{mine}", [*NUMBERS, "{mine}", "{theirs}", "{mine}:1"], Right.COORDINATOR),
    Code.LEARN: Kind(
        "{mine}:report.deadline",
        [
            *(f"{number}:report.deadline" for number in (*NUMBERS, "{mine}", "{theirs}")),
            *(f"{{mine}}:{topic}" for topic in TOPICS),
            "{mine}",
            "report.deadline:{mine}",
        ],
        Right.COORDINATOR,
    ),
    Code.UNLEARN: Kind("1", [*NUMBERS, "1", "1:1"], Right.COORDINATOR),
    Code.DISMISS: Kind("{mine}", [*NUMBERS, "{mine}", "{theirs}", "{mine}:1"], Right.COORDINATOR),
    Code.REOPEN: Kind("{mine}", [*NUMBERS, "{mine}", "{theirs}", "{mine}:1"], Right.COORDINATOR),
}

AGENCY_KINDS: Mapping[Code, Kind] = {
    Code.CANCEL: Kind("", NOTHING, Right.CONTACT_IN_DIALOGUE, dialogue="confirm"),
    Code.LEAVE_BE: Kind("", NOTHING),
    Code.LINK: Kind("", NOTHING, Right.CONTACT_IN_DIALOGUE, dialogue="link"),
    Code.AGENCIES: Kind(
        "v:1",
        [
            *(f"v:{number}" for number in NUMBERS if number not in ("0", str(HUGE))),
            *("zz:0", "V:0", ":0", "v", "v:0:1"),
        ],
        Right.COORDINATOR,
    ),
    Code.CHOOSE: Kind(
        "v:{agency}",
        [*(f"{purpose}:{agency}" for purpose in "kgvihb" for agency in AGENCIES), "v", "zz:{agency}", "{agency}:v"],
        Right.CONTACT,
    ),
    Code.REVOKE: Kind("{invitation}", [*NUMBERS, "{invitation}:1"], Right.COORDINATOR),
    Code.UNLINK: Kind("{agency}", AGENCIES, Right.CONTACT),
    Code.UNLINK_SURELY: Kind("{agency}", AGENCIES, Right.CONTACT),
    Code.HAND_OVER: Kind("{agency}", AGENCIES, Right.CONTACT),
    Code.BEGIN: Kind("", NOTHING, Right.CONTACT),
    Code.WAY: Kind("paper", ["", "pigeon", "PAPER", "<b>", "paper:1"], Right.CONTACT_IN_DIALOGUE, dialogue="confirm"),
    Code.OTHER_WAY: Kind("", NOTHING, Right.CONTACT_IN_DIALOGUE, dialogue="confirm"),
    Code.NO_FILES: Kind("", NOTHING, Right.CONTACT_IN_DIALOGUE, dialogue="confirm"),
    Code.CONFIRM: Kind("{steps}", [*NUMBERS, "{steps}:1"], Right.CONTACT_IN_DIALOGUE, dialogue="confirm"),
    Code.RECEIPT: Kind("{receipt}", [*NUMBERS, "{their_receipt}", "{receipt}:1"], Right.CONTACT),
    Code.WITHDRAW: Kind("{agency}", AGENCIES, Right.CONTACT, stale=[State.ACCEPTED, State.WITHDRAWN]),
    Code.WITHDRAW_SURELY: Kind(
        "{agency}:{steps}",
        [*(f"{agency}:{{steps}}" for agency in AGENCIES), *(f"{{agency}}:{number}" for number in NUMBERS)],
        Right.CONTACT,
        stale=[State.ACCEPTED, State.WITHDRAWN],
    ),
    Code.ACCEPT: Kind(
        "{receipt}",
        [*NUMBERS, "{receipt}:1"],
        Right.COORDINATOR,
        stale=[State.ACCEPTED, State.RETURNED, State.AMENDED, State.WITHDRAWN],
    ),
    Code.UNDO: Kind("{receipt}", [*NUMBERS, "{receipt}:1"], Right.COORDINATOR, State.ACCEPTED, stale=[State.CONFIRMED]),
    Code.SEND_BACK: Kind(
        "{receipt}",
        [*NUMBERS, "{receipt}:1"],
        Right.COORDINATOR,
        stale=[State.ACCEPTED, State.RETURNED, State.AMENDED, State.WITHDRAWN],
    ),
    Code.MISSING: Kind(
        "0",
        [number for number in NUMBERS if number != "0"] + ["6", "0:0"],
        Right.COORDINATOR_IN_DIALOGUE,
        dialogue="send-back",
    ),
    Code.DUE_IN: Kind(
        "5",
        [number for number in NUMBERS if number != "0"] + ["4", "5:5"],
        Right.COORDINATOR_IN_DIALOGUE,
        dialogue="send-back",
    ),
    Code.SEND_BACK_SURELY: Kind("", NOTHING, Right.COORDINATOR_IN_DIALOGUE, dialogue="send-back"),
    Code.FILES: Kind("{receipt}", [*NUMBERS, "{receipt}:1"], Right.COORDINATOR),
    Code.WAIVE: Kind(
        "{agency}",
        [agency for agency in AGENCIES if agency != "{other}"],
        Right.COORDINATOR,
        State.NOT_OPENED,
        stale=[State.CONFIRMED, State.WAIVED],
    ),
    Code.WAIVE_SURELY: Kind("", NOTHING, Right.COORDINATOR_IN_DIALOGUE, State.NOT_OPENED, "waive"),
    Code.LIFT_WAIVER: Kind(
        "{agency}:{steps}",
        [*(f"{agency}:{{steps}}" for agency in AGENCIES), *(f"{{agency}}:{number}" for number in NUMBERS)],
        Right.COORDINATOR,
        State.WAIVED,
        stale=[State.CONFIRMED],
    ),
    Code.EXTEND: Kind("{agency}", [agency for agency in AGENCIES if agency != "{other}"], Right.COORDINATOR),
    Code.EXTEND_ALL: Kind("", NOTHING, Right.COORDINATOR),
    Code.EXTEND_SURELY: Kind("", NOTHING, Right.COORDINATOR_IN_DIALOGUE, dialogue="extend"),
    Code.BOARD_LIST: Kind("silent", [*TOPICS, "SILENT", "silent:0"], Right.COORDINATOR),
    Code.BOARD_PAGE: Kind(
        "silent:0",
        [
            *(f"silent:{number}" for number in NUMBERS if number not in ("0", str(HUGE))),
            *("zz:0", ":0", "silent", "silent:0:1"),
        ],
        Right.COORDINATOR,
    ),
    Code.EXPORT: Kind("", NOTHING, Right.COORDINATOR),
    Code.MUTE: Kind("{agency}", AGENCIES, Right.CONTACT),
    Code.REMIND: Kind(
        "{agency}:0",
        [
            *(f"{agency}:0" for agency in AGENCIES),
            *(f"{{agency}}:{number}" for number in (*NUMBERS, "2") if number != "0"),
        ],
        Right.CONTACT,
    ),
    Code.FORGET: Kind("", NOTHING),
    Code.FORGET_SURELY: Kind("", NOTHING),
}

# Who may press these is tried where their conversations are: test_written_answers, test_contingency, test_journal.
DESK_KINDS: Mapping[Code, Kind] = {
    Code.RESPOND: Kind("{mine}", [*NUMBERS, "{mine}", "{theirs}", "{mine}:1"], Right.COORDINATOR),
    Code.RESPOND_SURELY: Kind("", NOTHING, Right.COORDINATOR_IN_DIALOGUE, dialogue="reply"),
    Code.RESPONDED: Kind("{mine}", [*NUMBERS, "{mine}", "{theirs}", "{mine}:1"], Right.COORDINATOR),
    Code.SWITCH_SURELY: Kind("", NOTHING, Right.COORDINATOR_IN_DIALOGUE, dialogue="switch"),
    Code.JOURNAL_PAGE: Kind(
        "-:-:0",
        [*(f"-:-:{number}" for number in NUMBERS if number not in ("0", str(HUGE))), "-:-", "0", "-:-:0:0"],
        Right.COORDINATOR,
    ),
    Code.INVITE_COORDINATOR: Kind("", NOTHING, Right.COORDINATOR),
}


# The same of notices, in test_notices and test_notice_reports.
def _in_notice(true: str, forged: Sequence[str]) -> Kind:
    return Kind(true, forged, Right.COORDINATOR_IN_DIALOGUE, dialogue="notice")


_OF_NOTICE = Kind("1", [*NUMBERS, "1:1"], Right.COORDINATOR)
NOTICE_KINDS: Mapping[Code, Kind] = {
    **dict.fromkeys(
        (Code.NOTICE_TEXT, Code.NOTICE_WHOM, Code.NOTICE_PREVIEW, Code.NOTICE_SEND, Code.NOTICE_SURELY,
         Code.NOTICE_MORNING),
        _in_notice("", NOTHING),
    ),
    Code.NOTICE_AUDIENCE: _in_notice("all", [*TOPICS, "ALL", "all:1"]),
    Code.NOTICE_CHOICE: _in_notice("0", [*NUMBERS, "0:0"]),
    Code.NOTICE_TOGGLE: _in_notice("0:so-xay-dung", [*(f"{number}:so-xay-dung" for number in NUMBERS), "0"]),
    Code.NOTICE_TIME: _in_notice("1", [*NUMBERS, "1:1"]),
    **dict.fromkeys(
        (Code.NOTICE_NOW, Code.NOTICE_PAUSE, Code.NOTICE_RESUME, Code.NOTICE_STOP, Code.NOTICE_REPEAT,
         Code.NOTICE_OPEN, Code.NOTICE_REPORT, Code.NOTICE_REMIND, Code.NOTICE_CORRECT, Code.NOTICE_RECALL,
         Code.NOTICE_RECALL_SURELY),
        _OF_NOTICE,
    ),
    Code.NOTICES: Kind("0", [*NUMBERS, "0:0"], Right.COORDINATOR),
    Code.NOTICE_REPORT_PAGE: Kind("1:0", [*(f"{number}:0" for number in NUMBERS), "1", "1:0:0"], Right.COORDINATOR),
    Code.NOTICE_READ: Kind("1:1", [*(f"{number}:1" for number in NUMBERS), "1", "1:1:1"], Right.CONTACT),
    Code.NOTICE_SAMPLE: Kind("", NOTHING),
    Code.SUBSCRIBE: Kind("", NOTHING),
    Code.UNSUBSCRIBE: Kind("", NOTHING),
}  # fmt: skip

KINDS: Mapping[Code, Kind] = {**QUESTION_KINDS, **INBOX_KINDS, **AGENCY_KINDS, **DESK_KINDS, **NOTICE_KINDS}

NO_BUTTONS = [
    "y",
    "y:1",
    "T:report.deadline",
    "tt",
    ":",
    "::",
    " ",
    "🙂",
    "'; DROP TABLE questions; --",
    "p;1",
    "0" * 64,
]
