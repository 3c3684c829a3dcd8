"""The agencies of a plan, however people write them."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from knowledge.agencies import Form, Standing
from knowledge.answer import Answerer, Asker, Decision
from knowledge.pack import Pack
from knowledge.recognition import AGENCY_MARK, ELSEWHERE_MARK
from knowledge.understanding import Understanding


def without_accents(text: str) -> str:
    """As people type in a hurry."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def as_it_stands(text: str) -> str:
    """The name as the pack writes it."""
    return text


def decomposed(text: str) -> str:
    """With accents as characters of their own."""
    return unicodedata.normalize("NFD", text)


def shouted_without_accents(text: str) -> str:
    """Capitals, no accents."""
    return without_accents(text).upper()


WAYS = [as_it_stands, without_accents, str.upper, str.lower, decomposed, shouted_without_accents]
FRAMES = ["{}", "{} kiểm tra hình thức nào", "cho hỏi {} có phải nộp báo cáo không"]


def missed(
    understanding: Understanding, names: dict[str, list[str]], way: Callable[[str], str]
) -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    """The names that are not read as their agency and nothing else, with what they are read as."""
    found = []
    for agency, ways_to_write in names.items():
        for name in ways_to_write:
            for frame in FRAMES:
                text = frame.format(way(name))
                agencies = understanding.understand(text).agencies
                if agencies != ((agency,),):
                    found.append((text, agencies))
    return found


@pytest.mark.parametrize("way", WAYS)
def test_every_agency_is_recognised_by_its_full_name(
    way: Callable[[str], str], understanding: Understanding, pack: Pack
) -> None:
    names = {agency.id: [agency.name] for agency in pack.agencies.everyone.values()}
    assert missed(understanding, names, way) == []


@pytest.mark.parametrize("way", WAYS)
def test_every_agency_is_recognised_by_each_of_its_short_names(
    way: Callable[[str], str], understanding: Understanding, pack: Pack
) -> None:
    names = {agency.id: list(agency.short) for agency in pack.agencies.everyone.values()}
    assert missed(understanding, names, way) == []


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("H. Bù Đăng", "ubnd-bu-dang"),
        ("H.Bù Đăng", "ubnd-bu-dang"),
        ("huyện Bù Đăng", "ubnd-bu-dang"),
        ("UB huyện Bù Đốp", "ubnd-bu-dop"),
        ("ủy ban nhân dân huyện Lộc Ninh", "ubnd-loc-ninh"),
        ("uỷ ban nhân dân huyện Lộc Ninh", "ubnd-loc-ninh"),
        ("TP Đồng Xoài", "ubnd-dong-xoai"),
        ("TP. Đồng Xoài", "ubnd-dong-xoai"),
        ("TP.Đồng Xoài", "ubnd-dong-xoai"),
        ("tp dong xoai", "ubnd-dong-xoai"),
        ("tx Bình Long", "ubnd-binh-long"),
        ("TX. Phước Long", "ubnd-phuoc-long"),
        ("thị xã bình long", "ubnd-binh-long"),
        ("dongxoai", "ubnd-dong-xoai"),
        ("phurieng", "ubnd-phu-rieng"),
        ("soxaydung", "so-xay-dung"),
        ("ddoongf xoaif", "ubnd-dong-xoai"),
        ("phus rieengf", "ubnd-phu-rieng"),
        ("d9o62ng xoa2i", "ubnd-dong-xoai"),
        ("sở kế hoạch & đầu tư", "so-ke-hoach-va-dau-tu"),
        ("sở khđt", "so-ke-hoach-va-dau-tu"),
        ("sở kh&cn", "so-khoa-hoc-va-cong-nghe"),
        ("sở khcn", "so-khoa-hoc-va-cong-nghe"),
        ("SXD", "so-xay-dung"),
        ("sở TNMT", "so-tai-nguyen-va-moi-truong"),
    ],
)
def test_prefixes_glued_words_and_keyboard_leftovers_name_the_same_agency(
    name: str, agency: str, understanding: Understanding
) -> None:
    assert understanding.understand(f"{name} kiểm tra hình thức nào").agencies == ((agency,),)


@pytest.mark.parametrize(
    ("typo", "agency"),
    [
        ("sở xây dụng", "so-xay-dung"),
        ("so xay dugn", "so-xay-dung"),
        ("sở ngoaij vụ", "so-ngoai-vu"),
        ("dong xoia", "ubnd-dong-xoai"),
        ("Đồng Xoaì", "ubnd-dong-xoai"),
        ("chơn thahn", "ubnd-chon-thanh"),
        ("phú riềgn", "ubnd-phu-rieng"),
        ("bù gia mpa", "ubnd-bu-gia-map"),
        ("huyện lộc ninhh", "ubnd-loc-ninh"),
        ("hon quna", "ubnd-hon-quan"),
    ],
)
def test_one_slip_of_the_finger_does_not_hide_an_agency(typo: str, agency: str, understanding: Understanding) -> None:
    assert understanding.understand(f"{typo} kiem tra hinh thuc nao").agencies == ((agency,),)


@pytest.mark.parametrize(
    "text",
    [
        "Long Bình có bị kiểm tra không",
        "xã Long Bình kiểm tra kiểu gì",
        "xa long binh kiem tra kieu gi",
        "phường Long Phước",
        "đơn vị xây dựng hệ thống",
        "xây dựng quy trình",
        "kế hoạch kiểm tra và đầu tư",
        "hạn nộp báo cáo là khi nào",
        "đồng chí phụ trách",
        "",
    ],
)
def test_words_that_only_look_like_an_agency_name_none(text: str, understanding: Understanding) -> None:
    assert understanding.understand(text).agencies == ()


def test_several_agencies_are_named_in_the_order_they_stand(understanding: Understanding) -> None:
    agencies = understanding.understand("sở xây dựng và huyện bù đăng, cả Lộc Ninh nữa").agencies
    assert agencies == (("so-xay-dung",), ("ubnd-bu-dang",), ("ubnd-loc-ninh",))


SO_KH = {"so-khoa-hoc-va-cong-nghe", "so-ke-hoach-va-dau-tu"}
HUYEN_BD = {"ubnd-bu-dop", "ubnd-bu-dang"}
AMBIGUOUS = [("sở KH", SO_KH), ("so kh", SO_KH), ("huyện BĐ", HUYEN_BD), ("huyen bd", HUYEN_BD)]


@pytest.mark.parametrize(("name", "candidates"), AMBIGUOUS)
def test_an_ambiguous_short_form_means_each_of_its_agencies(
    name: str, candidates: set[str], understanding: Understanding
) -> None:
    agencies = understanding.understand(f"{name} kiểm tra hình thức nào").agencies
    assert [set(meant) for meant in agencies] == [candidates]


@pytest.mark.parametrize(("name", "candidates"), AMBIGUOUS)
def test_a_question_about_an_ambiguous_agency_is_asked_back_with_both_names(
    name: str, candidates: set[str], answerer: Answerer, newcomer: Asker, pack: Pack
) -> None:
    answer = answerer.ask(f"{name} có phải nộp báo cáo không", newcomer)
    assert answer.decision is Decision.CHOOSE
    assert answer.choices == ("report.my-agency",)
    assert set(answer.agencies_to_choose) == candidates
    assert all(pack.agencies.everyone[candidate].name in answer.html for candidate in candidates)


@pytest.mark.parametrize("name", [name for name, _ in AMBIGUOUS])
@pytest.mark.parametrize(
    "frame", ["{} kiểm tra hình thức nào", "{} kiem tra kieu gi", "{} được kiểm tra tại trụ sở hay qua hồ sơ"]
)
def test_an_ambiguous_agency_is_never_answered_as_if_it_were_clear(
    name: str, frame: str, answerer: Answerer, newcomer: Asker
) -> None:
    answer = answerer.ask(frame.format(name), newcomer)
    assert answer.decision is not Decision.ANSWER
    assert answer.agency is None


def test_the_full_name_of_either_is_not_asked_back(answerer: Answerer, newcomer: Asker) -> None:
    answer = answerer.ask("sở kế hoạch và đầu tư có phải nộp báo cáo không", newcomer)
    assert (answer.decision, answer.agency) == (Decision.ANSWER, "so-ke-hoach-va-dau-tu")


@pytest.mark.parametrize(
    "text",
    [
        "cơ quan tôi có phải nộp báo cáo cho sở KH&CN không",
        "đơn vị tôi có phải gửi báo cáo cho Sở Khoa học và Công nghệ không",
        "co quan toi co phai nop bao cao ve so khcn khong",
    ],
)
def test_the_recipient_of_the_report_is_not_taken_for_the_askers_agency(text: str, answerer: Answerer) -> None:
    asker = Asker(date(2021, 11, 8), agency="so-xay-dung")
    answer = answerer.ask(text, asker)
    assert answer.agency != "so-khoa-hoc-va-cong-nghe"
    assert answer.topic != "report.my-agency" or answer.agency == "so-xay-dung"


def test_a_topic_about_one_agency_is_about_the_one_named_and_not_the_askers(answerer: Answerer) -> None:
    asker = Asker(date(2021, 11, 8), agency="so-xay-dung")
    assert answerer.ask("huyện bù đăng có phải nộp báo cáo không", asker).agency == "ubnd-bu-dang"


def test_a_topic_about_one_agency_is_about_the_askers_where_none_is_named(answerer: Answerer) -> None:
    asker = Asker(date(2021, 11, 8), agency="so-xay-dung")
    assert answerer.ask("cơ quan tôi có phải nộp báo cáo không", asker).agency == "so-xay-dung"


def test_where_no_agency_is_known_the_listed_ones_are_offered_and_no_unlisted_one(
    answerer: Answerer, newcomer: Asker, pack: Pack
) -> None:
    answer = answerer.ask("cơ quan tôi có phải nộp báo cáo không", newcomer)
    assert answer.agencies_to_choose == tuple(agency.id for agency in pack.agencies.listed)
    assert len(answer.agencies_to_choose) == 14


@pytest.mark.parametrize(
    "text",
    ["Tây Ninh kiểm tra ISO khi nào", "tay ninh", "sở xây dựng Hải Phòng", "hai phong", "TPHCM nộp ở đâu"],
)
def test_other_provinces_are_recognised(text: str, understanding: Understanding) -> None:
    assert ELSEWHERE_MARK in understanding.understand(text).words


@pytest.mark.parametrize(
    "text",
    ["hai phòng của sở có phải nộp không", "Bình Phước", "tỉnh bình phước kiểm tra khi nào", "bù đăng", "an toàn"],
)
def test_this_province_and_two_rooms_are_no_other_province(text: str, understanding: Understanding) -> None:
    assert ELSEWHERE_MARK not in understanding.understand(text).words


def test_another_province_is_no_agency_of_the_plan(understanding: Understanding) -> None:
    assert understanding.understand("Tây Ninh có phải nộp báo cáo không").agencies == ()


def test_a_question_about_another_province_is_declined(answerer: Answerer, newcomer: Asker) -> None:
    answer = answerer.ask("Tây Ninh kiểm tra ISO khi nào", newcomer)
    assert answer.decision is Decision.DECLINE
    assert answer.ranked[0][0] == "outside.other-provinces"


def test_every_named_agency_is_marked_but_for_the_lead(understanding: Understanding) -> None:
    assert AGENCY_MARK in understanding.understand("sở xây dựng kiểm tra khi nào").words
    assert AGENCY_MARK not in understanding.understand("sở khoa học và công nghệ kiểm tra khi nào").words


def test_five_agencies_are_inspected_on_site_and_nine_are_inferred(pack: Pack) -> None:
    onsite = pack.agencies.of_form(Form.ONSITE)
    dossier = pack.agencies.of_form(Form.DOSSIER)
    assert [agency.id for agency in onsite] == [
        "so-ke-hoach-va-dau-tu",
        "so-xay-dung",
        "so-ngoai-vu",
        "ubnd-dong-xoai",
        "ubnd-phu-rieng",
    ]
    assert {agency.source for agency in onsite} == {Standing.STATED}
    assert len(dossier) == 9
    assert pack.agencies.of_form(Form.DOSSIER, Standing.INFERRED) == dossier
    assert pack.agencies.of_form(Form.DOSSIER, Standing.STATED) == []


def test_the_plan_waits_for_seventeen_provincial_agencies_it_does_not_name(pack: Pack) -> None:
    assert [(entry.level, entry.form, entry.count) for entry in pack.agencies.expected] == [("province", "dossier", 17)]
    assert len(pack.agencies.listed) + 17 == 31


def test_unlisted_agencies_have_no_form_and_exactly_one_leads(pack: Pack) -> None:
    unlisted = [agency for agency in pack.agencies.everyone.values() if agency.source is Standing.UNLISTED]
    assert {agency.form for agency in unlisted} == {None}
    assert [agency.id for agency in unlisted if agency.is_lead] == ["so-khoa-hoc-va-cong-nghe"]
