"""The number of an air waybill, such as 074-12345675: airline (3 digits), serial (7), check digit.

References
----------
IATA Cargo Services Conference Resolution 600a: the last digit is the serial modulo 7. A postal air
waybill (PAWB) has the same number.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.signs import is_digits, squeeze

MALFORMED = finding_code("waybill_malformed", "An air waybill is not eleven digits of which the last one fits.")

LENGTH = 11
SERIAL_MOST = 9_999_999


class MalformedWaybillError(MalformedCodeError):
    """The text is not the number of an air waybill: length, digits or check digit."""


@dataclass(frozen=True, slots=True)
class Waybill:
    """An air waybill's number: the airline's three digits (`074`) and the serial (0 to 9999999)."""

    airline: str
    serial: int

    def __post_init__(self) -> None:
        if not is_digits(self.airline, 3):
            raise MalformedWaybillError(f"airline {self.airline!r} is not three digits, such as 074")
        if not 0 <= self.serial <= SERIAL_MOST:
            raise MalformedWaybillError(f"waybill serial {self.serial} is not between 0 and {SERIAL_MOST}")

    def __str__(self) -> str:
        return format(self)


def parse(text: str) -> Waybill:
    """Read a number; blanks and hyphens are layout.

    Raises
    ------
    MalformedWaybillError
        Where it is not eleven digits, or the check digit is wrong.
    """
    code = squeeze(text).replace("-", "")
    if not is_digits(code, LENGTH):
        raise MalformedWaybillError(f"{text!r} is not {LENGTH} digits, such as 074-12345675")
    expected = check_digit(int(code[3:10]))
    if int(code[10]) != expected:
        raise MalformedWaybillError(f"{text!r} has the check digit {code[10]} instead of {expected}; key it again")
    return Waybill(code[:3], int(code[3:10]))


def format(code: Waybill, hyphen: bool = False) -> str:
    """Eleven digits, or with `hyphen` as it is printed: 074-12345675."""
    return f"{code.airline}{'-' if hyphen else ''}{code.serial:07d}{check_digit(code.serial)}"


def check_digit(serial: int) -> int:
    """The last digit: the serial modulo 7."""
    if not 0 <= serial <= SERIAL_MOST:
        raise MisuseError(f"waybill serial {serial} is not between 0 and {SERIAL_MOST}")
    return serial % 7


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with the number of a waybill."""
    try:
        parse(text)
    except MalformedWaybillError as error:
        return [Finding(MALFORMED, "waybill", str(error), subject or text, fix="key the number again")]
    return []
