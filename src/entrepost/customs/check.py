"""Whether the data of items are right before they leave: the rules of `checking`, for one item and for columns.

An item whose data customs would ask about waits; one whose data are right does not. Errors reject an item, warnings
do not. Neither loses any other item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from entrepost.base.findings import Finding
from entrepost.customs.checking.columns import item_facts, line_facts
from entrepost.customs.checking.facts import facts_of_content, facts_of_item
from entrepost.customs.checking.items import ABSENT, read_items
from entrepost.customs.checking.params import CheckParams
from entrepost.customs.checking.rules import missing_data
from entrepost.customs.checking.said import CHECKS, COMPLETE, ITEM, LINE, MISSING, Check, Said
from entrepost.customs.declared import Declared
from entrepost.mail.declaration import Declaration
from entrepost.reference.advance_data import FIELDS, from_mask, to_mask
from entrepost.tables.content_lines import ContentLines
from entrepost.tables.text import fill

FINDINGS = {
    "item_id": pl.String(),
    "row": pl.Int64(),
    "code": pl.String(),
    "field": pl.String(),
    "level": pl.String(),
    "message": pl.String(),
    "fix": pl.String(),
    "dimension": pl.String(),
}
"""The columns of findings: of an item that of its first line is the row."""

NAMES = re.compile(r"\{(\w+)\}")
MISSING_SAYS = Said(MISSING, "{field} is wanted where the item goes", "give it")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a file.

    `findings` has the columns of `FINDINGS`; `items` a row for each item with its `seller`, `lane`, `regime`, whether
    it is `sound`, and what quality needs: `lines`, `flawed_lines`, `wanted`, `wanted_given`, `is_timed`, `is_late`,
    `is_inconsistent`. `told` is about the file as a whole.
    """

    findings: pl.DataFrame
    items: pl.DataFrame
    told: list[Finding]

    @property
    def rejected(self) -> int:
        """How many items have an error."""
        return int((~self.items.get_column("sound")).sum())


def check_declared(declared: Declared, params: CheckParams) -> list[Finding]:
    """What is wrong with the data of one item."""
    facts = facts_of_item(declared, params)
    findings = _ask(ITEM, facts, declared.item_id)
    findings += _check_contents(declared, params)
    for field in from_mask(missing_data.of(facts)):
        findings.append(MISSING_SAYS.to_finding(field, {"field": field}, declared.item_id))
    return findings


def check_declaration(declaration: Declaration, weight_g: int, subject: str, day: date) -> list[Finding]:
    """What is wrong with a declaration by itself, of an item that weighs `weight_g`: asked wherever it is printed."""
    declared, params = Declared(subject, "", declaration, weight_g), CheckParams(day)
    facts = facts_of_item(declared, params)
    return [
        *_ask(ITEM, facts, subject, ("contents_flaw", "currency_flaw", "weight_flaw")),
        *_check_contents(declared, params),
    ]


def check_lines(lines: ContentLines, raw: pl.DataFrame, params: CheckParams, subject: str = "lines") -> Checked:
    """What is wrong with the data of many items.

    Parameters
    ----------
    lines : ContentLines
        As `tables.content_lines.read_lines` reads them; its findings are told with ours.
    raw : DataFrame
        What they were read from, with as many columns of the table `declared_items` as there are. A column that is not
        there is told once, and no item is rejected for it; in the measure of completeness it is missing all the same.
    """
    items, told = read_items(raw, subject)
    by_line, by_item = line_facts(lines.frame, params), item_facts(lines.frame, items, params)
    told += [each for code in _currencies(by_item) for each in params.check_rate(code, subject)]
    told += _absent(by_item, raw.columns, subject)
    asked = to_mask(tuple(name for name in FIELDS if _is_asked(name, raw.columns)))
    found = [_found(check, by_line if check.scope == LINE else by_item) for check in CHECKS]
    found += [_missing(by_item, asked), _read_before(lines)]
    findings = pl.concat(found).sort("row", maintain_order=True)
    return Checked(findings, _judge(by_item, findings), told)


def _check_contents(declared: Declared, params: CheckParams) -> list[Finding]:
    return [
        finding
        for number, content in enumerate(declared.declaration.contents)
        for finding in _ask(LINE, facts_of_content(content, declared, params), f"{declared.item_id} contents[{number}]")
    ]


def _ask(scope: str, facts: Mapping[str, object], subject: str, only: tuple[str, ...] = ()) -> list[Finding]:
    asked = [check for check in CHECKS if check.scope == scope and (not only or check.rule.function.__name__ in only)]
    answers = [(check, check.rule.of(facts)) for check in asked]
    return [check.says[answer].to_finding(check.field, facts, subject) for check, answer in answers if answer]


def _found(check: Check, facts: pl.DataFrame) -> pl.DataFrame:
    """The findings of one check on all rows."""
    answers = check.rule.on(facts)
    return pl.concat(
        [_told(facts.filter(answers == answer), check, said) for answer, said in check.says.items()],
    )


def _told(rows: pl.DataFrame, check: Check, said: Said) -> pl.DataFrame:
    values = [pl.col(name).cast(pl.String).fill_null("") for name in NAMES.findall(said.message)]
    return rows.select(
        "item_id",
        "row",
        pl.lit(said.code).alias("code"),
        pl.lit(check.field).alias("field"),
        pl.lit(said.level).alias("level"),
        fill(NAMES.sub("{}", said.message), *values).alias("message"),
        pl.lit(said.fix).alias("fix"),
        pl.lit(check.dimension).alias("dimension"),
    ).cast(FINDINGS)  # type: ignore[arg-type]


def _missing(items: pl.DataFrame, asked: int) -> pl.DataFrame:
    """A finding for each field that is wanted and empty, of those whose column is there."""
    lacking = missing_data.on(items)
    found = [pl.DataFrame(schema=FINDINGS)]
    for place, field in enumerate(FIELDS):
        if asked >> place & 1:
            rows = items.filter(lacking // (1 << place) % 2 == 1).with_columns(field=pl.lit(field))
            found.append(_told(rows, Check(missing_data, ITEM, field, COMPLETE, {}), MISSING_SAYS))
    return pl.concat(found)


def _read_before(lines: ContentLines) -> pl.DataFrame:
    """What reading the lines told, as rows."""
    item_of = dict(lines.frame.select("row", "item_id").iter_rows()) if lines.findings else {}
    rows = [
        (item_of.get(each.row), each.row, each.code, each.field, each.level, each.message, each.fix, "accurate")
        for each in lines.findings
    ]
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")


def _is_asked(field: str, columns: Iterable[str]) -> bool:
    return field in columns or field in ("description", "quantity", "unit_value", "nature")


def _absent(items: pl.DataFrame, columns: Iterable[str], subject: str) -> list[Finding]:
    """Of each column that some destination wants and the file does not have, that it was not checked."""
    wanted = 0
    for mask in items.get_column("required").unique():
        wanted |= mask
    fix = "add the column, so that items that lack it are found"
    return [
        Finding(ABSENT, name, f"there is no column {name}", subject, fix=fix, level="warning")
        for name in from_mask(wanted)
        if not _is_asked(name, columns)
    ]


def _currencies(items: pl.DataFrame) -> list[str]:
    letters = items.filter((pl.col("cn22_most_minor") < 0) & pl.col("currency").is_not_null())
    return sorted(letters.get_column("currency").unique())


def _judge(items: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Of each item what its findings come to."""
    of_lines = findings.filter(pl.col("dimension") == "accurate")
    flawed = of_lines.group_by("item_id").agg(flawed_lines=pl.col("row").n_unique().cast(pl.Int64))
    of_items = findings.group_by("item_id").agg(
        is_late=(pl.col("dimension") == "timely").any(),
        is_inconsistent=(pl.col("dimension") == "consistent").any(),
        has_error=(pl.col("level") == "error").any(),
    )
    bits = [pl.lit(1 << place, pl.Int64) for place in range(len(FIELDS))]
    wanted = pl.sum_horizontal(pl.col("required") // bit % 2 for bit in bits)
    given = pl.sum_horizontal((pl.col("required") & pl.col("given")) // bit % 2 for bit in bits)
    joined = items.join(flawed, on="item_id", how="left", maintain_order="left")
    joined = joined.join(of_items, on="item_id", how="left", maintain_order="left")
    return joined.select(
        "item_id",
        "seller",
        "lane",
        "regime",
        "lines",
        pl.min_horizontal(pl.col("flawed_lines").fill_null(0), "lines").alias("flawed_lines"),
        wanted.alias("wanted"),
        given.alias("wanted_given"),
        (pl.col("is_timed") == 1).alias("is_timed"),
        pl.col("is_late").fill_null(False),
        pl.col("is_inconsistent").fill_null(False),
        (pl.col("sound") & ~pl.col("has_error").fill_null(False)).alias("sound"),
    )
