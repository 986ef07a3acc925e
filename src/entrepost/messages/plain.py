"""Messages as plain JSON: the fields of `profiling/fields.csv` under their own names, the same for every message.

Instants have the offset of their place (ISO 8601), money is in minor units, weights are in grams.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any

from entrepost.base.errors import IncomingMessageError, MisuseError
from entrepost.base.findings import Finding
from entrepost.messages.profiling.form import Field, Form, Record, get_form, list_messages
from entrepost.messages.profiling.passage import Build, Passage, Received, Sender
from entrepost.messages.profiling.settling import MALFORMED, MISSING, UNEXPECTED
from entrepost.messages.profiling.tree import MOST_BYTES

TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "code": {"type": "string"},
    "number": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"},
    "count": {"type": "integer", "minimum": 0},
    "weight": {"type": "integer", "minimum": 0},
    "amount": {"type": "integer"},
    "yesno": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "list": {"type": "array", "items": {"type": "string"}},
}
"""What each kind of field is in JSON Schema."""


@cache
def get_passage(message: str) -> Passage[Any]:
    """The way of a message between bytes and nouns; raises `MisuseError` where there is no such message."""
    if message.upper() not in list_messages():
        raise MisuseError(f"{message!r} is not a message; there are {', '.join(list_messages())}")
    passage: Passage[Any] = import_module(f"entrepost.messages.{message.lower()}").PASSAGE
    return passage


def to_plain(message: Any) -> dict[str, Any]:
    """What a message says, as values of JSON; `message` names which one it is."""
    name = type(message).__name__.upper()
    return {"message": name, **_bare(get_passage(name).tell(message))}


def write(message: Any) -> bytes:
    """A message as JSON."""
    return json.dumps(to_plain(message), ensure_ascii=False, indent=1).encode()


def read(data: bytes) -> Received[Any]:
    """Read a message out of JSON.

    Raises
    ------
    IncomingMessageError
        Where it is no JSON object that names its message.
    """
    if len(data) > MOST_BYTES:
        raise IncomingMessageError(f"a message of {len(data)} bytes; {MOST_BYTES} are allowed", 0, MOST_BYTES)
    try:
        given = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise IncomingMessageError(
            f"it is not JSON in UTF-8: {str(error)[:200]}", 0, getattr(error, "pos", 0)
        ) from None
    if not isinstance(given, dict) or str(given.get("message")).upper() not in list_messages():
        raise IncomingMessageError(f"it does not name a message, one of {', '.join(list_messages())}", 0, 0)
    return from_plain(given)


def from_plain(given: dict[str, Any]) -> Received[Any]:
    """Make a message of what it says, as `to_plain` tells it; records that cannot be are findings."""
    passage = get_passage(str(given["message"]))
    findings: list[Finding] = []
    plain = {name: value for name, value in given.items() if name != "message"}
    record = _record(plain, get_form(passage.message), passage.message, findings)
    messages = (
        ()
        if record is None
        else Build(findings, subject=passage.message).all(
            lambda each: passage.build(each, Build(findings, subject=passage.message)), [record]
        )
    )
    return Received(Sender(), messages, tuple(findings))


def schema(message: str) -> dict[str, Any]:
    """The JSON Schema of a message."""
    form = get_form(get_passage(message).message)
    made = _schema(form)
    made["properties"] = {"message": {"const": form.message}, **made["properties"]}
    made["required"] = ["message", *made["required"]]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": form.message, **made}


def _schema(form: Form) -> dict[str, Any]:
    properties = {}
    for name, field in form.fields.items():
        made = _schema(form.groups[name]) if name in form.groups else dict(TYPES[field.kind])
        if field.kind == "group":
            made = {"type": "array", "items": made}
        properties[name] = {**made, "description": field.description}
    required = [name for name, field in form.fields.items() if field.must]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _bare(record: Record) -> dict[str, Any]:
    return {name: _value(value) for name, value in record.items() if value not in (None, "", [])}


def _value(value: Any) -> Any:
    if isinstance(value, Record):
        return _bare(value)
    if isinstance(value, list):
        return [_value(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _record(given: Any, form: Form, place: str, findings: list[Finding]) -> Record | None:
    """A record of the values of JSON, None where one of them cannot be."""
    if not isinstance(given, dict):
        findings.append(Finding(MALFORMED, place, "it is no object", form.message, fix="write { and }"))
        return None
    record, sound = Record(), True
    for name, value in given.items():
        field = form.fields.get(name)
        if field is None:
            fix = f"use one of {', '.join(form.fields)}"
            findings.append(Finding(UNEXPECTED, f"{place}.{name}", "it is no field", form.message, 0, fix, "warning"))
        elif value is not None:
            made = _field(value, field, form, (f"{place}.{name}", findings))
            sound &= made is not None
            record[name] = made
    for name, field in form.fields.items():
        if field.must and name not in record:
            fix = f"tell it: {field.description}"
            findings.append(Finding(MISSING, f"{place}.{name}", f"{name} is missing", form.message, fix=fix))
            sound = False
    return record if sound else None


def _field(value: Any, field: Field, form: Form, where: tuple[str, list[Finding]]) -> Any:
    place, findings = where
    if field.kind == "part":
        return _record(value, form.groups[field.name], place, findings)
    if field.kind == "group" and isinstance(value, list):
        rows = [_record(each, form.groups[field.name], f"{place}[{at}]", findings) for at, each in enumerate(value)]
        return [row for row in rows if row is not None]
    try:
        return READERS[field.kind](value)
    except (ValueError, KeyError):
        expected = json.dumps(TYPES.get(field.kind, {"type": "array"}))
        shown = type(value).__name__ if isinstance(value, list | dict) else repr(str(value)[:60])
        findings.append(Finding(MALFORMED, place, f"{shown} does not fit", form.message, fix=expected))
        return None


def _is(kind: type) -> Callable[[Any], Any]:
    def read_value(value: Any) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ValueError(value)
        return value

    return read_value


def _read_whole(value: Any) -> int:
    number: int = _is(int)(value)
    if number < 0:
        raise ValueError(value)
    return number


def _read_instant(value: Any) -> datetime:
    found = datetime.fromisoformat(_is(str)(value))
    if found.tzinfo is None:
        raise ValueError(value)
    return found


READERS: dict[str, Callable[[Any], Any]] = {
    "text": _is(str),
    "code": _is(str),
    "number": _is(str),
    "count": _read_whole,
    "weight": _read_whole,
    "amount": _is(int),
    "yesno": _is(bool),
    "time": _read_instant,
    "date": lambda value: date.fromisoformat(_is(str)(value)),
    "list": lambda value: [_is(str)(each) for each in _is(list)(value)],
}
