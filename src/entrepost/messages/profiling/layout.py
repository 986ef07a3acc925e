"""A profile as the engine has it: segments, nodes and groups, each slot with its field and format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from entrepost.messages.profiling.form import Field, Form
from entrepost.messages.profiling.formats import Codes, Format
from entrepost.messages.profiling.template import Slot, Template


@dataclass(frozen=True, slots=True)
class Cell:
    """A slot where it stands: element and component of a segment, with the field and the format that it has.

    A count has neither field nor format of its own; `format_follows`: the component behind it names the format.
    """

    element: int
    component: int
    slot: Slot
    field: Field | None
    format: Format | None
    format_follows: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a segment. `keys` must be there, `soft` constants stand behind a field of their element."""

    template: Template
    keys: tuple[tuple[int, int, str], ...]
    soft: tuple[tuple[int, int, str], ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """A segment of a body, in one of its variants; `must_when` says of which values of a field it is demanded."""

    tag: str
    variants: tuple[Variant, ...]
    must: bool = True
    most: int = 1
    must_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def cells(self) -> Iterator[Cell]:
        """The cells of all variants."""
        return (cell for variant in self.variants for cell in variant.cells)


@dataclass(frozen=True, slots=True)
class NodePart:
    """A node of a tree (XML or JSON): the names that lead to it, and a cell or a constant."""

    path: tuple[str, ...]
    cell: Cell | None
    constant: str = ""
    must: bool = True
    must_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def cells(self) -> Iterator[Cell]:
        """Its cell, if it has one."""
        return iter((self.cell,) if self.cell else ())


@dataclass(frozen=True, slots=True)
class GroupPart:
    """Parts that repeat together, one record of the field each; `path` leads to a record's node in a tree."""

    field: str
    form: Form
    body: tuple[SegmentPart | NodePart | GroupPart, ...]
    must: bool = False
    most: int = 99_999
    path: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """Whether it is one record, not a list of them."""
        return self.most == 1

    def walk(self) -> Iterator[SegmentPart | NodePart | GroupPart]:
        """Every part inside."""
        for part in self.body:
            yield part
            if isinstance(part, GroupPart):
                yield from part.walk()


@dataclass(frozen=True, slots=True)
class Profile:
    """How one version of a message is laid out in a syntax: EDIFACT, XML or JSON."""

    message: str
    version: str
    syntax: str
    source: str
    settings: Mapping[str, str]
    codes: Codes
    body: GroupPart
    file: str = ""

    @property
    def name(self) -> str:
        """Message, version and syntax, such as EMSEVT 3.0 edifact."""
        return f"{self.message} {self.version} {self.syntax}"
