"""An interchange of plain JSON: a first line that is its envelope, and a message on each line behind it.

Messages that no public EDIFACT layout is known for travel so by the thousand, such as the advance data of items, where
operators agree on it. A message is known by the number of its line: the first one is 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from entrepost.base.errors import IncomingMessageError
from entrepost.base.findings import Finding, finding_code

LINE = finding_code("interchange_line_malformed", "A line of an interchange of plain JSON is no message.")
COUNT = finding_code("interchange_count", "The envelope of plain JSON counts other messages than were sent.")
ENVELOPE = "interchange"


@dataclass(frozen=True, slots=True)
class Line:
    """A message on its line: what it says as values of JSON, and the bytes of the line."""

    reference: str
    message: str
    said: dict[str, Any]
    content: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The envelope: who sends what to whom, under which reference, when (with its offset), and how many messages."""

    sender: str
    recipient: str
    reference: str
    prepared_at: datetime | None
    messages: int
    test: bool = False
    findings: tuple[Finding, ...] = ()


def write(head: Head, messages: Iterable[dict[str, Any]]) -> bytes:
    """The bytes of an interchange of messages as `plain.to_plain` tells them; they are counted."""
    lines = [_dump(each) for each in messages]
    told = {"sender": head.sender, "recipient": head.recipient, "reference": head.reference}
    if head.prepared_at is not None:
        told["prepared_at"] = head.prepared_at.isoformat()
    whole = {ENVELOPE: {**told, "messages": len(lines), **({"test": True} if head.test else {})}}
    return b"\n".join([_dump(whole), *lines, b""])


def read(data: bytes) -> tuple[Head, Sequence[Line]]:
    """Read the envelope and the messages; a document of JSON without an envelope is a message by itself.

    Raises
    ------
    IncomingMessageError
        Where the first line is no JSON.
    """
    rows = [row for row in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if row.strip()]
    first = _load(rows[0]) if rows else None
    if first is None or not isinstance(first.get(ENVELOPE), dict):
        return _read_alone(data)
    told = first[ENVELOPE]
    lines = [_read_line(number, row) for number, row in enumerate(rows[1:], 1)]
    sender, recipient, reference = (str(told.get(name, "")) for name in ("sender", "recipient", "reference"))
    findings: tuple[Finding, ...] = ()
    if told.get("messages") != len(lines):
        what = f"it counts {told.get('messages')} messages, there are {len(lines)}"
        findings = (Finding(COUNT, "messages", what, reference, 1, "count again, and send all of them"),)
    prepared = _read_instant(told.get("prepared_at"))
    return Head(sender, recipient, reference, prepared, len(lines), told.get("test") is True, findings), lines


def _read_alone(data: bytes) -> tuple[Head, Sequence[Line]]:
    said = _load(data)
    if said is None:
        raise IncomingMessageError("it is neither an envelope of JSON nor a message", 0, 0)
    return Head("", "", "", None, 1), [_line(1, said, data)]


def _read_line(number: int, row: bytes) -> Line:
    said = _load(row)
    if said is None:
        what = f"line {number + 1} is no object of JSON in UTF-8"
        return Line(str(number), "", {}, row, (Finding(LINE, "", what, str(number), number + 1, "write it anew"),))
    return _line(number, said, row.strip())


def _line(number: int, said: dict[str, Any], content: bytes) -> Line:
    return Line(str(number), str(said.get("message", "")).upper(), said, content)


def _load(row: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(row)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _read_instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
