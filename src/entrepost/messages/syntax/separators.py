"""The six service characters of an interchange, and how its segments are laid out on lines."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MisuseError


@dataclass(frozen=True, slots=True)
class Separators:
    """What divides components, elements, repetitions and segments, and what takes that meaning away.

    `release` is empty where nothing can be released, `repetition` where the syntax has no repetitions
    (it came with version 4). `newline` stands behind every segment; it is layout and means nothing.
    `announced` tells whether a UNA segment stands before the interchange.
    """

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = ""
    segment: str = "'"
    newline: str = ""
    announced: bool = False

    def __post_init__(self) -> None:
        signs = [sign for sign in (self.component, self.element, self.release, self.repetition, self.segment) if sign]
        if not all(map(_may_separate, signs)) or len({*signs}) < len(signs):
            raise MisuseError(f"the service characters {signs} are not different single signs")
        if not (self.component and self.element and self.segment):
            raise MisuseError("components, elements and segments each need a separator, such as : + and '")
        if self.decimal not in (".", ","):
            raise MisuseError(f"the decimal mark {self.decimal!r} is neither a point nor a comma")
        if self.newline not in ("", "\n", "\r\n"):
            raise MisuseError(f"segments are followed by nothing or by a new line, not by {self.newline!r}")

    @property
    def una(self) -> str:
        """The service string advice that announces these characters."""
        return (
            f"UNA{self.component}{self.element}{self.decimal}{self.release or ' '}"
            f"{self.repetition or ' '}{self.segment}"
        )


def _may_separate(sign: str) -> bool:
    """Printable signs, the information separators of level B, and the end of a line as the end of a segment."""
    return len(sign) == 1 and ("\x21" <= sign <= "\x7e" or sign in "\x1c\x1d\x1e\x1f\n") and not sign.isalnum()


DEFAULT = Separators()
"""What holds without a UNA segment in versions 1 to 3."""

DEFAULT_4 = Separators(repetition="*")
"""What holds without a UNA segment in version 4."""

DEFAULT_B = Separators(component="\x1f", element="\x1d", release="", segment="\x1c")
"""What level B may use instead: information separators, so that no sign of the text needs a release."""
