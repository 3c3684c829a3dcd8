"""One text as people type it → its words."""

import unicodedata

import pytest

from knowledge.tokens import LONGEST, normalise, shortened, tokens
from knowledge.understanding import Understanding
from knowledge.vietnamese import Reader, load_slang


@pytest.fixture(scope="module")
def reader() -> Reader:
    """A reader with a few ambiguous short forms and a few phrases to choose their meaning by."""
    reader = Reader(
        {
            "kh": ["kế hoạch", "khoa học"],
            "bc": ["báo cáo"],
            "kp": ["kinh phí", "khắc phục"],
            "đc": ["được", "địa chỉ"],
            "bữa nào": ["khi nào"],
        }
    )
    texts = [
        "kế hoạch kiểm tra",
        "khoa học công nghệ",
        "hành động khắc phục",
        "kinh phí kiểm tra",
        "hạn nộp báo cáo khi nào",
        "xin địa chỉ",
    ]
    reader.learn([reader.read(text) for text in texts])
    return reader


def plain(reader: Reader, text: str) -> str:
    """The words of a text without accents."""
    return " ".join(word.plain for word in reader.read(text).words)


def accented(understanding: Understanding, text: str) -> list[str]:
    """The words of a text with their accents."""
    return [word.accented for word in understanding.understand(text).words]


def test_the_two_forms_of_unicode_give_the_same_text() -> None:
    text = "Kế hoạch kiểm tra của Sở Khoa học và Công nghệ được ban hành"
    assert unicodedata.normalize("NFD", text) != text
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("KẾ HOẠCH", "kế hoạch"),
        ("  báo \t cáo\n", "báo cáo"),
        ("báo\u200bcáo", "báo cáo"),
        ("báo\u202e cáo", "báo cáo"),
        ("hạn\x00nộp", "hạn nộp"),
    ],
)
def test_case_spaces_and_invisible_characters_do_not_matter(typed: str, text: str) -> None:
    assert normalise(typed) == text


@pytest.mark.parametrize(
    ("typed", "word"), [("nhaaaa", "nha"), ("hạnnnn", "hạn"), ("ạạạ", "ạ"), ("xoong", "xoong"), ("1000", "1000")]
)
def test_stretched_letters_are_shortened_but_doubled_ones_and_figures_stay(typed: str, word: str) -> None:
    assert shortened(typed) == word


def test_a_stretched_question_reads_like_the_plain_one(understanding: Understanding) -> None:
    assert accented(understanding, "hạnnnn nộppp báooo cáo") == accented(understanding, "hạn nộp báo cáo")


def test_a_pasted_document_is_read_only_as_far_as_a_question_may_go() -> None:
    assert len(normalise("báo cáo " * 1000)) <= LONGEST


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1813/KH-SKHCN", ["1813/kh-skhcn", "1813"]),
        ("19/2014/QĐ-TTg", ["19/2014/qđ-ttg", "19"]),
        ("26/2014/TT-BKHCN", ["26/2014/tt-bkhcn", "26"]),
        ("419/BKHCN-TĐC", ["419/bkhcn-tđc", "419"]),
        ("9001:2015", ["9001", "2015"]),
        ("9001-2015", ["9001", "2015"]),
        ("iso9001", ["iso", "9001"]),
        ("9.3", ["9.3"]),
        ("8.5.3", ["8.5.3"]),
        ("7.1.6", ["7.1.6"]),
        ("bao_cao", ["bao", "cao"]),
        ("bao.cao", ["bao", "cao"]),
        ("KH&CN", ["kh&cn"]),
        ("đ/c", ["đ/c"]),
    ],
)
def test_numbers_of_documents_standards_and_clauses_stay_whole(text: str, words: list[str]) -> None:
    assert tokens(normalise(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "15/11",
        "15-11",
        "15 / 11",
        "15 tháng 11",
        "15 thang 11",
        "15 t11",
        "15.11.21",
        "15/11/21",
        "15/11/2021",
        "15-11-2021",
    ],
)
def test_a_day_is_the_same_day_however_it_is_written(text: str) -> None:
    assert tokens(normalise(text))[0] == "15/11"


def test_the_year_of_a_date_is_kept_as_a_word_of_its_own() -> None:
    assert tokens("15/11/2021") == ["15/11", "2021"]
    assert tokens("15 tháng 11 năm 2021") == ["15/11", "2021"]


@pytest.mark.parametrize("text", ["32/13", "0/5", "31-15", "8.5.3", "9.1.2"])
def test_what_cannot_be_a_day_is_no_date(text: str) -> None:
    assert not any("/" in word for word in tokens(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kh kiểm tra", "ke hoach kiem tra"),
        ("kh công nghệ", "khoa hoc cong nghe"),
        ("KH CÔNG NGHỆ", "khoa hoc cong nghe"),
        ("hành động kp", "hanh dong khac phuc"),
        ("kp kiểm tra", "kinh phi kiem tra"),
        ("xin đc", "xin dia chi"),
        ("xin dc", "xin dia chi"),
        ("nộp đc", "nop duoc"),
    ],
)
def test_a_short_form_of_several_meanings_takes_the_one_that_fits_its_neighbours(
    typed: str, meant: str, reader: Reader
) -> None:
    assert plain(reader, typed) == meant


def test_a_short_form_that_fits_nowhere_takes_its_likeliest_meaning(reader: Reader) -> None:
    assert plain(reader, "kh") == "ke hoach"
    assert plain(reader, "kp") == "kinh phi"


def test_a_short_form_of_several_words_is_read_without_accents_too(reader: Reader) -> None:
    assert plain(reader, "bua nao nop bc") == "khi nao nop bao cao"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("baocao", "bao cao"),
        ("kiemtra", "kiem tra"),
        ("hannopbaocao", "han nop bao cao"),
        ("kếhoạch", "ke hoach"),
        ("kiểmtra", "kiem tra"),
    ],
)
def test_glued_words_are_taken_apart(typed: str, meant: str, reader: Reader) -> None:
    assert plain(reader, typed) == meant


def test_one_slip_of_the_finger_is_mended_and_remembered_as_unknown(reader: Reader) -> None:
    reading = reader.read("kế hoahc")
    assert [word.plain for word in reading.words] == ["ke", "hoach"]
    assert reading.unknown == ("hoahc",)


def test_a_syllable_of_another_subject_is_not_mended_into_one_of_this(reader: Reader) -> None:
    assert plain(reader, "kiểm cha") == "kiem cha"


def test_a_word_that_nobody_uses_is_unknown_as_typed(reader: Reader) -> None:
    assert reader.read("hạn nộp xyzxyz").unknown == ("xyzxyz",)


def test_accents_are_relied_on_as_far_as_they_are_typed(reader: Reader) -> None:
    assert reader.read("hạn nộp báo cáo").accented_share == 1
    assert reader.read("han nop bao cao").accented_share == 0
    assert reader.read("hạn nop báo cao").accented_share == 0.5
    assert reader.read("").accented_share == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nộp báo cáo dc k", "nộp báo cáo được không"),
        ("ktra ntn", "kiểm tra như thế nào"),
        ("nộp trc ngày mấy", "nộp trước ngày mấy"),
        ("hnay còn bn ngày", "hôm nay còn bao nhiêu ngày"),
        ("gởi bc cho ai", "gửi báo cáo cho ai"),
        ("sdt liên hệ", "số điện thoại liên hệ"),
        ("htqlcl", "hệ thống quản lý chất lượng"),
        ("đgnb", "đánh giá nội bộ"),
        ("qui trình quản lí", "quy trình quản lý"),
        ("chuẩn hoá", "chuẩn hóa"),
        ("báo_cáo", "báo cáo"),
        ("hanj noopj baos caos", "hạn nộp báo cáo"),
        ("KẾ HOẠCH", "kế hoạch"),
        ("báo cáo 😀 !!!", "báo cáo"),
    ],
)
def test_chat_short_forms_and_spelling_variants_read_like_the_full_words(
    typed: str, meant: str, understanding: Understanding
) -> None:
    assert accented(understanding, typed) == accented(understanding, meant)


def test_every_short_form_of_chat_stands_for_something() -> None:
    assert all(form and meanings and all(meanings) for form, meanings in load_slang().items())
