"""How a word sounds, whichever way it was romanised."""

from __future__ import annotations

import re
from functools import lru_cache

VOWELS = re.compile("[aiuv]")
SOUNDS = (
    (re.compile("tsch|tch|ch"), "C"),
    (re.compile("sch|sh"), "s"),
    (re.compile("zh|dzh|dj|dz"), "j"),
    (re.compile("ph"), "f"),
    (re.compile("kh|gh(?=[aeiou])"), "h"),
    (re.compile("th"), "t"),
    (re.compile("^x"), "s"),
    (re.compile("x"), "ks"),
    (re.compile("ck|q"), "k"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c"), "k"),
    (re.compile("tz|ts|z"), "s"),
    (re.compile("w"), "v"),
    (re.compile("ou|oo|o"), "u"),
    (re.compile("(?<=[aeiouy])j(?![aeiou])"), "i"),
    (re.compile("yi|yy|iy|ey|ei|ai|ay|ee|ie|y"), "i"),
    (re.compile("e"), "a"),
    (re.compile("(?<=[aiu])h(?![aiu])"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
"""How spellings of one sound are made one, in this order (our own, after common romanisations)."""


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """How a word sounds, whichever way it was romanised."""
    if word.isdigit():
        return word
    for pattern, letters in SOUNDS:
        word = pattern.sub(letters, word)
    return word


@lru_cache(maxsize=65_536)
def bones(word: str) -> str:
    """The consonants of a word as they sound, for scripts that leave vowels out."""
    return VOWELS.sub("", sound(word)).replace("p", "b") or word[:1]
