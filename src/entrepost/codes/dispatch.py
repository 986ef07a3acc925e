"""S8: the identifier of a dispatch, such as NLHAGIUSJFKAAUN60017.

Office of origin (6), office of destination (6), category of mail (1), subclass (2), last digit of the
year (1), serial (4). The first fifteen characters are the *series*; in each the serial begins at 0001
on 1 January and has no gaps. The digit of the year repeats after ten years: keep the date beside it.

References
----------
UPU standard S8, version 6 of 7 April 2014; categories: UPU code list 115.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import mail_subclass, office
from entrepost.codes.office import Office
from entrepost.codes.signs import is_digits, squeeze

MALFORMED = finding_code("dispatch_id_malformed", "A dispatch identifier is not a valid S8 identifier.")

LENGTH = 20
SERIAL_MOST = 9999
CATEGORIES = "ABCD"
"""A priority by air, B non-priority by air (S.A.L.), C non-priority by surface, D priority by surface."""


class MalformedDispatchError(MalformedCodeError):
    """The text is not an S8 identifier: length, offices, category, subclass, year or serial."""


@dataclass(frozen=True, slots=True)
class S8:
    """A dispatch's identifier: from where to where, category (`A`), subclass (`UN`), year's last digit, serial."""

    origin: Office
    destination: Office
    mail_category: str
    mail_subclass: str
    year_digit: int
    serial: int

    def __post_init__(self) -> None:
        if len(self.mail_category) != 1 or self.mail_category not in CATEGORIES:
            raise MalformedDispatchError(f"mail category {self.mail_category!r} is not one of A, B, C and D")
        try:
            plain = mail_subclass.parse(self.mail_subclass)
        except mail_subclass.MalformedSubclassError as error:
            raise MalformedDispatchError(str(error)) from None
        if plain != self.mail_subclass:
            raise MalformedDispatchError(f"mail subclass {self.mail_subclass!r} is to be written as {plain}")
        if not 0 <= self.year_digit <= 9:
            raise MalformedDispatchError(f"year digit {self.year_digit} is not between 0 and 9")
        if not 1 <= self.serial <= SERIAL_MOST:
            raise MalformedDispatchError(f"dispatch serial {self.serial} is not between 1 and {SERIAL_MOST}")

    def __str__(self) -> str:
        return format(self)

    @property
    def mail_class(self) -> str:
        """U letter post, C parcels, E EMS, T empty receptacles."""
        return self.mail_subclass[0]

    @property
    def series(self) -> str:
        """The fifteen characters within which serials have no gaps: offices, category, subclass."""
        return f"{self.origin}{self.destination}{self.mail_category}{self.mail_subclass}"


def parse(text: str) -> S8:
    """Read an identifier; blanks are layout and small letters are raised.

    Raises
    ------
    MalformedDispatchError
        Where length, offices, category, subclass, year or serial are wrong; the message says which.
    """
    code = squeeze(text)
    if len(code) != LENGTH:
        raise MalformedDispatchError(
            f"{text!r} has {len(code)} characters; an S8 identifier has {LENGTH}, such as NLHAGIUSJFKAAUN60017"
        )
    if not is_digits(code[15:], 5):
        raise MalformedDispatchError(f"{text!r} does not end in five digits, the year's last one and the serial")
    try:
        origin, destination = office.parse(code[:6]), office.parse(code[6:12])
    except office.MalformedOfficeError as error:
        raise MalformedDispatchError(f"{text!r}: {error}") from None
    return S8(origin, destination, code[12], code[13:15], int(code[15]), int(code[16:]))


def format(code: S8) -> str:
    """Twenty characters."""
    return f"{code.series}{code.year_digit}{code.serial:04d}"


def year_of(code: S8, day: date) -> int:
    """The year whose last digit the identifier has: the latest up to `day`, on which it was known.

    On 31 December the next year counts as well, because it begins earlier in the east.
    """
    latest = (day + timedelta(days=1)).year
    return latest - (latest - code.year_digit) % 10


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with an identifier: an error of form, or warnings about its offices and subclass."""
    subject = subject or text
    try:
        code = parse(text)
    except MalformedDispatchError as error:
        return [Finding(MALFORMED, "dispatch_id", str(error), subject, fix="scan or key the identifier again")]
    return [
        *office.check(str(code.origin), subject),
        *office.check(str(code.destination), subject),
        *mail_subclass.check(code.mail_subclass, subject),
    ]
