"""Writes a record as the segments of a message, as a profile lays them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from entrepost.base.errors import OutgoingMessageError
from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.form import Field, Record
from entrepost.messages.profiling.formats import write_amount, write_time
from entrepost.messages.profiling.layout import Cell, GroupPart, Profile, SegmentPart, Variant
from entrepost.messages.profiling.template import Slot
from entrepost.messages.syntax.segment import Segment, segment

Values = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes records by one profile; a local time is that of its place where the clocks know it."""

    profile: Profile
    clocks: Clocks

    def write(self, record: Record, outer: Record) -> list[Segment]:
        """The segments between header and trailer; `outer` is what else gives a place, such as the sender."""
        return list(self._body(self.profile.body, record, 1, (outer,)))

    def _body(self, group: GroupPart, record: Record, number: int, outer: tuple[Record, ...]) -> Iterator[Segment]:
        around = (record, *outer)
        for part in group.body:
            if isinstance(part, GroupPart):
                held = record.get(part.field) or []
                rows = [held] if isinstance(held, Record) else held
                if len(rows) > part.most or (part.must and not rows):
                    raise OutgoingMessageError(
                        f"{self.profile.name}: {len(rows)} {part.field}, at most {part.most} fit"
                    )
                for ordinal, row in enumerate(rows, start=1):
                    yield from self._body(part, row, ordinal, around)
            elif isinstance(part, SegmentPart):
                yield from self._segments(part, around, number)

    def _segments(self, part: SegmentPart, around: tuple[Record, ...], number: int) -> Iterator[Segment]:
        many = next((cell for cell in part.cells if cell.slot.many), None)
        values = around[0].get(many.slot.field, []) if many else [None]
        if many and not values and part.must:
            raise OutgoingMessageError(f"{self.profile.name}: {many.slot.field} is empty and must be told")
        step = many.slot.most if many else 1
        if len(values) > part.most * step:
            what = many.slot.field if many else part.tag
            raise OutgoingMessageError(f"{self.profile.name}: {len(values)} {what}, at most {part.most * step} fit")
        for start in range(0, len(values), step):
            laid_out = self._segment(part, around, number, values[start : start + step])
            if laid_out is not None:
                yield laid_out

    def _segment(
        self, part: SegmentPart, around: tuple[Record, ...], number: int, taken: Sequence[Any]
    ) -> Segment | None:
        """A segment in the first variant that can say all that is to be said; None where there is nothing to say."""
        present = {cell.slot.field for cell in part.cells if _is_present(cell.slot, around[0])}
        if not present:
            if not part.must:
                return None
            if any(cell.field and cell.field.must and not cell.slot.counts for cell in part.cells):
                shown = part.variants[0].template.text
                raise OutgoingMessageError(f"{self.profile.name}: nothing is told for {shown}, which must be there")
        reason = "no variant tells all of it"
        for variant in part.variants:
            if not present <= {cell.slot.field for cell in variant.cells}:
                continue
            try:
                return _lay_out(variant, self._values(variant, around, number, taken))
            except ValueError as error:
                reason = str(error)
        raise OutgoingMessageError(f"{self.profile.name}: {part.variants[0].template.text} cannot be written: {reason}")

    def _values(self, variant: Variant, around: tuple[Record, ...], number: int, taken: Sequence[Any]) -> Values:
        values: Values = {}
        for cell in variant.cells:
            if cell.slot.many:
                for index, value in enumerate(taken):
                    values[cell.element + index, cell.component] = self._text(cell, value, around)
            elif cell.slot.counts:
                count = len(around[0].get(cell.slot.field, [])) if cell.slot.field else number
                values[cell.element, cell.component] = str(count)
            elif _is_present(cell.slot, around[0]):
                values[cell.element, cell.component] = self._text(cell, around[0][cell.slot.field], around)
        return values

    def _text(self, cell: Cell, value: Any, around: tuple[Record, ...]) -> str:
        assert cell.field is not None and cell.format is not None  # noqa: PT018 - a loaded profile has both
        text = write_value(cell.field, cell.format.name, cell.format.write, value, (around, self.clocks))
        if any(sign < " " for sign in text):
            raise ValueError(f"{text!r} has signs that cannot be printed, such as the end of a line")
        return text


def write_value(field: Field, layout: str, write: Any, value: Any, place: tuple[tuple[Record, ...], Clocks]) -> str:
    """A value as text; raises ValueError where the format cannot say it."""
    around, clocks = place
    if field.kind not in ("time", "amount"):
        return str(write(value))
    by = next((str(each[field.by]) for each in around if field.by in each), "UTC" if field.by == "UTC" else "")
    if field.kind == "amount":
        return write_amount(value, by)
    zone = clocks.find(by) if by else None
    return write_time(value.astimezone(zone) if zone else value, layout)


def _is_present(slot: Slot, record: Record) -> bool:
    if slot.counts:
        return bool(slot.field and record.get(slot.field)) or not slot.field
    value = record.get(slot.field)
    return value is not None and value not in ("", [])


def _lay_out(variant: Variant, values: Values) -> Segment:
    """The elements of a variant: constants stand where their element has no field, or has one that is told."""
    constants = {(element, component): text for element, component, text in (*variant.keys, *variant.soft)}
    follows = {(cell.element, cell.component + 1): cell.slot.format for cell in variant.cells if cell.format_follows}
    last = max([len(variant.template.elements), *(element for element, _ in values)])
    slotted = {cell.element for cell in variant.cells}
    elements: list[str | tuple[str, ...]] = []
    for at in range(1, last + 1):
        told = {component: text for (element, component), text in values.items() if element == at}
        if told or at not in slotted:
            fixed = {**constants, **follows}
            told |= {component: text for (element, component), text in fixed.items() if element == at}
        elements.append(_element(told))
    while elements and elements[-1] == "":
        elements.pop()
    return segment(variant.template.tag, *elements)


def _element(told: dict[int, str]) -> str | tuple[str, ...]:
    if not told:
        return ""
    parts = [told.get(index, "") for index in range(max(told) + 1)]
    while parts and not parts[-1]:
        parts.pop()
    return parts[0] if len(parts) == 1 else tuple(parts)
