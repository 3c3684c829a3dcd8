"""What is left of Telex and VNI when the Vietnamese keyboard is off."""

import pytest

from knowledge.syllables import canonical
from knowledge.typing_methods import decode
from knowledge.understanding import Understanding

TELEX = [
    ("kieerm tra", "kiểm tra"),
    ("hanj noopj baos caos", "hạn nộp báo cáo"),
    ("hanf", "hàn"),
    ("chuyeenr ddooir", "chuyển đổi"),
    ("ddanhs gias nooij booj", "đánh giá nội bộ"),
    ("xem xets cuar lanhx ddaoj", "xem xét của lãnh đạo"),
    ("kees hoachj", "kế hoạch"),
    ("chinhs sachs", "chính sách"),
    ("mucj tieeu", "mục tiêu"),
    ("coong boos", "công bố"),
    ("ruir ro", "rủi ro"),
    ("ddoongf xoaif", "Đồng Xoài"),
    ("phus rieengf", "Phú Riềng"),
    ("truwowcs ngayf", "trước ngày"),
    ("dduwowcj khoong", "được không"),
    ("luwu hoof sow", "lưu hồ sơ"),
    ("tieeu chuaanr", "tiêu chuẩn"),
    ("soor tay chaast luwowngj", "sổ tay chất lượng"),
]
VNI = [
    ("kie63m tra", "kiểm tra"),
    ("ha5n no65p ba1o ca1o", "hạn nộp báo cáo"),
    ("chuye63n d9o63i", "chuyển đổi"),
    ("d9a1nh gia1 no65i bo65", "đánh giá nội bộ"),
    ("ke61 hoa5ch", "kế hoạch"),
    ("ho62 so7", "hồ sơ"),
    ("d9o62ng xoa2i", "Đồng Xoài"),
    ("bi2nh phu7o71c", "Bình Phước"),
    ("truo71c nga2y", "trước ngày"),
]


@pytest.mark.parametrize(("typed", "meant"), [*TELEX, *VNI])
def test_words_typed_with_the_keyboard_off_are_decoded(typed: str, meant: str) -> None:
    decoded = [canonical(decode(word) or word) for word in typed.split()]
    assert decoded == [canonical(word) for word in meant.lower().split()]


@pytest.mark.parametrize(("typed", "meant"), [("hoachj", "hoạch"), ("hojach", "hoạch"), ("hofw", "hờ"), ("howf", "hờ")])
def test_the_tone_key_may_come_anywhere_after_the_vowel(typed: str, meant: str) -> None:
    assert canonical(decode(typed) or "") == canonical(meant)


@pytest.mark.parametrize("word", ["9001", "2015", "1813", "15/11", "19/2014", "q4", "t11", "a4", "m2", "5s", "f0"])
def test_numbers_and_names_with_figures_are_left_alone(word: str) -> None:
    assert decode(word) is None


@pytest.mark.parametrize("word", ["iso", "pdca", "email", "file", "word", "excel", "covid", "zalo", "telegram", "ubnd"])
def test_words_that_decode_to_nothing_vietnamese_are_left_alone(word: str) -> None:
    assert decode(word) is None


@pytest.mark.parametrize("word", ["tra", "ro", "tay", "xem", "bao", "cao", "so", "han"])
def test_a_word_that_is_a_syllable_already_is_left_alone(word: str) -> None:
    assert decode(word) is None


@pytest.mark.parametrize("word", ["", "a", "1", "w", "ww", "đđ", "hạnj", "s" * 40, "9d", "7o7"])
def test_odd_little_words_are_no_leftovers(word: str) -> None:
    assert decode(word) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hanj noopj baos caos", "hạn nộp báo cáo"),
        ("truwowcs ngayf 15/11", "trước ngày 15/11"),
        ("truo71c nga2y 15/11", "trước ngày 15/11"),
        ("xem xets cuar lanhx ddaoj", "xem xét của lãnh đạo"),
        ("d9a1nh gia1 no65i bo65", "đánh giá nội bộ"),
        ("TCVN ISO 9001:2015 cos hieeuj luwcj khi naof", "TCVN ISO 9001:2015 có hiệu lực khi nào"),
    ],
)
def test_a_question_typed_with_the_keyboard_off_reads_like_the_same_question(
    typed: str, meant: str, understanding: Understanding
) -> None:
    read = [word.accented for word in understanding.understand(typed).words]
    assert read == [word.accented for word in understanding.understand(meant).words]
