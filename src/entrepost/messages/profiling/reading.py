"""Reads the segments of a message by a profile: what they say as a record, and what is wrong with them.

Segments are known by their tags and constants, in any order within their group. A group with an error is left out of
the record, and no other is; what stands nowhere in the profile is told and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from entrepost.base.findings import Finding
from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.formats import LENGTHS, TIMES
from entrepost.messages.profiling.layout import Cell, GroupPart, NodePart, Profile, SegmentPart, Variant
from entrepost.messages.profiling.settling import (
    CONSTANT,
    FINDINGS_MOST,
    MALFORMED,
    UNEXPECTED,
    Scope,
    keep_value,
    settle,
)
from entrepost.messages.syntax.segment import Segment, components, get

Heads = dict[str, list[SegmentPart | GroupPart]]


@dataclass(slots=True)
class Reader:
    """Reads messages of one profile.

    `tell` turns the number of a segment into words that say where it stands; `outer` is what else gives a place, such
    as the sender of the interchange.
    """

    profile: Profile
    clocks: Clocks
    subject: str
    outer: Record = field(default_factory=Record)
    tell: Callable[[int], str] = "segment {}".format
    findings: list[Finding] = field(default_factory=list)
    heads: dict[int, Heads] = field(default_factory=dict)

    def read(self, segments: Sequence[Segment], numbers: Sequence[int]) -> Record | None:
        """The record of a message whose segments have these numbers; None where the message cannot be used."""
        root = here = Scope(self.profile.body, None, numbers[0] if numbers else 0)
        for number, segment in zip(numbers, segments, strict=True):
            here = self._put(here, segment, number)
        return settle(root, (self.outer,), self)

    def take_alone(self, scope: Scope, segment: Segment) -> bool:
        """Whether a scope takes a segment; what it says is in the scope then."""
        return any(opened is scope for opened in self._offer(scope, segment, 0))

    def add(self, scope: Scope, finding: tuple[str, str, str, str], number: int = 0, warning: bool = False) -> None:
        """Report (code, field, message, fix) of a segment; an error makes the scope's record unusable."""
        code, name, message, fix = finding
        number = number or scope.number
        scope.faulty |= not warning
        if len(self.findings) >= FINDINGS_MOST:
            return
        place = f"{self.tell(number)}: {message}"
        level = "warning" if warning else "error"
        self.findings.append(Finding(code, name, place, self.subject, number, fix, level))  # type: ignore[arg-type]

    def _put(self, here: Scope, segment: Segment, number: int) -> Scope:
        """Give a segment to the innermost group that takes it; which group is open then."""
        scope: Scope | None = here
        while scope is not None:
            taken = next((each for each in self._offer(scope, segment, number) if each), None)
            if taken:
                return taken
            scope = scope.parent
        shown = "+".join(components(segment, 1))
        what = f"{segment[0]}+{shown} stands nowhere in the profile, or once too often"
        self.add(here, (UNEXPECTED, segment[0], what, "take it out, or add it to the profile"), number, True)
        return here

    def _offer(self, scope: Scope, segment: Segment, number: int) -> Iterator[Scope | None]:
        """Each part of a scope that begins like the segment: the scope that is open where it takes it, or None."""
        for part in self._heads(scope.part).get(segment[0], ()):
            if isinstance(part, GroupPart):
                yield self._open(scope, part, segment, number)
            elif scope.filled.get(id(part), 0) < part.most and self._take(scope, part, segment, number):
                yield scope

    def _open(self, scope: Scope, part: GroupPart, segment: Segment, number: int) -> Scope | None:
        trigger = part.body[0]
        child = Scope(part, scope, number)
        if isinstance(trigger, SegmentPart) and self._take(child, trigger, segment, number):
            scope.children.append(child)
            return child
        return None

    def _take(self, scope: Scope, part: SegmentPart, segment: Segment, number: int) -> bool:
        fitting = [variant for variant in part.variants if _has_keys(variant, segment)]
        if not fitting:
            return False
        chosen = min(fitting, key=lambda variant: _misfits(variant, segment)) if len(fitting) > 1 else fitting[0]
        odd = _odd_constants(chosen, segment)
        scope.filled[id(part)] = scope.filled.get(id(part), 0) + 1
        bad = {element for element, _, _ in odd}
        for element, component, constant in odd:
            what = f"{segment[0]} has {get(segment, element, component)!r} where {constant!r} belongs"
            self.add(scope, (CONSTANT, segment[0], what, f"write {constant}"), number, not part.must)
        for cell in chosen.cells:
            if cell.element not in bad:
                self._take_cell(scope, cell, segment, number)
        return True

    def _take_cell(self, scope: Scope, cell: Cell, segment: Segment, number: int) -> None:
        if cell.slot.many:
            last = min(len(segment), cell.element + cell.slot.most)
            for element in range(cell.element, last):
                keep_value(scope, cell, get(segment, element, cell.component), number, self)
            return
        text = get(segment, cell.element, cell.component)
        if cell.format_follows:
            named = get(segment, cell.element, cell.component + 1) or cell.slot.format
            if named not in LENGTHS or (named in TIMES) != (cell.slot.format in TIMES):
                fix = f"write it as {cell.slot.format}"
                self.add(scope, (MALFORMED, cell.slot.field, f"{named!r} is no format of it", fix), number)
                return
            scope.formats[cell.slot.field] = named
        keep_value(scope, cell, text, number, self)

    def _heads(self, group: GroupPart) -> Heads:
        """The parts of a group by the tag with which they begin."""
        found = self.heads.get(id(group))
        if found is None:
            found = self.heads[id(group)] = {}
            for part in group.body:
                head = part.body[0] if isinstance(part, GroupPart) else part
                if isinstance(head, SegmentPart) and not isinstance(part, NodePart):
                    found.setdefault(head.tag, []).append(part)
        return found


def _has_keys(variant: Variant, segment: Segment) -> bool:
    """Whether a segment has the constants by which a variant is known; elements with fields may be empty."""
    if variant.template.tag != segment[0]:
        return False
    optional = {cell.element for cell in variant.cells if cell.element > 1}
    for element, component, constant in variant.keys:
        if get(segment, element, component) != constant:
            empty = element in optional and not any(components(segment, element))
            if not empty:
                return False
    for cell in variant.cells:
        if (
            cell.element == 1
            and cell.format
            and cell.format.words
            and get(segment, 1, cell.component) not in cell.format.words
        ):
            return False
    return True


def _misfits(variant: Variant, segment: Segment) -> int:
    """How much of a segment a variant cannot read."""
    count = len(_odd_constants(variant, segment))
    for cell in variant.cells:
        text = get(segment, cell.element, cell.component)
        if text and cell.format:
            try:
                cell.format.read(text)
            except ValueError:
                count += 1
    return count


def _odd_constants(variant: Variant, segment: Segment) -> list[tuple[int, int, str]]:
    return [each for each in variant.soft if get(segment, *each[:2]) not in ("", each[2])]
