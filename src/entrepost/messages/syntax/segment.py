"""A segment: its tag and its elements, as a tuple that is quick to make and to compare."""

from __future__ import annotations

from typing import TypeAlias

Composite: TypeAlias = str | tuple[str, ...]
"""One occurrence of an element: a text, or the texts of its components where there are several."""


class Repeated(tuple[Composite, ...]):
    """An element that stands several times in its segment (version 4): each of its occurrences."""

    __slots__ = ()


Element: TypeAlias = Composite | Repeated


class Segment(tuple[Element, ...]):
    """A segment such as ``LOC+14+NLHAGI::139``: ``Segment(("LOC", "14", ("NLHAGI", "", "139")))``.

    Position 0 is the tag, position 1 the first element. An element is a text, or a tuple of texts
    where it has components, or `Repeated` where it occurs several times. `get` asks for one text and
    is the same for all of these.
    """

    __slots__ = ()

    @property
    def tag(self) -> str:
        """Its three letters, such as LOC."""
        return self.get(0)

    def get(self, element: int, component: int = 0) -> str:
        """The text of a component, both counted from 0 with the tag as element 0; empty where there is none."""
        if element >= len(self):
            return ""
        value = self[element]
        if value.__class__ is Repeated:
            value = value[0]
        if value.__class__ is str:
            return value if component == 0 else ""
        return value[component] if component < len(value) else ""  # type: ignore[return-value]

    def components(self, element: int) -> tuple[str, ...]:
        """All components of an element (of its first occurrence); empty where there is no such element."""
        occurrences = self.repetitions(element)
        if not occurrences:
            return ()
        return (occurrences[0],) if isinstance(occurrences[0], str) else occurrences[0]

    def repetitions(self, element: int) -> tuple[Composite, ...]:
        """Each occurrence of an element; most elements have one."""
        if element >= len(self):
            return ()
        value = self[element]
        return value if isinstance(value, Repeated) else (value,)


def segment(tag: str, *elements: Element) -> Segment:
    """Make a segment: ``segment("LOC", "14", ("NLHAGI", "", "139"))``."""
    return Segment((tag, *elements))
