"""Vietnamese syllables: one canonical spelling for all the ways to write one."""

import unicodedata

import pytest

from knowledge.syllables import canonical, could_be_syllable, folded, has_accents, is_syllable, unaccented


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"),
        ("hóa", "hoá"),
        ("thủy", "thuỷ"),
        ("ủy", "uỷ"),
        ("tùy", "tuỳ"),
        ("khỏe", "khoẻ"),
        ("xóa", "xoá"),
        ("tòa", "toà"),
        ("qúy", "quý"),
        ("qủy", "quỷ"),
        ("qũy", "quỹ"),
    ],
)
def test_a_tone_mark_means_the_same_wherever_it_is_put(one: str, other: str) -> None:
    assert one != other
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kỹ", "kĩ"),
        ("lý", "lí"),
        ("ký", "kí"),
        ("kỳ", "kì"),
        ("quý", "quí"),
        ("quy", "qui"),
        ("tỷ", "tỉ"),
        ("hy", "hi"),
    ],
)
def test_final_i_and_y_are_one_letter(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("tay", "tai"), ("mày", "mài"), ("thủy", "thủi"), ("ấy", "ái")])
def test_i_and_y_stay_apart_where_they_are_two_sounds(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(("one", "other"), [("hạn", "hàn"), ("sở", "số"), ("sổ", "số"), ("đồng", "dồng"), ("xã", "xa")])
def test_words_that_differ_in_an_accent_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)
    assert folded(one) == folded(other)


def test_the_crossed_d_folds_to_a_plain_one() -> None:
    assert folded("đồng") == "dong"
    assert folded("được") == "duoc"


@pytest.mark.parametrize("word", ["kế", "hoạch", "được", "nghiệp", "quyết", "khuỷu"])
def test_decomposed_letters_read_like_composed_ones(word: str) -> None:
    decomposed = unicodedata.normalize("NFD", word)
    assert decomposed != word
    assert canonical(decomposed) == canonical(word)


@pytest.mark.parametrize("letters", ["kê", "hoach", "đươc", "nghiêp", "a", "yêu", "khuyu", "quyêt", "gi"])
def test_the_letters_of_a_vietnamese_word_make_a_syllable(letters: str) -> None:
    assert is_syllable(letters)


@pytest.mark.parametrize("letters", ["", "b", "hoachj", "iso", "bao cao", "kieerm", "aa", "htqlcl", "form", "9001"])
def test_other_letters_make_no_syllable(letters: str) -> None:
    assert not is_syllable(letters)


@pytest.mark.parametrize("plain", ["hoach", "duoc", "nghiep", "kiem"])
def test_letters_without_accents_can_be_read_as_a_syllable(plain: str) -> None:
    assert could_be_syllable(plain)


@pytest.mark.parametrize("plain", ["baocao", "hoahc", "stream", "kh"])
def test_letters_that_no_accent_can_mend_are_no_syllable(plain: str) -> None:
    assert not could_be_syllable(plain)


@pytest.mark.parametrize(
    ("word", "accented"), [("hạn", True), ("đi", True), ("sơ", True), ("han", False), ("iso", False)]
)
def test_a_word_with_a_tone_or_a_vietnamese_letter_carries_accents(word: str, accented: bool) -> None:
    assert has_accents(word) is accented


def test_without_accents_every_letter_keeps_its_place() -> None:
    assert unaccented("Số 5/QĐ-TTg ngày Mùng Một ở Bù Đăng") == "so 5/qd-ttg ngay mung mot o bu dang"
    everything = "".join(map(chr, range(0x3000)))
    assert len(unaccented(everything)) == len(everything)
