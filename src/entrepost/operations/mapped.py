"""A mapping at work: the files that it joins are read, and chunks of a shop's rows get our columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import finding_code
from entrepost.base.schema import Schema, get_schema
from entrepost.operations.chunk import ROW
from entrepost.operations.faults import FINDINGS, INDEX, Faults, broken_findings
from entrepost.operations.mapping import OTHERWISE, Join, Mapping
from entrepost.operations.recipient_store import COLUMNS as RECIPIENTS
from entrepost.operations.source import read_chunks
from entrepost.tables.text import fill

JOIN_MISSING = finding_code("join_missing", "A row meets no row of a file that is joined to it.")
JOIN_DOUBLED = finding_code("join_doubled", "A file that is joined row to row has a key twice; the first row is taken.")
COLUMN_UNKNOWN = finding_code("column_unknown", "A file has a column that nothing reads.")

PLACE = "#place"
"""Column of the place whose clock the times of a row tell."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping with its files read: `picks` tells the source column of each of our columns.

    `own` are the columns of the main file that are read; `findings` are about the joined files and the header.
    """

    mapping: Mapping
    picks: dict[str, str]
    own: tuple[str, ...]
    joined: dict[str, pl.DataFrame]
    findings: pl.DataFrame

    def join(self, frame: pl.DataFrame, faults: Faults) -> pl.DataFrame:
        """Put the joined columns beside a chunk; the result has an index, and rows may be several for one."""
        absent = [name for name in self.own if name not in frame.columns]
        wide = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
        for join in self.mapping.joins:
            right = self.joined[join.name].with_columns(pl.lit(True).alias(f"{join.name}#"))
            key = f"{join.name}.{join.right}"
            wide = wide.with_columns(pl.col(join.left).cast(pl.String).alias("#key")).join(
                right, left_on="#key", right_on=key, how="left", maintain_order="left_right", coalesce=False
            )
            wide = wide.drop("#key")
        wide = wide.drop(INDEX, strict=False).with_row_index(INDEX)
        self._report_missing(wide, faults)
        return wide.drop([f"{join.name}#" for join in self.mapping.joins])

    def choose(self, wide: pl.DataFrame) -> pl.DataFrame:
        """Our columns out of the joined frame, constants and value maps applied; absent ones are null.

        Where times have the zone of a place, the place stands beside them (`PLACE`).
        """
        columns = [pl.col(INDEX, ROW)]
        for name in get_schema(self.mapping.table).names:
            if name in self.mapping.constants:
                value = pl.lit(self.mapping.constants[name])
            elif name in self.picks:
                value = pl.col(self.picks[name])
            else:
                value = pl.lit(None, pl.String)
            columns.append(self._translated(name, value).alias(name))
        if self.mapping.zone_of:
            columns.append(pl.col(self.mapping.zone_of).cast(pl.String).alias(PLACE))
        return wide.select(columns)

    def recipients(self, wide: pl.DataFrame) -> pl.DataFrame:
        """What the joined frame tells of recipients: the index, and those of the columns `recipient_*` that it has."""
        picks = {name: self.picks.get(name, name) for name in RECIPIENTS}
        told = (pl.col(theirs).alias(name) for name, theirs in picks.items() if theirs in wide.columns)
        return wide.select(INDEX, *told)

    def _translated(self, name: str, value: pl.Expr) -> pl.Expr:
        words = dict(self.mapping.values.get(name, {}))
        if not words:
            return value
        text = value.cast(pl.String)
        otherwise = pl.lit(words.pop(OTHERWISE)) if OTHERWISE in words else text
        return (
            pl.when(text.is_null())
            .then(None)
            .otherwise(text.replace_strict(words, default=otherwise, return_dtype=pl.String).replace("", None))
        )

    def _report_missing(self, wide: pl.DataFrame, faults: Faults) -> None:
        """Only the first join that fails is reported: what hangs on its columns cannot be met either."""
        whole = pl.lit(True)
        for join in self.mapping.joins:
            met = pl.col(f"{join.name}#").is_not_null()
            if not join.optional:
                message = fill(
                    f"{join.file.name} has no row where {join.right} is {{}}",
                    pl.col(join.left).cast(pl.String).fill_null("empty"),
                )
                bad = wide.filter(whole & ~met)
                faults.add(
                    bad, JOIN_MISSING, join.left, message, f"add the row to {join.file.name}, or set optional = true"
                )
                whole = whole & met


def open_mapping(mapping: Mapping, columns: list[str], name: str, open_ended: bool = False) -> Mapped:
    """Read the joined files, and find the source column of each of ours.

    Parameters
    ----------
    columns : list of str
        The columns of the main file.
    open_ended : bool
        Whether later rows may have further columns, as in JSON lines: then only what is required must be there.

    Raises
    ------
    UnreadableInputError
        When a column that the mapping names, or a required one, is not there.
    """
    joined, parts = {}, [pl.DataFrame(schema=FINDINGS)]
    available = list(columns)
    if open_ended:
        optional = [column.name for column in get_schema(mapping.table).columns if not column.required]
        named = [*mapping.columns.values(), *filter(None, [mapping.zone_of]), *(join.left for join in mapping.joins)]
        joins = tuple(f"{join.name}." for join in mapping.joins)
        available += [each for each in (*optional, *named) if each not in columns and not each.startswith(joins)]
    own = frozenset(available)
    for join in mapping.joins:
        _check_there([join.left], available, f"[join.{join.name}] on")
        joined[join.name], findings = _read_join(join, mapping)
        available += joined[join.name].columns
        parts.append(findings)
    picks = _find_columns(mapping, available, name)
    if mapping.zone_of:
        _check_there([mapping.zone_of], available, "[times] zone_of")
    used = {*picks.values(), *filter(None, [mapping.zone_of]), *(join.left for join in mapping.joins)}
    for join in mapping.joins:
        keep = {f"{join.name}.{join.right}", *used}
        joined[join.name] = joined[join.name].select([each for each in joined[join.name].columns if each in keep])
    if not mapping.text:
        parts.append(_unknown_columns(columns, mapping.table, name))
    return Mapped(mapping, picks, tuple(sorted(used & own)), joined, pl.concat(parts))


def _find_columns(mapping: Mapping, available: list[str], name: str) -> dict[str, str]:
    schema = get_schema(mapping.table)
    picks = dict(mapping.columns)
    for column in schema.names:
        if column not in picks and column not in mapping.constants and column in available:
            picks[column] = column
    _check_there(picks.values(), available, f"{name}: the mapping")
    missing = [each for each in _required(schema) if each not in picks and each not in mapping.constants]
    if missing:
        raise UnreadableInputError(
            f"{name} lacks the required columns {', '.join(missing)}; it has {', '.join(available)}. "
            "Add them, or name them in a mapping (--mapping FILE.toml)"
        )
    return picks


def _check_there(columns: Iterable[str], available: list[str], place: str) -> None:
    wrong = sorted(set(columns) - set(available))
    if wrong:
        raise UnreadableInputError(
            f"{place} names {', '.join(wrong)}, which is not there; there are {', '.join(available)}"
        )


def _required(schema: Schema) -> list[str]:
    return [column.name for column in schema.columns if column.required and not column.default]


def _read_join(join: Join, mapping: Mapping) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The joined file with its columns named `name.column`, and what is wrong with it."""
    chunks = list(read_chunks(join.file, replace(mapping.form, separator=""), size=1_000_000))
    frame = pl.concat([chunk.frame for chunk in chunks], how="diagonal")
    if join.right not in frame.columns:
        raise UnreadableInputError(
            f"{join.file.name} has no column {join.right!r}; it has {', '.join(frame.columns[:-1])}"
        )
    findings = [broken_findings(chunk.broken, join.file.name) for chunk in chunks]
    frame = frame.with_columns(pl.col(join.right).cast(pl.String)).filter(pl.col(join.right).is_not_null())
    if not join.many:
        faults = Faults(join.file.name)
        indexed = frame.with_row_index(INDEX)
        doubled = indexed.filter(~pl.col(join.right).is_first_distinct())
        message = fill(f"{join.right} {{}} stands there before", pl.col(join.right))
        faults.add(doubled, JOIN_DOUBLED, join.right, message, 'keep one row, or set rows = "many"', "warning")
        findings.append(faults.findings(frame))
        frame = frame.filter(pl.col(join.right).is_first_distinct())
    renamed = {column: f"{join.name}.{column}" for column in frame.columns if column != ROW}
    return frame.drop(ROW).rename(renamed), pl.concat(findings)


def _unknown_columns(columns: list[str], table: str, name: str) -> pl.DataFrame:
    beside = RECIPIENTS if table == "orders" else ()
    unknown = [column for column in columns if column not in (*get_schema(table).names, *beside)]
    message, fix = "the column {} is not read", "correct its name, or name it in a mapping"
    rows = [(COLUMN_UNKNOWN, column, message.format(repr(column)), name, 1, fix, "warning", "") for column in unknown]
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")
