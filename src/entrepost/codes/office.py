"""The code of an international mail processing centre (IMPC, UPU standard S34), such as CNSZXA.

Two letters of the country, three of the place (airport or UN/LOCODE), one that tells centres of a
place apart. Some registers allow a digit there; that is a warning.

References
----------
UPU standard S34, version 9 of 22 February 2017. The register of centres is published by the UPU.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.country import is_country
from entrepost.codes.signs import is_digits, is_letters, is_letters_or_digits, squeeze

MALFORMED = finding_code("office_malformed", "An office code is not six letters that begin with a country.")
QUALIFIER_DIGIT = finding_code("office_qualifier_digit", "An office code ends in a digit; few registers allow it.")


class MalformedOfficeError(MalformedCodeError):
    """The text is not an office code."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office of exchange: country, place, and the letter that tells its centres apart."""

    country: str
    place: str
    qualifier: str

    def __post_init__(self) -> None:
        if not is_country(self.country):
            raise MalformedOfficeError(f"office country {self.country!r} is not a country of ISO 3166-1, such as CN")
        if not is_letters(self.place, 3) or not is_letters_or_digits(self.qualifier, 1):
            raise MalformedOfficeError(
                f"office {self.place + self.qualifier!r} is not three letters of a place and one more, such as SZXA"
            )

    def __str__(self) -> str:
        return format(self)


def parse(text: str) -> Office:
    """Read an office code; blanks are layout and small letters are raised.

    Raises
    ------
    MalformedOfficeError
        Where it is not six letters (the last may be a digit), or begins with no country.
    """
    code = squeeze(text)
    if len(code) != 6:
        raise MalformedOfficeError(f"{text!r} has {len(code)} characters; an office code has 6, such as CNSZXA")
    return Office(code[:2], code[2:5], code[5:])


def format(office: Office) -> str:
    """Six characters."""
    return f"{office.country}{office.place}{office.qualifier}"


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with an office code: an error of form, or a warning that it ends in a digit."""
    subject, fix = subject or text, "use a code of the UPU's register"
    try:
        office = parse(text)
    except MalformedOfficeError as error:
        return [Finding(MALFORMED, "office", str(error), subject, fix=fix)]
    if is_digits(office.qualifier, 1):
        message = f"{office} ends in a digit"
        return [Finding(QUALIFIER_DIGIT, "office", message, subject, fix=fix, level="warning")]
    return []
