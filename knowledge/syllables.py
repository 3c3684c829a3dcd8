"""Vietnamese syllables: what is one, its tone, and its one canonical spelling.

A canonical syllable is its letters without the tone, then the tone as a digit: "hoạch" → "hoach5", "hòa" and "hoà" →
"hoa2". Tone-mark placement thus merges by itself; so do the two spellings of a final i/y ("kỹ", "kĩ" → "ki4").
"""

import unicodedata
from functools import lru_cache

# Tone marks in the order of the digits that VNI typing gives them.
_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}

_ONSETS = frozenset(["", *"b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()])

# Every rhyme of the written language, without tone; but for "oong" and "ooc" (xoong, soóc), which stand in the way of
# reading "coong" as a Telex leftover of "công" and occur in a handful of words.
_RHYMES = frozenset(
    (
        "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây "
        "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu "
        "i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu "
        "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong "
        "op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
        "u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt "
        "uynh uyt uyu uyn uyp ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu yn "
        "ynh yt"
    ).split()
)

_DIACRITICS = frozenset("ăâđêôơư")


def _plain(letters: str) -> str:
    decomposed = unicodedata.normalize("NFD", letters.replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_SYLLABLES = frozenset(onset + rhyme for onset in _ONSETS for rhyme in _RHYMES)
_PLAIN_SYLLABLES = frozenset(map(_plain, _SYLLABLES))


@lru_cache(maxsize=65536)
def split_tone(word: str) -> tuple[str, str]:
    """The letters of a lower-case word without its tone mark, and the tone as a digit ("" where there is none)."""
    if word.isascii():
        return word, ""
    tone = ""
    letters = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def is_syllable(letters: str) -> bool:
    """Whether toneless letters, accented as they are ("hoach", "đươc"), make a Vietnamese syllable."""
    return letters in _SYLLABLES


def could_be_syllable(plain: str) -> bool:
    """Whether letters without any accent ("hoach", "duoc") can be read as a Vietnamese syllable."""
    return plain in _PLAIN_SYLLABLES


@lru_cache(maxsize=65536)
def canonical(word: str) -> str:
    """The one spelling of a lower-case NFC word that all its spellings share."""
    letters, tone = split_tone(word)
    return _merge_i_y(letters) + tone


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """A lower-case NFC word without any accents, as people type in a hurry; "đ" becomes "d", final "y" as "i"."""
    letters, _ = split_tone(word)
    return _merge_i_y(letters if letters.isascii() else _plain(letters))


def unaccented(text: str) -> str:
    """An NFC text in lower case without any accents, letter for letter, so that places in it are places in the text."""
    return "".join(_unaccented_letter(letter) for letter in text)


@lru_cache(maxsize=65536)
def _unaccented_letter(letter: str) -> str:
    plain = _plain(letter.lower())
    return plain if len(plain) == 1 else letter


def has_accents(word: str) -> bool:
    """Whether a lower-case NFC word carries a tone or one of ă â đ ê ô ơ ư."""
    letters, tone = split_tone(word)
    return bool(tone) or not _DIACRITICS.isdisjoint(letters)


def _merge_i_y(letters: str) -> str:
    """Write "kỹ" and "kĩ", "quý" and "quí" alike; "y" in "tay" or "ay" is another sound and stays."""
    if letters.endswith("y") and (letters == "quy" or (len(letters) == 2 and letters[0] in "hklmst")):
        return letters[:-1] + "i"
    return letters
