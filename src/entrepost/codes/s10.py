"""S10: the identifier of one mail item, such as RB 123 456 785 GB.

Two letters of the service indicator, eight digits of the serial, a check digit, two letters of the
country whose operator issued the number (not the destination).

References
----------
UPU standard S10, version 12 of 17 October 2017; the rule and the indicators' ranges as published in
jkeen/tracking_number_data (MIT).
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.country import is_country
from entrepost.codes.signs import is_digits, is_letters, squeeze

MALFORMED = finding_code("s10_malformed", "An item identifier is not a valid S10 number.")
BILATERAL = finding_code("s10_indicator_bilateral", "A service indicator is only for domestic or agreed use.")
RESERVED = finding_code("s10_indicator_reserved", "A service indicator is reserved; no service uses it.")
CLASS_DIFFERS = finding_code("s10_class_differs", "A service indicator does not belong to the item's mail class.")

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
SERIAL_MOST = 99_999_999
MAIL_CLASSES = {**dict.fromkeys("LMRUV", "U"), **dict.fromkeys("CH", "C"), "E": "E"}
BILATERAL_LETTERS = "BDNPZ"


class MalformedS10Error(MalformedCodeError):
    """The text is not an S10 number: length, form, check digit or country."""


@dataclass(frozen=True, slots=True)
class S10:
    """An item's identifier: indicator (`RB`), serial (0 to 99999999), issuer (`GB`)."""

    indicator: str
    serial: int
    issuer: str

    def __post_init__(self) -> None:
        if not is_letters(self.indicator, 2):
            raise MalformedS10Error(f"service indicator {self.indicator!r} is not two capital letters")
        if not 0 <= self.serial <= SERIAL_MOST:
            raise MalformedS10Error(f"serial {self.serial} is not between 0 and {SERIAL_MOST}")
        if not is_country(self.issuer):
            raise MalformedS10Error(f"issuer {self.issuer!r} is not a country of ISO 3166-1, such as CN")

    def __str__(self) -> str:
        return format(self)


def parse(text: str) -> S10:
    """Read an identifier; blanks are layout and small letters are raised.

    Raises
    ------
    MalformedS10Error
        Where length, form, check digit or issuer are wrong; the message says which.
    """
    code = squeeze(text)
    if len(code) != 13:
        raise MalformedS10Error(f"{text!r} has {len(code)} characters; an S10 number has 13, such as RB123456785GB")
    if not (is_letters(code[:2], 2) and is_digits(code[2:11], 9) and is_letters(code[11:], 2)):
        raise MalformedS10Error(f"{text!r} is not two letters, nine digits and two letters")
    expected = check_digit(int(code[2:10]))
    if int(code[10]) != expected:
        raise MalformedS10Error(f"{text!r} has the check digit {code[10]} instead of {expected}; scan it again")
    return S10(code[:2], int(code[2:10]), code[11:])


def format(code: S10, spaced: bool = False) -> str:
    """Thirteen characters, or with `spaced` as printed under a barcode: RB 123 456 785 GB."""
    digits = f"{code.serial:08d}{check_digit(code.serial)}"
    if not spaced:
        return f"{code.indicator}{digits}{code.issuer}"
    return f"{code.indicator} {digits[:3]} {digits[3:6]} {digits[6:]} {code.issuer}"


def check_digit(serial: int) -> int:
    """The ninth digit: 11 minus the weighted sum modulo 11, where 10 becomes 0 and 11 becomes 5."""
    if not 0 <= serial <= SERIAL_MOST:
        raise MisuseError(f"serial {serial} is not between 0 and {SERIAL_MOST}")
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, f"{serial:08d}", strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def check(text: str, subject: str = "", mail_class: str = "") -> list[Finding]:
    """What is wrong with an identifier: errors of form, warnings about its indicator and mail class."""
    subject = subject or text
    try:
        code = parse(text)
    except MalformedS10Error as error:
        return [Finding(MALFORMED, "item_id", str(error), subject, fix="scan or key the number again")]
    expected = mail_class_of(code.indicator)
    if is_bilateral(code.indicator):
        return [_warning(BILATERAL, f"{code.indicator} is for domestic or agreed use only", subject)]
    if expected == "":
        return [_warning(RESERVED, f"{code.indicator} is a reserved service indicator", subject)]
    if mail_class and mail_class != expected:
        return [_warning(CLASS_DIFFERS, f"{code.indicator} is of class {expected}, the item of {mail_class}", subject)]
    return []


def is_bilateral(indicator: str) -> bool:
    """Whether an indicator is only for domestic, bilateral or multilateral use."""
    return indicator[0] in BILATERAL_LETTERS or indicator in ("GA", "GD") or "AV" <= indicator <= "AZ"


def mail_class_of(indicator: str) -> str:
    """U (letter post), C (parcels), E (EMS), or empty where no international service has the indicator.

    AA to AU are reserved, yet seen on small packets from China, and count as letter post; of Q only
    QA to QM (business reply) are given out.
    """
    if "AA" <= indicator <= "AU" or "QA" <= indicator <= "QM":
        return "U"
    return MAIL_CLASSES.get(indicator[0], "")


def _warning(code: str, message: str, subject: str) -> Finding:
    return Finding(code, "item_id", message, subject, fix="ask the issuer, or correct the item", level="warning")
