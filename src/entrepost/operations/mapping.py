"""A mapping file: which columns of a shop's files are ours, in which units, dates and words.

The file is TOML; `docs/reference/mapping.md` shows every key. Without a file the columns have our names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entrepost.base.clock import zone
from entrepost.base.errors import EntrepostError, UnreadableInputError
from entrepost.base.schema import get_schema
from entrepost.base.units import LENGTH_MM, MASS_G
from entrepost.operations.recipient_store import COLUMNS as RECIPIENTS
from entrepost.operations.source import Form

OTHERWISE = "*"
"""The word of a value map that stands for every other value."""

SECTIONS = {
    "file": ("encoding", "separator", "decimal"),
    "times": ("zone", "format", "shift_days"),
    "columns": (),
    "constants": (),
    "units": (),
    "values": (),
    "join": (),
}
JOIN_KEYS = ("file", "on", "rows", "optional")


@dataclass(frozen=True, slots=True)
class Join:
    """A second file: its rows with `right` = `left` of what is there stand beside, as columns `name.column`.

    `many`: several rows of it may meet one of ours; `optional`: a row that meets none is no finding.
    """

    name: str
    file: Path
    left: str
    right: str
    many: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the columns of a shop's files become ours. `text` is the file's own text, for the content hash."""

    table: str
    columns: Table[str, str] = field(default_factory=dict)
    constants: Table[str, str] = field(default_factory=dict)
    units: Table[str, str] = field(default_factory=dict)
    values: Table[str, Table[str, str]] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    form: Form = field(default_factory=Form)
    decimal: str = "."
    zone: str = ""
    formats: Table[str, str] = field(default_factory=dict)
    shift_days: int = 0
    text: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are joined."""
        return tuple(join.file for join in self.joins)

    def get_format(self, column: str) -> str:
        """The format in which a column's dates are written; empty for ISO 8601."""
        return self.formats.get(column, self.formats.get(OTHERWISE, ""))


def load_mapping(path: Path, table: str = "orders") -> Mapping:
    """Read a mapping file for a table; files that it joins are looked for beside it.

    Raises
    ------
    UnreadableInputError
        When a key, column, unit, zone or join makes no sense; the message says where and what would.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _mapping(tomllib.loads(text), table, path.parent, text)
    except OSError as error:
        raise UnreadableInputError(f"mapping {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"mapping {path} is not TOML in UTF-8: {error}") from None
    except EntrepostError as error:
        raise UnreadableInputError(f"mapping {path}: {error}") from None


def _mapping(head: dict[str, Any], table: str, folder: Path, text: str) -> Mapping:
    for section, keys in head.items():
        _check_among(section, SECTIONS, "section")
        if not isinstance(keys, dict):
            raise UnreadableInputError(f"[{section}] must be a section")
        for key in keys if SECTIONS[section] else ():
            _check_among(key, SECTIONS[section], f"key of [{section}]")
    file, times = head.get("file", {}), head.get("times", {})
    mapping = Mapping(
        table=table,
        columns=_texts(head, "columns", table, RECIPIENTS if table == "orders" else ()),
        constants=_texts(head, "constants", table),
        units=_texts(head, "units", table),
        values={column: _words(words) for column, words in _of_table(head, "values", table).items()},
        joins=tuple(_join(name, row, folder) for name, row in head.get("join", {}).items()),
        form=Form(str(file.get("encoding", "utf-8")), str(file.get("separator", ""))),
        decimal=str(file.get("decimal", ".")),
        zone=str(times.get("zone", "")),
        formats=_formats(times.get("format", ""), table),
        shift_days=_days(times.get("shift_days", 0)),
        text=text,
    )
    _check(mapping)
    return mapping


def _of_table(head: dict[str, Any], section: str, table: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """The rows of a section, each of a column of the table, or of one of some more."""
    rows: dict[str, Any] = head.get(section, {})
    for column in rows:
        _check_among(column, (*get_schema(table).names, *more), f"column of {table} in [{section}]")
    return rows


def _texts(head: dict[str, Any], section: str, table: str, more: tuple[str, ...] = ()) -> dict[str, str]:
    return {column: _text(value) for column, value in _of_table(head, section, table, more).items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        raise UnreadableInputError(f"{value} must be one value")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _words(words: Any) -> dict[str, str]:
    if not isinstance(words, dict):
        raise UnreadableInputError('[values.COLUMN] must be a section of "their word" = "ours"')
    return {word: _text(ours) for word, ours in words.items()}


def _formats(value: Any, table: str) -> dict[str, str]:
    if isinstance(value, dict):
        return {column: str(text) for column, text in _of_table({"times.format": value}, "times.format", table).items()}
    return {OTHERWISE: str(value)} if value else {}


def _days(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableInputError(f"shift_days = {value!r} is not a whole number of days")
    return value


def _join(name: str, row: Any, folder: Path) -> Join:
    if not isinstance(row, dict) or "file" not in row or "on" not in row:
        raise UnreadableInputError(
            f'[join.{name}] needs file = "..." and on = "COLUMN" (or on = {{left = "...", right = "..."}})'
        )
    for key in row:
        _check_among(key, JOIN_KEYS, f"key of [join.{name}]")
    rows = row.get("rows", "one")
    _check_among(rows, ("one", "many"), f"word for rows in [join.{name}]")
    on = row["on"] if isinstance(row["on"], dict) else {"left": row["on"], "right": row["on"]}
    if set(on) != {"left", "right"}:
        raise UnreadableInputError(f"[join.{name}] on needs left and right")
    return Join(
        name, folder / row["file"], str(on["left"]), str(on["right"]), rows == "many", bool(row.get("optional", False))
    )


def _check(mapping: Mapping) -> None:
    schema = get_schema(mapping.table)
    for column, unit in mapping.units.items():
        units = {"g": MASS_G, "mm": LENGTH_MM}.get(schema.get_column(column).unit, {})
        _check_among(unit, units, f"unit of {column}")
    if mapping.decimal not in (".", ","):
        raise UnreadableInputError(f"decimal = {mapping.decimal!r} must be a point or a comma")
    if mapping.form.separator and len(mapping.form.separator) != 1:
        raise UnreadableInputError(f"separator = {mapping.form.separator!r} must be one character")
    if mapping.zone:
        zone(mapping.zone)
    both = sorted(set(mapping.columns) & set(mapping.constants))
    if both:
        raise UnreadableInputError(f"{', '.join(both)} stands in [columns] and in [constants]; keep one")


def _check_among(word: Any, known: Any, what: str) -> None:
    if word not in known:
        raise UnreadableInputError(f"{word!r} is no {what}; use one of {', '.join(known)}")
