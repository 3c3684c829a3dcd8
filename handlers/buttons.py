"""Buttons: what they carry. A short code and ids, never a right: who may press is asked of the database each time."""

from enum import StrEnum, unique

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

# Telegram's limit for callback_data; python-telegram-bot does not check it.
LONGEST_DATA = 64


@unique
class Code(StrEnum):
    """Every kind of button there is."""

    TOPIC = "t"  # topic: answer it
    PICK = "c"  # question, topic: the one meant of those offered
    AGENCY = "a"  # topic, agency: answer it for that agency
    MENU = "m"  # open the menu of topics in a new message
    FRONT = "b"  # back to the front of the menu, in the same message
    TABLE = "l"  # open the matrix of clauses in a new message
    TABLE_PAGE = "n"  # page: turn a page of it
    GROUP = "g"  # group, page: show a page of the menu
    FILE = "f"  # handout: make it and send it
    PASS_ON = "p"  # question: put it before the coordinator
    HELPFUL = "h"  # question: the answer was useful
    WRONG = "w"  # question: it was not
    CANCEL = "x"  # leave the dialogue
    LEAVE_BE = "z"  # asked once more: rather not
    LINK = "lk"  # agree to be linked
    AGENCIES = "al"  # purpose, page: turn a page of the list of agencies
    CHOOSE = "ac"  # purpose, agency: the one meant
    INVITE_COORDINATOR = "ic"  # make a code for a coordinator
    REVOKE = "iv"  # invitation: make its code worthless
    UNLINK = "du"  # agency: ask whether to cease acting for it
    UNLINK_SURELY = "ds"  # agency: cease
    HAND_OVER = "dh"  # agency: make a code for a successor
    BEGIN = "kb"  # begin to confirm
    WAY = "kw"  # way: how the report was sent
    OTHER_WAY = "ko"  # choose the way again
    NO_FILES = "kf"  # leave the files out
    CONFIRM = "kx"  # steps known: confirm what the card shows
    RECEIPT = "br"  # receipt: show it
    WITHDRAW = "rr"  # agency: ask whether to withdraw
    WITHDRAW_SURELY = "rs"  # agency, steps known: withdraw
    ACCEPT = "va"  # receipt: accept this version
    UNDO = "vu"  # receipt: undo accepting it
    SEND_BACK = "vr"  # receipt: begin to return it
    MISSING = "vm"  # part: it is missing, or is not
    DUE_IN = "vd"  # working days: the new due date; 0 for none
    SEND_BACK_SURELY = "vs"  # return it
    FILES = "vf"  # receipt: send its files
    WAIVE = "wb"  # agency: begin to let it off
    WAIVE_SURELY = "ws"  # let it off
    LIFT_WAIVER = "wl"  # agency, steps known: want its report after all
    EXTEND = "hb"  # agency: begin to extend its deadline
    EXTEND_ALL = "ha"  # begin to extend everybody's
    EXTEND_SURELY = "hx"  # extend
    MUTE = "nt"  # agency: no reminders about it, pressed under one
    REMIND = "nd"  # agency, 1 or 0: reminders about it or none, on the page of one's agencies
    SWITCH_SURELY = "ps"  # switch to the other plan
    JOURNAL_PAGE = "jp"  # kind, agency, page: show that page of the log
    FORGET = "qf"  # ask whether to delete what is stored about me
    FORGET_SURELY = "qs"  # delete it
    ENTRY = "i"  # question: show this entry of the inbox
    LEARN = "k"  # question, topic: take it as a way of asking for the topic
    UNLEARN = "u"  # phrasing: take it out again
    DISMISS = "d"  # question: take it off the inbox
    REOPEN = "o"  # question: put it back
    BOARD_LIST = "bl"  # group: open the list of its agencies in a new message
    BOARD_PAGE = "bp"  # group, page: turn a page of it
    EXPORT = "bx"  # make the board's workbook and send it
    RESPOND = "ir"  # question: begin to answer it in one's own words
    RESPOND_SURELY = "is"  # send the answer
    RESPONDED = "it"  # question: show how far the answer has come
    NOTICE_TEXT = "ne"  # write the notice anew
    NOTICE_WHOM = "nw"  # choose anew whom it is for
    NOTICE_AUDIENCE = "na"  # audience: it is for these
    NOTICE_CHOICE = "nc"  # page: turn a page of the agencies to choose
    NOTICE_TOGGLE = "n1"  # page, agency: it is chosen, or is not
    NOTICE_TIME = "nh"  # 1: ask when it shall go out; 0: at once
    NOTICE_PREVIEW = "nj"  # show what will be sent
    NOTICE_SEND = "ns"  # send it, or plan to
    NOTICE_SURELY = "nx"  # the same, though it is night or a holiday
    NOTICE_MORNING = "nm"  # plan it for the next working morning
    NOTICE_NOW = "nn"  # notice: start a scheduled one
    NOTICE_PAUSE = "np"  # notice: send nothing more for now
    NOTICE_RESUME = "nr"  # notice: go on
    NOTICE_STOP = "nq"  # notice: send nothing more
    NOTICE_REPEAT = "ng"  # notice: send what is uncertain again
    NOTICES = "nl"  # page: the notices so far, the first page in a new message
    NOTICE_OPEN = "no"  # notice: how it goes
    NOTICE_REPORT = "nf"  # notice: who has read it, in a new message
    NOTICE_REPORT_PAGE = "nb"  # notice, page: turn a page of that
    NOTICE_REMIND = "nu"  # notice: write to those who have not read it
    NOTICE_CORRECT = "ni"  # notice: write a correction
    NOTICE_RECALL = "nk"  # notice: ask whether to recall it
    NOTICE_RECALL_SURELY = "ny"  # notice: recall it
    NOTICE_READ = "nv"  # notice, version: I have read it
    NOTICE_SAMPLE = "nz"  # the same on the preview: nothing
    SUBSCRIBE = "sb"  # send me notices
    UNSUBSCRIBE = "su"  # send me none


def button(label: str, code: Code, *ids: str | int) -> InlineKeyboardButton:
    """A button; its label is shown, its code and ids come back when it is pressed."""
    data = ":".join(map(str, (code, *ids)))
    if len(data.encode()) > LONGEST_DATA:
        raise ValueError(f"a button carries at most {LONGEST_DATA} bytes: {data}")
    return InlineKeyboardButton(label, callback_data=data)


def code_of(one: InlineKeyboardButton) -> Code | None:
    """The kind of a button; None if it is none of ours."""
    code, _, _ = str(one.callback_data or "").partition(":")
    return Code(code) if code in set(Code) else None


def two_a_row(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Rows of two, which is what Vietnamese labels leave room for on a phone."""
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def without(markup: InlineKeyboardMarkup | None, *codes: Code) -> list[list[InlineKeyboardButton]]:
    """The rows of a keyboard without the buttons of these codes."""
    rows = [[one for one in row if code_of(one) not in codes] for row in (markup.inline_keyboard if markup else ())]
    return [row for row in rows if row]
