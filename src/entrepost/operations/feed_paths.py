"""Where the cells of rows stand in nested JSON: paths such as `shipments[].events[].code`, read once and then walked.

`[]` stands for each of an array, `[0]` and `[-1]` for one of it; ` + ` between paths puts their texts together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from entrepost.base.errors import UnreadableInputError

EACH = "[]"
TOGETHER = " + "
PATH = re.compile(r"(?:[^.\[\]]+|\[-?\d{1,6}\])(?:\.[^.\[\]]+|\[-?\d{1,6}\])*")
STEP = re.compile(r"[^.\[\]]+|\[-?\d{1,6}\]")
Steps = tuple[str | int, ...]
Cells = dict[str, str | None]


class Digits(str):
    """A number of a document, with the digits that were written."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Something of a document is not what the paths say: what, and as much of it as there is."""

    message: str
    raw: Any


@dataclass(frozen=True)
class Feed:
    """Which rows a document has: one for each of the innermost array of `each`; where that is empty, itself.

    `cells` are the paths that are read, each a column of that name. A row whose cell `judged` is among `passed_over` is
    none.

    Raises
    ------
    UnreadableInputError
        When a path makes no sense, or walks through other arrays than `each`.
    """

    each: str = ""
    cells: tuple[str, ...] = ()
    judged: str = ""
    passed_over: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for _ in (self._arrays, self._places):
            pass

    def rows(self, document: Any) -> Iterator[tuple[int, Cells | Misplaced]]:
        """The rows of a document, each with the number of the element of the outermost array in which it stands.

        What is misplaced loses nothing beside it.
        """
        for number, trail in self._walk((document,)):
            row = trail if isinstance(trail, Misplaced) else self._row(trail)
            if isinstance(row, Misplaced) or not self.judged or row[self.judged] not in self.passed_over:
                yield number, row

    @cached_property
    def _prefixes(self) -> list[str]:
        """The path down to the elements of each array, the outermost first."""
        if self.each and not self.each.endswith(EACH):
            raise UnreadableInputError(f"{self.each!r} is no array of rows; write it with [], such as events[]")
        parts = self.each.split(EACH)[:-1]
        return [EACH.join(parts[: number + 1]) + EACH for number in range(len(parts))]

    @cached_property
    def _arrays(self) -> list[Steps]:
        """The steps from an element of one array to the next array."""
        before = ["", *self._prefixes]
        inner = (each[len(outer) : -len(EACH)] for outer, each in zip(before, self._prefixes, strict=False))
        return [_steps(each.removeprefix(".")) for each in inner]

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, Steps]]]:
        """Where the texts of each cell stand: in which element of the trail, and how from there."""
        return {cell: [self._place(path.strip()) for path in cell.split(TOGETHER)] for cell in self.cells}

    def _place(self, path: str) -> tuple[int, Steps]:
        level, rest = 0, path
        for number, prefix in enumerate(self._prefixes, start=1):
            if path.startswith(prefix):
                level, rest = number, path[len(prefix) :].removeprefix(".")
        if EACH in rest:
            raise UnreadableInputError(f"{path!r} walks through another array than {self.each!r}, whose rows are read")
        return level, _steps(rest)

    def _walk(self, trail: tuple[Any, ...], number: int = 0) -> Iterator[tuple[int, tuple[Any, ...] | Misplaced]]:
        """The elements from the document down to each row."""
        level = len(trail) - 1
        if level == len(self._arrays):
            yield number or 1, trail
            return
        if not isinstance(trail[-1], dict | list):
            yield number or 1, Misplaced(f"{self._name(level)} is {_kind(trail[-1])}, not an object", trail[-1])
            return
        found = _find(trail[-1], self._arrays[level])
        if found is None:
            return
        if not isinstance(found, dict | list):
            yield number or 1, Misplaced(f"{self._prefixes[level]} is {_kind(found)}, not an array", trail[-1])
            return
        for place, element in enumerate(found if isinstance(found, list) else [found], start=1):
            yield from self._walk((*trail, element), number or place)

    def _row(self, trail: tuple[Any, ...]) -> Cells | Misplaced:
        if not isinstance(trail[-1], dict | list):
            return Misplaced(f"{self._name(len(trail) - 1)} is {_kind(trail[-1])}, not an object", trail[-1])
        row: Cells = {}
        for cell, places in self._places.items():
            texts = []
            for level, steps in places:
                value = _find(trail[level], steps)
                if isinstance(value, dict | list):
                    return Misplaced(f"{cell} is {_kind(value)}, not text or a number", trail[-1])
                if value is not None:
                    texts.append(("yes" if value else "no") if isinstance(value, bool) else str(value))
            row[cell] = " ".join(texts) if texts else None
        return row

    def _name(self, level: int) -> str:
        return self._prefixes[level - 1] if level else "the document"


def _steps(path: str) -> Steps:
    if path and not PATH.fullmatch(path):
        raise UnreadableInputError(f"{path!r} is no path; write it like events[].location.city")
    return tuple(int(step[1:-1]) if step.startswith("[") else step for step in STEP.findall(path))


def _find(node: Any, steps: Steps) -> Any:
    """What stands there; None where nothing does."""
    for step in steps:
        if isinstance(step, str):
            node = node.get(step) if isinstance(node, dict) else None
        else:
            node = node[step] if isinstance(node, list) and -len(node) <= step < len(node) else None
        if node is None:
            return None
    return node


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", bool: "true or false", Digits: "a number", type(None): "null"}
    return names.get(type(value), "text")
