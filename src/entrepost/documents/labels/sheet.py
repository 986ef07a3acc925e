"""A sheet: boxes, words and codes at places counted in dots, before it becomes PDF, PNG or ZPL.

A dot is that of a label printer with 203.2 dots an inch, so eight make a millimetre; the origin is the upper left
corner. Bars and squares of codes are whole dots, so they stand on the grid of the printer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepost.documents.labels.shape import Shaped

DOTS_PER_MM = 8
DOTS_PER_INCH = 203.2


def to_dots(mm: float) -> int:
    """Dots in so many millimetres."""
    return round(mm * DOTS_PER_MM)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with a line inside its edge; a line of 0 fills it."""

    x: int
    y: int
    width: int
    height: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Shaped words that stand on the base line `y` from `x` on; `size` is that of the font in dots."""

    x: int
    y: int
    size: int
    shaped: Shaped


@dataclass(frozen=True, slots=True)
class Bars:
    """A Code 128 of a text: its narrowest bar is `module` dots wide."""

    x: int
    y: int
    module: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class Squares:
    """A Data Matrix of a text: its squares are `module` dots wide."""

    x: int
    y: int
    module: int
    text: str


Mark = Box | Words | Bars | Squares


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size in dots, its title, and what stands on it."""

    width: int
    height: int
    title: str
    marks: tuple[Mark, ...]


def rule(x: int, y: int, width: int, line: int = 1) -> Box:
    """A level line."""
    return Box(x, y, width, line)


def post(x: int, y: int, height: int, line: int = 1) -> Box:
    """An upright line."""
    return Box(x, y, line, height)


def moved(marks: Iterable[Mark], right: int, down: int) -> tuple[Mark, ...]:
    """The same marks elsewhere."""
    from dataclasses import replace

    return tuple(replace(mark, x=mark.x + right, y=mark.y + down) for mark in marks)
