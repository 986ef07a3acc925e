"""What each message says, field by field: the table that profiles, JSON and records have in common."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "fields.csv"
KINDS = ("text", "code", "count", "number", "weight", "time", "date", "yesno", "amount", "list", "group", "part")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `path` names it from the message down (``reports[].time``), `by` the field of its place or currency.

    A `group` holds any number of records, a `part` one.
    """

    path: str
    kind: str
    must: bool
    by: str
    description: str

    @property
    def name(self) -> str:
        """Its name within its record."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a message, or of a group in it."""

    message: str
    group: str
    fields: dict[str, Field]
    groups: dict[str, Form]

    def walk(self) -> Iterable[Field]:
        """Every field, those of groups behind them."""
        for field in self.fields.values():
            yield field
            if field.name in self.groups:
                yield from self.groups[field.name].walk()


class Record(dict[str, Any]):
    """What a message or a part of it says, by field; absent fields are not there. `number`: of its first segment."""

    __slots__ = ("number",)

    def __init__(self, values: dict[str, Any] | None = None, number: int = 0) -> None:
        super().__init__(values or {})
        self.number = number


@cache
def list_messages() -> tuple[str, ...]:
    """Every message that has a form."""
    return tuple(dict.fromkeys(name for names, *_ in _rows() for name in names.split()))


@cache
def get_form(message: str) -> Form:
    """The form of a message; one without fields is not known."""
    fields = [
        Field(path, kind, use == "must", by, text)
        for names, path, kind, use, by, text in _rows()
        if message in names.split()
    ]
    return _form(message, "", fields)


def _form(message: str, prefix: str, fields: list[Field]) -> Form:
    own = {field.name: field for field in fields if field.path == prefix + field.name}
    below = {"group": "[].", "part": "."}
    groups = {
        name: _form(message, field.path + below[field.kind], fields)
        for name, field in own.items()
        if field.kind in below
    }
    return Form(message, prefix, own, groups)


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(tuple(row.values()) for row in csv.DictReader(file))
