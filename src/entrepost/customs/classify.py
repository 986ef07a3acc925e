"""Help to classify: codes of the Harmonized System whose official texts fit a description, to be confirmed by a person.

A lexical index: each code of six digits is a document of its own text, the texts of its heading and chapter as
context, and whatever longer codes of national tariffs say below it. Documents are ranked by BM25 with a weight for
each of these fields. It knows no meaning: what is described in words that no official text uses is not found.

References
----------
Robertson, S. and Zaragoza, H. (2009). The probabilistic relevance framework: BM25 and beyond. Foundations and Trends
in Information Retrieval 3(4), 333-389.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from entrepost.customs.names.fold import to_latin
from entrepost.customs.names.words import FOLDER
from entrepost.reference.nomenclature import known_nomenclature
from entrepost.reference.official_text import Texts, known_texts

FIELDS = {"own": 1.0, "heading": 0.35, "chapter": 0.1, "below": 0.6}
"""What a word counts in a code's own text, its heading's, its chapter's, and in longer codes'; chosen on CN texts."""
SATURATION, LENGTH = 1.2, 0.5
"""BM25's k1 and b."""
EVERYDAY = 0.7
"""What an official word counts that stands for an everyday one, beside one that was said; assumed."""
LONGEST = 1_000
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|[0-9]+")
EXCLUDED = re.compile(
    r"\((?:excl|other than|excluding|not |except)[^)]*\)|\b(?:excl\.|excluding|other than|except)[^;,)]*"
)
"""What a text says the code is not."""
EMPTY = frozenset(
    re.findall(
        "[a-z]+",
        "a an and any as at be by for from in incl including into is it its more n nes nesoi nec not of on or other "
        "otherwise over than that the their thereof these they this those to under used whether which with without "
        "e c s heading chapter set sets new hot sale free shipping pcs piece pieces pack style fashion quality high",
    )
)
"""Words that tell no articles apart: those of grammar, of tariffs, and of sellers."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code that may fit: how well (0 to 100, of all that its words could say), its text, and the words in common."""

    hs_code: str
    score: float
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextIndex:
    """Codes of six digits with what each word says about them."""

    codes: tuple[str, ...]
    texts: Mapping[str, str]
    impacts: Mapping[str, tuple[Any, Any]]
    rarity: Mapping[str, float]

    def suggest(self, description: str, most: int = 5) -> list[Suggestion]:
        """The codes whose texts fit a description best; none where it has no word of them."""
        counts = dict.fromkeys(official_words(description), EVERYDAY) | dict.fromkeys(words_of(description), 1.0)
        known = [word for word in counts if word in self.impacts]
        totals, rarest = np.zeros(len(self.codes)), np.log(1.0 + len(self.codes))
        for word in known:
            places, values = self.impacts[word]
            totals[places] += counts[word] * values
        highest = (SATURATION + 1) * sum(count * self.rarity.get(word, rarest) for word, count in counts.items())
        best = np.argsort(-totals, kind="stable")[:most]
        return [self._suggestion(int(place), totals, highest, known) for place in best if totals[place] > 0]

    def _suggestion(self, place: int, totals: Any, highest: float, known: list[str]) -> Suggestion:
        code = self.codes[place]
        shared = tuple(word for word in known if place in self.impacts[word][0])
        return Suggestion(code, round(100.0 * float(totals[place]) / highest, 1), self.texts.get(code, ""), shared)


def index_texts(texts: Iterable[tuple[str, str]], valid: Collection[str] = ()) -> TextIndex:
    """Index official texts by code.

    Parameters
    ----------
    texts
        Code and text; codes may have 2 to 10 digits, and several texts.
    valid
        The codes that may be suggested, such as those of one vintage; without them all codes of six digits.
    """
    by_code: dict[str, list[str]] = defaultdict(list)
    for code, text in texts:
        by_code[code].append(text)
    told = {code for code in by_code if len(code) == 6} or {code[:6] for code in by_code if len(code) > 6}
    codes = tuple(sorted(told & set(valid) if valid else told))
    below: dict[str, list[str]] = defaultdict(list)
    for code, found in by_code.items():
        if len(code) > 6:
            below[code[:6]] += found
    counts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    lengths = np.zeros(len(codes))
    for place, code in enumerate(codes):
        fields = {
            "own": by_code[code],
            "heading": by_code[code[:4]],
            "chapter": by_code[code[:2]],
            "below": below[code],
        }
        for field, parts in fields.items():
            words = [word for part in parts for word in words_of(part)]
            share = 1.0 / np.sqrt(max(1, len(parts))) if field == "below" else 1.0
            for word in words:
                counts[word][place] += FIELDS[field] * share
            lengths[place] += FIELDS[field] * share * len(words)
    first = {code: (by_code[code] or below[code] or [""])[0] for code in codes}
    return _weigh(codes, first, counts, lengths)


def _weigh(
    codes: tuple[str, ...], texts: Mapping[str, str], counts: Mapping[str, Mapping[int, float]], lengths: Any
) -> TextIndex:
    norm = SATURATION * (1.0 - LENGTH + LENGTH * lengths / max(1e-9, lengths.mean() if len(codes) else 1.0))
    impacts, rarity = {}, {}
    for word, held in counts.items():
        places = np.fromiter(held, dtype=np.int64)
        amounts = np.fromiter(held.values(), dtype=np.float64)
        rarity[word] = float(np.log(1.0 + (len(codes) - len(held) + 0.5) / (len(held) + 0.5)))
        impacts[word] = places, rarity[word] * amounts * (SATURATION + 1.0) / (amounts + norm[places])
    return TextIndex(codes, texts, impacts, rarity)


def words_of(text: str) -> list[str]:
    """The words of a text that tell articles apart, in the singular; what it says to exclude is left out."""
    plain = EXCLUDED.sub(" ", to_latin(text[:LONGEST]).lower())
    found = []
    for word in WORD.findall(plain):
        parts = [word, *word.split("-")] if "-" in word else [word]
        found += [_singular(part.replace("-", "")) for part in parts if part not in EMPTY and len(part) > 1]
    return found


def official_words(description: str) -> list[str]:
    """What official texts call the everyday words of a description."""
    pattern, official = _everyday()
    said = pattern.finditer(to_latin(description[:LONGEST]).lower())
    return [word for found in said for word in words_of(official[found[1]])]


@cache
def _everyday() -> tuple[re.Pattern[str], dict[str, str]]:
    with (FOLDER / "goods_words.csv").open(encoding="utf-8", newline="") as file:
        official = {row["said"]: row["official"] for row in csv.DictReader(file)}
    said = "|".join(re.escape(phrase) for phrase in sorted(official, key=len, reverse=True))
    return re.compile(rf"(?<![a-z])({said})(?:s|es)?(?![a-z])"), official


@lru_cache(maxsize=65_536)
def _singular(word: str) -> str:
    """A word without what makes it plural, or an -ed or -ing form; rough, but the same for texts and descriptions."""
    for ending, put, least in (
        ("ies", "y", 5),
        ("ches", "ch", 6),
        ("shes", "sh", 6),
        ("sses", "ss", 6),
        ("xes", "x", 5),
    ):
        if word.endswith(ending) and len(word) >= least:
            return word[: -len(ending)] + put
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) >= len(ending) + 4:
            return word[: -len(ending)]
    return word


def known_index() -> TextIndex:
    """The index of all official texts and the newest nomenclature that were added.

    With a nomenclature only its codes are suggested: other files may be of older vintages.

    Raises
    ------
    MissingRowError
        Where nothing was added.
    """
    return _index_known(known_texts(), tuple(known_nomenclature().items()))


@lru_cache(maxsize=2)
def _index_known(texts: Texts, nomenclature: Texts) -> TextIndex:
    told = [(code, text) for code, text in nomenclature if text]
    return index_texts((*texts, *told), {code for code, _ in nomenclature if len(code) == 6})
