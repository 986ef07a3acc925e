"""What is known of the words of names: legal forms, titles, numbers, short names, and how rare each word is."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from entrepost.customs.names.sound import sound

FOLDER = Path(__file__).parents[1] / "data"
SOUNDING = 5
"""Letters of a word that is known by its sound too; shorter ones sound like too many others; assumed."""
SMALL = 0.12
"""What a title or a particle weighs beside a word that nobody else has; assumed."""


LETTER = 0.4
"""What an initial weighs; assumed."""


@dataclass(frozen=True, slots=True)
class Words:
    """Legal forms by their words, words that mean the same, and weights from 0 to 1 of words that are not rare."""

    forms: Mapping[str, str]
    numbers: Mapping[str, str]
    same: Mapping[str, str]
    same_sound: dict[str, str]
    weights: Mapping[str, float]
    longest_form: int

    def weight_of(self, word: str) -> float:
        """How much a word says about who is meant: 1 where it is on no list, less where it is one letter."""
        return self.weights.get(word, 1.0 if len(word) > 1 else LETTER)


@cache
def known_words() -> Words:
    """What the package's own files say."""
    forms: dict[str, str] = {}
    numbers: dict[str, str] = {}
    same: dict[str, str] = {}
    small: dict[str, float] = {}
    for row in _read("name_words"):
        if row["kind"] == "form":
            forms[row["word"]] = row["meaning"]
        elif row["kind"] == "small":
            small[row["word"]] = SMALL
        elif row["meaning"].isdigit():
            numbers[row["word"]] = row["meaning"]
        else:
            same[row["word"]] = row["meaning"]
    weights = {row["word"]: float(row["weight"]) for row in _read("name_weights")}
    by_sound = {sound(word): meant for word, meant in same.items() if len(word) >= SOUNDING and word.isalpha()}
    return Words(forms, numbers, same, by_sound, weights | small, max(len(form.split()) for form in forms))


def _read(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
