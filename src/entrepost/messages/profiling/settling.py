"""Turns what was gathered of a message into a record: times get clocks, amounts their currency, gaps are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from entrepost.base.findings import finding_code
from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.form import Field, Record
from entrepost.messages.profiling.formats import read_amount, read_date, read_time
from entrepost.messages.profiling.layout import Cell, GroupPart, NodePart, SegmentPart

UNEXPECTED = finding_code("message_part_unexpected", "A message has a segment or node that its profile does not know.")
MISSING = finding_code("message_part_missing", "A message lacks a segment, node or value that must be there.")
MALFORMED = finding_code("message_value_malformed", "A value in a message cannot be read.")
CODE_UNKNOWN = finding_code("message_code_unknown", "A message has a code that is not in the code list of its profile.")
CONSTANT = finding_code("message_constant_differs", "A message has another code list, unit or agency than its profile.")
COUNT = finding_code("message_count_differs", "A message counts other than what it holds.")
ZONE = finding_code("message_zone_unknown", "A message has a local time at a place whose time zone is not known.")

FINDINGS_MOST = 1_000
"""So many findings of a message are told; a message of which all is wrong does not fill the memory with them."""

Fault = tuple[str, str, str, str]
"""Code, field, message and how to fix it."""


@dataclass(slots=True)
class Scope:
    """An open group: what was read of it so far, and the groups inside it."""

    part: GroupPart
    parent: Scope | None
    number: int
    record: Record = field(default_factory=Record)
    filled: dict[int, int] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    children: list[Scope] = field(default_factory=list)
    faulty: bool = False


class Desk(Protocol):
    """Who settles: which clocks there are, and where findings go."""

    clocks: Clocks

    def add(self, scope: Scope, finding: Fault, number: int = 0, warning: bool = False) -> None:
        """Report what is wrong with a segment or node of a scope."""


def keep_value(scope: Scope, cell: Cell, text: str, number: int, desk: Desk) -> None:
    """Keep what stands in a cell; an empty one says nothing."""
    name = cell.slot.field
    if not text or (cell.slot.counts and not name):
        return
    if cell.slot.counts:
        if text.isascii() and text.isdigit():
            scope.counts[name] = (int(text[:9]), number)
        return
    known, layout = cell.field, cell.format
    if known is None or layout is None:
        return
    try:
        value = layout.read(text)
    except ValueError as error:
        code = MALFORMED if layout.words is None else CODE_UNKNOWN
        fix = "correct it" if layout.words is None else "use a code of the list, or add it to the profile"
        desk.add(scope, (code, known.path, f"{name}: {error}", fix), number, not known.must)
        return
    if known.kind == "list":
        scope.record.setdefault(name, []).append(value)
    elif name not in scope.record:
        scope.record[name] = value
        scope.formats.setdefault(name, layout.name)


def settle(scope: Scope, outer: tuple[Record, ...], desk: Desk) -> Record | None:
    """The record of a scope with those of its groups; None where it has an error."""
    record, form = scope.record, scope.part.form
    record.number = scope.number
    for name in [name for name in record if form.fields[name].kind in ("time", "amount", "date")]:
        _settle_value(scope, form.fields[name], (record, *outer), desk)
    for child in scope.children:
        inner = settle(child, (record, *outer), desk)
        if inner is None:
            scope.faulty |= child.part.single
        elif child.part.single:
            record[child.part.field] = inner
        else:
            record.setdefault(child.part.field, []).append(inner)
    _check_parts(scope, desk)
    _check_counts(scope, desk)
    return None if scope.faulty else record


def _settle_value(scope: Scope, known: Field, around: tuple[Record, ...], desk: Desk) -> None:
    name, record = known.name, scope.record
    text, layout = record.pop(name), scope.formats[known.name]
    by = next((each[known.by] for each in around if known.by in each), known.by if known.by == "UTC" else "")
    try:
        if known.kind == "date":
            record[name] = text if layout == "" or not isinstance(text, str) else read_date(text, layout)
        elif known.kind == "amount":
            record[name] = read_amount(text, by)
        else:
            placed = _read_time(scope, known, (text, layout, by), desk)
            if placed is not None:
                record[name] = placed
    except (ValueError, OverflowError) as error:
        desk.add(scope, (MALFORMED, known.path, f"{name}: {error}", "correct it"), 0, not known.must)


def _read_time(scope: Scope, known: Field, given: tuple[str, str, str], desk: Desk) -> datetime | None:
    """An instant; of a place whose zone is not known it is only told when a message was sent, and then in UTC."""
    text, layout, by = given
    zone = desk.clocks.find(by) if by else None
    if layout == "iso" and datetime.fromisoformat(text).tzinfo:
        return read_time(text, layout, UTC)
    if zone is None:
        sent = known.name == "sent_at"
        what = f"{known.name}: the time zone of {by or 'its place'!r} is not known" + (", UTC is taken" if sent else "")
        desk.add(scope, (ZONE, known.path, what, "tell the zone of the place"), 0, sent or not known.must)
        if not sent:
            return None
    return read_time(text, layout, zone or UTC)


def _check_parts(scope: Scope, desk: Desk) -> None:
    """What must be there and is not; what an event's code demands is only a warning."""
    told: set[str] = set()
    present = {child.part.field for child in scope.children}
    for part in scope.part.body:
        if isinstance(part, GroupPart):
            if part.must and part.field not in present:
                desk.add(scope, (MISSING, part.field, f"it has no {part.field}", "add one"))
            continue
        if _filled(scope, part) or not (part.must or _demanded(scope.record, part)):
            continue
        told |= {cell.slot.field for cell in part.cells}
        shown = part.variants[0].template.text if isinstance(part, SegmentPart) else "/".join(part.path)
        desk.add(scope, (MISSING, shown[:3], f"{shown} is missing", "add it"), 0, not part.must)
    for field_ in scope.part.form.fields.values():
        absent = field_.must and field_.kind not in ("group", "part") and field_.name not in scope.record
        if absent and field_.name not in told and not scope.faulty:
            desk.add(scope, (MISSING, field_.path, f"{field_.name} is missing", f"tell it: {field_.description}"))


def _filled(scope: Scope, part: SegmentPart | NodePart) -> bool:
    return id(part) in scope.filled


def _demanded(record: Record, part: SegmentPart | NodePart) -> bool:
    return any(str(record.get(name)) in values for name, values in part.must_when.items())


def _check_counts(scope: Scope, desk: Desk) -> None:
    for name, (count, number) in scope.counts.items():
        there = sum(child.part.field == name for child in scope.children)
        if count != there:
            what = f"it counts {count} {name}, {there} are there"
            desk.add(scope, (COUNT, name, what, "count again, or ask what is missing"), number, True)
