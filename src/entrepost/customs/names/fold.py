"""Names as they are compared: in Latin letters without signs, cut into words, each with what kind of word it is.

A person writes a name in any script and order, with titles, legal forms and typing errors. Folding takes away what
says nothing about who is meant; what it leaves is compared by `entrepost.customs.names.score`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from entrepost.customs.names.sound import sound
from entrepost.customs.names.words import Words, known_words

LONGEST = 300
"""Letters of a name that are looked at; nobody is called by more, and hostile input must not cost time."""
WORDS_MAX = 24

ARABIC = str.maketrans(
    {
        **dict(zip("اأإآىةعبتجدرزسفكلمنهويیک", ("a",) * 7 + tuple("btjdrzsfklmnhwyyk"), strict=True)),
        **dict(
            zip(
                "ثخذشصضطظغقچپگژؤئ",
                ["th", "kh", "dh", "sh", "s", "d", "t", "z", "gh", "q", "ch", "p", "g", "zh", "w", "y"],
                strict=True,
            )
        ),
        **dict.fromkeys("ءًٌٍَُِّْـ\u200c", ""),
    }
)
"""Arabic and Persian letters with the long vowels kept, which carry most of what short vowels do not say."""

SPARSE = re.compile("[\u0590-\u06ff\u0e00-\u0e7f]")
"""Hebrew, Arabic, Persian and Thai letters, of whose vowels little is left in Latin ones."""
LEET = str.maketrans("013456789", "oieasgtbg")
DIGIT_INSIDE = re.compile(r"(?<=[a-z])[0-9]+(?=[a-z])")
CAMEL = re.compile(r"(?<=[a-z][a-z])(?=[A-Z][A-Za-z])")
SYLLABLES = re.compile("[\u3400-\u9fff\uac00-\ud7a3]")
"""Signs of Chinese and Korean, each a syllable."""
DOTTED = re.compile(r"\b[A-Za-z](?:[./][A-Za-z]\b)+\.?")
WORD = re.compile(r"[a-z0-9]+")
NUMERAL = re.compile("ii|iii|iv|vi|vii|viii|ix|xii|xiii|xiv")
"""Roman numerals that are no name and no initial."""
ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Folded:
    """A name as it is compared: its words, what each weighs, and the legal forms that were cut off.

    `sparse` says that it was written in a script that leaves vowels out.
    """

    words: tuple[str, ...]
    weights: tuple[float, ...]
    forms: frozenset[str]
    sparse: bool = False


def fold(name: str) -> Folded:
    """Fold one name; an empty one has no words."""
    known = known_words()
    spelled = [_plain(word) for word in _spell(name)]
    words, forms = _without_forms(spelled, known)
    words = words or [word for word in spelled if word]
    words = [known.numbers.get(word, word) for word in words[:WORDS_MAX]]
    weights = tuple(known.weight_of(meant(word)) for word in words)
    return Folded(tuple(words), weights, forms, sparse=bool(SPARSE.search(name[:LONGEST])))


def _spell(name: str) -> list[str]:
    text = to_latin(name[:LONGEST])
    text = DOTTED.sub(lambda found: re.sub("[./]", "", found[0]).lower() + " ", text)
    text = CAMEL.sub(" ", text.replace("'", "").replace("`", "").replace("&", " and "))
    return WORD.findall(text.lower())


def to_latin(text: str) -> str:
    """A text in plain Latin letters; signs of direction and control are taken out."""
    if text.isascii():
        return text.replace("\0", "")
    from anyascii import anyascii

    text = unicodedata.normalize("NFKC", text).translate(ARABIC)
    kept = "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")
    return str(anyascii(SYLLABLES.sub(lambda sign: f" {sign[0]} ", kept)))


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    """A word with digits that stand for letters read as letters, and a Roman numeral as a number."""
    if NUMERAL.fullmatch(word):
        values = [ROMAN[letter] for letter in word]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return str(sum(-value if value < after else value for value, after in pairs))
    return DIGIT_INSIDE.sub(lambda found: found[0].translate(LEET), word)


@lru_cache(maxsize=65_536)
def meant(word: str) -> str:
    """The word that stands for all spellings and short forms of one name, or the word itself."""
    known = known_words()
    return known.same.get(word) or known.same_sound.get(sound(word)) or word


def _without_forms(words: Sequence[str], known: Words) -> tuple[list[str], frozenset[str]]:
    """The words without legal forms, and which forms these were; forms of several words go first."""
    kept, forms, place = [], [], 0
    while place < len(words):
        for length in range(min(known.longest_form, len(words) - place), 0, -1):
            form = known.forms.get(" ".join(words[place : place + length]))
            if form is not None:
                forms.append(form)
                place += length
                break
        else:
            kept.append(words[place])
            place += 1
    return kept, frozenset(forms)
