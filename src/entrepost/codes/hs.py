"""The code of an article in the Harmonized System (HS), such as 6109.10: its form, not its meaning.

Chapter (2 digits), heading (4), subheading (6); countries add up to four digits of their own.

References
----------
International Convention on the Harmonized Commodity Description and Coding System, World Customs
Organization. Chapter 77 is kept free; 98 and 99 are for the countries' own use.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.signs import is_digits, squeeze

MALFORMED = finding_code("hs_malformed", "A Harmonized System code is not 6 to 10 digits.")
CHAPTER_UNKNOWN = finding_code("hs_chapter_unknown", "A Harmonized System code begins with a chapter that is none.")

DIGITS_LEAST, DIGITS_MOST = 6, 10
NO_CHAPTERS = ("00", "77")


class MalformedHSError(MalformedCodeError):
    """The text is not a code of the Harmonized System."""


@dataclass(frozen=True, slots=True)
class HS:
    """A code of 6 to 10 digits."""

    digits: str

    def __post_init__(self) -> None:
        if not DIGITS_LEAST <= len(self.digits) <= DIGITS_MOST or not is_digits(self.digits, len(self.digits)):
            raise MalformedHSError(
                f"{self.digits!r} is not {DIGITS_LEAST} to {DIGITS_MOST} digits; write it such as 610910"
            )

    def __str__(self) -> str:
        return format(self)

    @property
    def chapter(self) -> str:
        """The first two digits."""
        return self.digits[:2]

    @property
    def heading(self) -> str:
        """The first four digits."""
        return self.digits[:4]

    @property
    def subheading(self) -> str:
        """The first six digits, which all countries share."""
        return self.digits[:6]


def parse(text: str) -> HS:
    """Read a code; blanks and points are layout.

    Raises
    ------
    MalformedHSError
        Where it is not 6 to 10 digits.
    """
    return HS(squeeze(text).replace(".", ""))


def format(code: HS, dotted: bool = False) -> str:
    """The digits, or with `dotted` as tariffs print them: 6109.10, 6109.10.0010."""
    if not dotted:
        return code.digits
    return ".".join(part for part in (code.heading, code.digits[4:6], code.digits[6:]) if part)


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with a code: an error of form, or a warning that there is no such chapter."""
    subject, fix = subject or text, "look the article up in the tariff, such as 610910"
    try:
        code = parse(text)
    except MalformedHSError as error:
        return [Finding(MALFORMED, "hs_code", str(error), subject, fix=fix)]
    if code.chapter in NO_CHAPTERS:
        message = f"there is no chapter {code.chapter}"
        return [Finding(CHAPTER_UNKNOWN, "hs_code", message, subject, fix=fix, level="warning")]
    return []
