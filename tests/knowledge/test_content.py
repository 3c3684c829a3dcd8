"""What the answers of the shipped pack may never say, and how they say what they say."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest

from knowledge.agencies import Level, Standing
from knowledge.answer import Answerer, Asker
from knowledge.markup import plain
from knowledge.outcome import SubmissionStanding
from knowledge.pack import Pack
from knowledge.topics import Kind

DAYS = [
    *(date(2021, 11, day) for day in (8, 12, 13, 14, 15, 16)),
    date(2021, 12, 31),
    date(2022, 1, 1),
    date(2026, 11, 23),
]

STANDINGS = [
    SubmissionStanding("Sở Xây dựng", "đã liên kết", date(2021, 11, 8)),
    SubmissionStanding("Sở Xây dựng", "trả lại, chờ bổ sung", date(2021, 11, 16), version=2, late=2),
]

LONGEST_FIRST_LINE = 220
LONGEST_ANSWER = 1100

# Topics about the bot itself rest on no document.
ABOUT_THE_BOT = ("bot.", "chat.", "confirm.", "link.", "notice.", "privacy.")


@dataclass(frozen=True)
class Shown:
    """One answer as a person reads it."""

    topic: str
    kind: Kind
    day: date
    agency: str | None
    text: str

    @property
    def body(self) -> str:
        """The answer without its source line."""
        return self.text.split("\n\nNguồn:")[0]

    @property
    def first_line(self) -> str:
        """What is read first."""
        return self.text.split("\n")[0]

    def around(self, found: re.Match[str]) -> str:
        """Where something was found, to be shown when a test fails."""
        return f"{self.topic}: …{self.text[max(0, found.start() - 50) : found.end() + 50]}…"


@pytest.fixture(scope="module")
def answers(answerer: Answerer, pack: Pack) -> list[Shown]:
    """Every answer in every situation, each text once."""
    texts: dict[tuple[str, str], Shown] = {}
    for topic in pack.topics.values():
        agencies = [None, *pack.agencies.everyone] if "agency" in topic.answer else [None]
        standings = [None, *STANDINGS] if "standing" in topic.answer else [None]
        for day, agency, standing in product(DAYS, agencies, standings):
            text = plain(answerer.answer(topic.id, Asker(day, standing=standing), agency).html)
            texts.setdefault((topic.id, text), Shown(topic.id, topic.kind, day, agency, text))
    return list(texts.values())


def found_in(answers: list[Shown], pattern: str) -> list[str]:
    """Every place where a pattern stands."""
    return [answer.around(found) for answer in answers for found in re.finditer(pattern, answer.text, re.IGNORECASE)]


def of(answers: list[Shown], topic: str) -> list[Shown]:
    """The answers of one topic."""
    chosen = [answer for answer in answers if answer.topic == topic]
    assert chosen
    return chosen


# What would be wrong.


def test_the_fifteenth_is_only_ever_the_day_before_which(answers: list[Shown]) -> None:
    right = r"(?:trước ngày|gửi trong thứ Hai,|từ thứ Hai,|sang thứ Hai,) $"
    named = [(answer, found) for answer in answers for found in re.finditer(r"15/11", answer.text)]
    assert len(named) > 20
    wrong = [a.around(f) for a, f in named if not re.search(right, a.text[: f.start()], re.IGNORECASE)]
    assert wrong == []


@pytest.mark.parametrize(
    "pattern", [r"hết (?:ngày )?15/11", r"chậm nhất[^.\n]{0,20}15/11", r"hạn (?:là|chót|cuối) 15/11"]
)
def test_the_fifteenth_is_never_called_the_last_day(pattern: str, answers: list[Shown]) -> None:
    assert found_in(answers, pattern) == []


def test_state_agencies_change_over_before_the_middle_of_2021_and_not_with_the_certificates(
    answers: list[Shown],
) -> None:
    assert all(re.search(r"30/0?6/2021", answer.body) for answer in of(answers, "transition.deadline"))
    for answer in answers:
        for found in re.finditer(r"15/0?9/2018", answer.text):
            assert "chứng chỉ" in answer.text[found.start() : found.end() + 120], answer.around(found)


def test_nobody_is_told_to_get_certified(answers: list[Shown]) -> None:
    wrong = r"(?<!không )(?:phải|cần|nên|bắt buộc) (?:đi |xin |thuê |có |được )?(?:tổ chức |giấy )?chứng nhận"
    assert found_in(answers, wrong) == []
    assert all("không" in answer.first_line.lower() for answer in of(answers, "transition.certificate"))


def test_the_seventeen_provincial_agencies_are_never_listed(answers: list[Shown], pack: Pack) -> None:
    assert pack.plan
    named_by_the_source = {pack.plan.lead.value, *pack.plan.partners.value}
    others = [
        agency.name
        for agency in pack.agencies.everyone.values()
        if agency.source is Standing.UNLISTED
        and agency.level is Level.PROVINCE
        and agency.name not in named_by_the_source
    ]
    assert len(others) > 10
    wrong = [
        (answer.topic, name) for answer in answers for name in others if answer.agency is None and name in answer.text
    ]
    assert wrong == []


def test_the_nine_districts_are_only_listed_as_inferred(answers: list[Shown], pack: Pack) -> None:
    districts = [agency.name for agency in pack.agencies.listed if agency.source is Standing.INFERRED]
    lists = [a for a in answers if a.agency is None and sum(name in a.text for name in districts) > 1]
    assert {answer.topic for answer in lists} == {"plan.dossier-list"}
    assert all("suy ra" in answer.text and "chưa được văn bản xác nhận" in answer.text for answer in lists)


def test_communes_are_encouraged_and_never_obliged(answers: list[Shown]) -> None:
    assert found_in(answers, r"(?:xã|phường|thị trấn) (?:cũng |đều )?(?:phải|bắt buộc) áp dụng") == []
    assert all("khuyến khích" in answer.body for answer in of(answers, "law.obliged"))


def test_the_provinces_own_form_is_not_handed_out_as_the_form_of_the_report(answers: list[Shown]) -> None:
    for answer in of(answers, "report.template"):
        assert "không phải mẫu báo cáo của từng sở, huyện" in answer.body
    assert {answer.topic for answer in answers if "Phụ lục II " in answer.text} <= {
        "report.template",
        "law.decision-19",
    }


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\d/.])0\d(?:[ .-]?\d){7,9}(?!\d)",
        r"\d{8,}",
        r"\+84",
        r"\S@\S",
        r"https?://",
        r"\bsố nhà\b",
        r"\bđường (?!dẫn|liên thông)[A-ZĐ]",
        r"\b(?:ông|bà) [A-ZĐ]",
        r"Giám đốc Sở (?:là|:)",
        r"người ký (?:là|:)",
        r"trưởng đoàn (?:là|:)",
    ],
)
def test_no_telephone_number_address_or_name_is_invented(pattern: str, answers: list[Shown]) -> None:
    case_matters = [answer.around(found) for answer in answers for found in re.finditer(pattern, answer.text)]
    assert case_matters == []


def test_chon_thanh_was_a_district(answers: list[Shown]) -> None:
    assert found_in(answers, r"(?:thị xã|tx\.?|thành phố) Chơn Thành") == []
    assert any("UBND huyện Chơn Thành" in answer.text for answer in answers)


@pytest.mark.parametrize(
    "topic", ["clause.quality-manual", "clause.management-representative", "clause.preventive-action"]
)
def test_what_the_2015_edition_dropped_is_not_asked_for(topic: str, answers: list[Shown]) -> None:
    assert all("không" in answer.first_line.lower() for answer in of(answers, topic))


@pytest.mark.parametrize("topic", ["law.still-in-force", "iso.next-version"])
def test_what_could_not_be_confirmed_is_not_affirmed(topic: str, answers: list[Shown]) -> None:
    assert all(
        re.search("chưa (?:được |nguồn nào )?xác nhận|chưa thấy|không thấy", answer.body)
        for answer in of(answers, topic)
    )


@pytest.mark.parametrize("topic", ["plan.lead", "plan.issuer", "report.recipient"])
def test_the_two_agencies_of_like_names_are_not_mixed_up(topic: str, answers: list[Shown]) -> None:
    for answer in of(answers, topic):
        assert "Sở Khoa học và Công nghệ" in answer.first_line
        assert re.search(r"[Kk]hông (?:phải|nhầm với) Sở Kế hoạch và Đầu tư", answer.body)
    recipient = r"(?:gửi|nộp|liên hệ|hỏi)(?: báo cáo)?(?: cho| tới| đến)? Sở Kế hoạch"
    assert found_in(answers, recipient) == []


def test_the_plan_is_not_judged_by_the_share_of_a_third(answers: list[Shown]) -> None:
    assert {answer.topic for answer in answers if "1/3" in answer.text} <= {
        "law.inspection-frequency",
        "law.circular-26",
    }
    assert found_in(answers, r"5/31|16 ?%|chưa đạt 1/3|không đủ 1/3") == []


@pytest.mark.parametrize(
    "topic", ["plan.issue-date", "plan.visit-date", "plan.team", "plan.contact", "plan.budget", "report.channel"]
)
def test_the_first_line_says_that_the_source_is_silent(topic: str, answers: list[Shown]) -> None:
    assert all("Nguồn hiện có không nêu" in answer.first_line for answer in of(answers, topic))


# How it is said.


def test_the_first_line_can_be_read_at_a_glance(answers: list[Shown]) -> None:
    long = {answer.topic: len(answer.first_line) for answer in answers if len(answer.first_line) > LONGEST_FIRST_LINE}
    assert long == {}


def test_an_answer_fits_a_telephone_screen_or_two(answers: list[Shown]) -> None:
    assert {answer.topic: len(answer.text) for answer in answers if len(answer.text) > LONGEST_ANSWER} == {}


def test_no_answer_has_gaps_or_loose_ends(answers: list[Shown]) -> None:
    assert found_in(answers, r"\n{3,}|[ \t]\n|  |\{|\}|None|Undefined") == []
    assert {answer.topic for answer in answers if "\n\n" in answer.body} == set()


def test_every_answer_of_substance_names_its_source(answers: list[Shown]) -> None:
    without = {
        answer.topic
        for answer in answers
        if answer.kind not in (Kind.CHAT, Kind.OUTSIDE)
        and not answer.topic.startswith(ABOUT_THE_BOT)
        and not re.search(r"\n\nNguồn: .+ · cập nhật \d\d/\d{4}$", answer.text)
    }
    assert without == set()


def test_small_talk_and_refusals_name_no_source(answers: list[Shown]) -> None:
    assert {a.topic for a in answers if a.kind in (Kind.CHAT, Kind.OUTSIDE) and "Nguồn:" in a.text} == set()


def test_the_reader_is_never_called_by_a_familiar_word(answers: list[Shown]) -> None:
    assert found_in(answers, r"\b(?:bạn|em|tôi|quý khách)\b") == []


def test_the_bot_never_speaks_of_itself_familiarly(answers: list[Shown]) -> None:
    # "cơ quan mình", "của mình", "cho chính mình" mean the agency and not the bot.
    assert found_in(answers, r"(?<!cơ quan )(?<!của )(?<!cho )(?<!chính )(?<!phần )\bmình\b") == []


def test_exclamation_marks_stand_in_greetings_only(answers: list[Shown]) -> None:
    assert {answer.topic for answer in answers if "!" in answer.text and not answer.topic.startswith("chat.")} == set()


def test_there_is_no_emoji_in_running_text(answers: list[Shown]) -> None:
    signs = {char for answer in answers for char in answer.text if unicodedata.category(char) in ("So", "Sk", "Cs")}
    assert signs == set()


def test_everything_shown_is_composed_unicode(answers: list[Shown], pack: Pack) -> None:
    texts = [answer.text for answer in answers] + [topic.ask for topic in pack.topics.values()]
    assert [text for text in texts if unicodedata.normalize("NFC", text) != text] == []


def test_a_label_on_a_button_is_a_question_without_markup(pack: Pack) -> None:
    assert [topic.id for topic in pack.topics.values() if re.search(r"[<>{}!]", topic.ask)] == []


def test_what_is_inferred_from_a_document_is_said_not_to_be_confirmed_by_one(answers: list[Shown]) -> None:
    inferred = [answer for answer in answers if "Suy ra từ" in answer.text]
    assert len(inferred) > 10
    assert {answer.topic for answer in inferred if "chưa được văn bản xác nhận" not in answer.text} == set()
