"""A segment as a profile writes it: as it looks on the wire, with fields in braces.

``STS+1+{code|event}::139`` is a segment STS whose first element is always 1 and whose second one has the field `code`,
in the code list `event`, and the agency 139 in its third component.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepost.base.errors import MisuseError

_SLOT = re.compile(r"^\{(?P<count>#)?(?P<field>[a-z_][a-z0-9_]*)?(?:\*(?P<most>\d*))?(?:\|(?P<format>[^{}|]+))?\}$")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a field stands: its name, the format in which it is written, and how many of a list one segment takes.

    `counts`: not the field itself but how many records it has; without a field, which record of its group this is.
    """

    field: str
    format: str = ""
    most: int = 1
    counts: bool = False
    many: bool = False


Part = str | Slot
"""A component of a template: a constant, or where a field stands."""


@dataclass(frozen=True, slots=True)
class Template:
    """A segment with its constants and slots; `text` is as the profile writes it."""

    text: str
    tag: str
    elements: tuple[tuple[Part, ...], ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every slot, from left to right."""
        return tuple(part for element in self.elements for part in element if isinstance(part, Slot))


def parse_template(text: str) -> Template:
    """Read a segment of a profile.

    Raises
    ------
    MisuseError
        Where it has no tag, or braces that hold no field; the message says what would do.
    """
    tag, *elements = text.split("+")
    if not (len(tag) == 3 and tag.isascii() and tag.isupper()):
        raise MisuseError(f"{text!r} does not begin with the three capitals of a segment, such as BGM+")
    return Template(text, tag, tuple(tuple(parse_part(part) for part in each.split(":")) for each in elements))


def parse_part(text: str) -> Part:
    """Read a component: a constant, or a field in braces such as ``{weight_g|kg}``."""
    if "{" not in text and "}" not in text:
        return text
    found = _SLOT.match(text)
    if found is None or (not found["field"] and not found["count"]):
        raise MisuseError(f"{text!r} is no field in braces, such as {{item_id}}, {{weight_g|kg}} or {{#receptacles}}")
    many = found["most"] is not None
    return Slot(
        field=found["field"] or "",
        format=found["format"] or "",
        most=int(found["most"] or 1) if many else 1,
        counts=bool(found["count"]),
        many=many,
    )
