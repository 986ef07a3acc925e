"""A mapping file: which columns of a shop's files are ours, in which units, dates and words.

The file is TOML; `docs/guides/mapping.md` shows every key, and `docs/guides/feeds.md` those of nested JSON. Without a
file the columns have our names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from entrepost.base.clock import zone
from entrepost.base.errors import EntrepostError, UnreadableInputError
from entrepost.base.schema import get_schema
from entrepost.base.units import LENGTH_MM, MASS_G
from entrepost.operations.feed_paths import Feed
from entrepost.operations.recipient_store import COLUMNS as RECIPIENTS
from entrepost.operations.source import Form
from entrepost.reference.event_code import find_event_code
from entrepost.reference.reason import find_reason

OTHERWISE = "*"
"""The word of a value map that stands for every other value."""

SECTIONS = {
    "file": ("encoding", "separator", "decimal"),
    "times": ("zone", "zone_of", "format", "shift_days"),
    "columns": (),
    "constants": (),
    "units": (),
    "values": (),
    "join": (),
    "feed": ("each", "pass_over"),
    "codes": (),
    "zones": (),
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
    """How the columns of a shop's files become ours. `text` is the file's own text, for the content hash.

    Times that state no offset are of the zone of the place that the column `zone_of` tells (`zones` has more places),
    else of `zone`.
    """

    table: str
    columns: Table[str, str] = field(default_factory=dict)
    constants: Table[str, str] = field(default_factory=dict)
    units: Table[str, str] = field(default_factory=dict)
    values: Table[str, Table[str, str]] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    form: Form = field(default_factory=Form)
    decimal: str = "."
    zone: str = ""
    zone_of: str = ""
    zones: Table[str, str] = field(default_factory=dict)
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
    except OSError as error:
        raise UnreadableInputError(f"mapping {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UnreadableInputError(f"mapping {path} is not TOML in UTF-8: {error}") from None
    return parse_mapping(text, table, path.parent, str(path))


def parse_mapping(text: str, table: str, folder: Path, name: str) -> Mapping:
    """The same from its text; `name` is what it is called where it makes no sense."""
    try:
        return _mapping(tomllib.loads(text), table, folder, text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableInputError(f"mapping {name} is not TOML in UTF-8: {error}") from None
    except (EntrepostError, RecursionError) as error:
        raise UnreadableInputError(f"mapping {name}: {error}") from None


def _mapping(head: dict[str, Any], table: str, folder: Path, text: str) -> Mapping:
    for section, keys in head.items():
        _check_among(section, SECTIONS, "section")
        if not isinstance(keys, dict):
            raise UnreadableInputError(f"[{section}] must be a section")
        for key in keys if SECTIONS[section] else ():
            _check_among(key, SECTIONS[section], f"key of [{section}]")
    file, times = head.get("file", {}), head.get("times", {})
    columns = _texts(head, "columns", table, RECIPIENTS if table == "orders" else ())
    zone_of = str(times.get("zone_of", ""))
    feed = _feed(head.get("feed"), columns, zone_of)
    mapping = Mapping(
        table=table,
        columns=columns,
        constants=_texts(head, "constants", table),
        units=_texts(head, "units", table),
        values={column: _words(words) for column, words in _of_table(head, "values", table).items()},
        joins=tuple(_join(name, row, folder) for name, row in head.get("join", {}).items()),
        form=Form(str(file.get("encoding", "utf-8")), str(file.get("separator", "")), feed),
        decimal=str(file.get("decimal", ".")),
        zone=str(times.get("zone", "")),
        zone_of=zone_of,
        zones={str(place).upper(): str(name) for place, name in head.get("zones", {}).items()},
        formats=_formats(times.get("format", ""), table),
        shift_days=_days(times.get("shift_days", 0)),
        text=text,
    )
    mapping = _with_codes(mapping, head.get("codes", {}))
    _check(mapping)
    return mapping


def _feed(head: dict[str, Any] | None, columns: Table[str, str], zone_of: str) -> Feed | None:
    """Which rows nested JSON has, where the mapping is one of nested JSON."""
    if head is None:
        return None
    passed_over = head.get("pass_over", [])
    if not isinstance(passed_over, list):
        raise UnreadableInputError("[feed] pass_over must be a list of the carrier's codes")
    paths = tuple(dict.fromkeys([*columns.values(), *([zone_of] if zone_of else [])]))
    judged = columns.get("code", "") if passed_over else ""
    return Feed(str(head.get("each", "")), paths, judged, frozenset(str(word) for word in passed_over))


def _with_codes(mapping: Mapping, codes: dict[str, Any]) -> Mapping:
    """The table of a carrier's codes: each is one of ours, or one of ours and its reason."""
    if not codes:
        return mapping
    if mapping.table != "events" or "code" not in mapping.columns or {"code", "reason"} & set(mapping.values):
        raise UnreadableInputError(
            "[codes] is for events, needs `code` in [columns], and stands in place of [values.code]"
        )
    pairs = {theirs: ours if isinstance(ours, list) else [ours] for theirs, ours in codes.items()}
    for theirs, ours in pairs.items():
        if len(ours) not in (1, 2) or find_event_code(str(ours[0])) is None:
            raise UnreadableInputError(f"[codes] {theirs!r} must be a code of EMSEVT, or a code and a reason")
        if len(ours) == 2 and find_reason(str(ours[1])) is None:
            raise UnreadableInputError(f"[codes] {theirs!r} has the reason {ours[1]!r}, which is not known")
    values = {**mapping.values, "code": {theirs: str(ours[0]) for theirs, ours in pairs.items()}}
    reasons = {theirs: str(ours[1]) for theirs, ours in pairs.items() if len(ours) == 2}
    if not reasons:
        return replace(mapping, values=values)
    if "reason" in mapping.columns:
        raise UnreadableInputError("[codes] tells reasons, and so does [columns] reason; keep one")
    values["reason"] = {**reasons, OTHERWISE: ""}
    return replace(mapping, columns={**mapping.columns, "reason": mapping.columns["code"]}, values=values)


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
    for name in filter(None, (mapping.zone, *mapping.zones.values())):
        zone(name)
    if mapping.form.feed and mapping.joins:
        raise UnreadableInputError("[feed] reads nested JSON, to which no file is joined; leave [join] out")
    both = sorted(set(mapping.columns) & set(mapping.constants))
    if both:
        raise UnreadableInputError(f"{', '.join(both)} stands in [columns] and in [constants]; keep one")


def _check_among(word: Any, known: Any, what: str) -> None:
    if word not in known:
        raise UnreadableInputError(f"{word!r} is no {what}; use one of {', '.join(known)}")
