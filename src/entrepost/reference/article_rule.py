"""Articles that may not be sent, or only under conditions: everywhere, or to some countries.

A row says by which codes and which words of a description an article is known, and which other words say that it is
something else (a case *for* a lighter). `conditional` is dangerous goods that the post takes under conditions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepost.reference.table import Row, read_dated

KINDS = ("prohibited", "dangerous", "restricted", "conditional")
"""What a rule says; the first two keep an article from being sent, the others ask for something."""


@dataclass(frozen=True, slots=True)
class ArticleRule:
    """One rule; without countries it holds for all destinations."""

    rule: str
    kind: str
    countries: frozenset[str]
    hs_prefixes: tuple[str, ...]
    words: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    un_number: str
    meaning: str
    fix: str
    source: str

    @property
    def forbids(self) -> bool:
        """Whether an article may not be sent at all."""
        return self.kind in KINDS[:2]

    def holds_for(self, destination: str) -> bool:
        """Whether the rule is one of that destination."""
        return not self.countries or destination in self.countries

    def matches(self, hs_code: str, description: str) -> str:
        """What of an article makes the rule hold (its code, or the words), empty where nothing does."""
        for prefix in self.hs_prefixes:
            if hs_code.startswith(prefix):
                return f"HS {prefix}"
        if self.words is None or (self.unless and self.unless.search(description)):
            return ""
        found = self.words.search(description)
        return found[0] if found else ""


@cache
def list_article_rules(day: date | None = None) -> tuple[ArticleRule, ...]:
    """The rules that hold on a day (no day: all that are not over)."""
    rows = read_dated("article_rules", "rule").rows()
    return tuple(_to_rule(row) for row in rows if (row.holds(day) if day else row.valid_to == date.max))


def _to_rule(row: Row) -> ArticleRule:
    return ArticleRule(
        rule=row["rule"],
        kind=row["kind"],
        countries=frozenset(_parts(row["destination"])),
        hs_prefixes=tuple(_parts(row["hs_prefixes"])),
        words=_pattern(row["words"]),
        unless=_pattern(row["unless"]),
        un_number=row["un_number"],
        meaning=row["meaning"],
        fix=row["fix"],
        source=row["source"],
    )


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _pattern(cell: str) -> re.Pattern[str] | None:
    """Words as a pattern: whole words, one or many, a hyphen as good as a space."""
    phrases = [re.escape(part).replace(r"\ ", "[ -]").replace(r"\-", "[ -]?") for part in _parts(cell)]
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(phrases)})(?:s|es)?(?![a-z0-9])") if phrases else None
