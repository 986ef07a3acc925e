"""Screen what files say: content lines against the rules of articles, parties against the lists of denied parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, list_errors
from entrepost.customs.articles import Article
from entrepost.customs.denied import PartyAsked
from entrepost.customs.screening import HOLDS, Hit, Hold, check_parties, hold, screen
from entrepost.operations.chunk import ROW
from entrepost.operations.content_lines import read_content_lines
from entrepost.operations.source import Form, check_whole, read_chunks, read_columns
from entrepost.reference.sanctions import known_sanctions

PARTY_COLUMNS = ("item_id", "role", "name", "address", "city", "country", "birth_date")
NEEDED = ("item_id", "name")


@dataclass(frozen=True, slots=True)
class Screened:
    """What was screened, against which lists, and what was found: for operators only."""

    parties: int
    lines: int
    lists: tuple[str, ...]
    holds: list[Hold]
    hits: list[Hit]
    findings: list[Finding]

    @property
    def is_clear(self) -> bool:
        """Whether no item is held and every row could be screened."""
        return not self.holds and not list_errors(self.findings)


def screen_files(paths: Sequence[Path], day: date | None = None, holds: float = HOLDS) -> Screened:
    """Screen the content lines and parties of files; which of the two a file has is told by its columns.

    Raises
    ------
    UnreadableInputError
        Where a file cannot be read as a whole, or has neither.
    MissingRowError
        Where there are parties, and no list was added.
    """
    parties: list[PartyAsked] = []
    articles: list[Article] = []
    findings: list[Finding] = []
    for path in paths:
        columns = set(read_columns(path, Form()))
        if columns.issuperset(NEEDED):
            found, broken = read_parties(path)
            parties += found
            findings += [*broken, *check_parties(found)]
        elif "destination" in columns:
            read = read_content_lines(path)
            articles += to_articles(read.frame)
            findings += read.findings
        else:
            wanted = f"parties have {', '.join(PARTY_COLUMNS)}; content lines have item_id, destination, description"
            raise UnreadableInputError(f"{path} has neither parties nor content lines: {wanted}")
    lists = known_sanctions() if parties else None
    hits = screen(parties, articles, lists, day, holds)
    return Screened(len(parties), len(articles), lists.sources if lists else (), hold(hits), hits, findings)


def read_parties(path: Path) -> tuple[list[PartyAsked], list[Finding]]:
    """The parties of a CSV, Parquet or JSON lines file, and the findings of rows that could not be read."""
    check_whole(path)
    chunks = list(read_chunks(path, Form()))
    broken = [
        Finding(each.code, "", each.message, path.name, each.row, each.fix)
        for each in (b for c in chunks for b in c.broken)
    ]
    frame = pl.concat([chunk.frame for chunk in chunks], how="diagonal_relaxed").drop(ROW, strict=False)
    columns = [name for name in PARTY_COLUMNS if name in frame.columns]
    rows = frame.select(pl.col(columns).cast(pl.String).fill_null("").str.strip_chars()).iter_rows(named=True)
    return [PartyAsked(**{"role": "party"} | row) for row in rows], broken


def to_articles(lines: pl.DataFrame) -> list[Article]:
    """The articles of content lines; the first of an item is contents[0]."""
    place = pl.int_range(pl.len()).over("item_id").alias("place")
    columns = ("item_id", "destination", "description", "hs_code")
    rows = lines.with_columns(place).select(pl.col(columns).fill_null(""), "place").iter_rows()
    return [Article(item, country, text, code, f"contents[{number}]") for item, country, text, code, number in rows]
