"""S32: the identifier of a consignment, such as NLA000012345.

Twelve letters and digits, of which the first two are the country of the operator that issued it. The
layout is not public as a whole: this one is assumed. Carriers take any document number of up to 35
characters, so what comes in may be one (`parse_document`), and what goes out is S32 (`parse`, `format`).

References
----------
UPU standard S32; UN/EDIFACT data element 1004 (an..35).
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.country import is_country
from entrepost.codes.signs import is_letters, is_letters_or_digits

MALFORMED = finding_code("consignment_id_malformed", "A consignment has no number, or none that a message can carry.")
NOT_S32 = finding_code("consignment_id_not_s32", "A consignment's number is a carrier's, not an S32 identifier.")
ISSUER_UNKNOWN = finding_code("consignment_issuer_unknown", "An S32 identifier does not begin with a country.")

LENGTH = 12
DOCUMENT_MOST = 35


class MalformedConsignmentError(MalformedCodeError):
    """The text is not an S32 identifier, or not even the number of a document."""


@dataclass(frozen=True, slots=True)
class S32:
    """A consignment's identifier: the issuer's country (`NL`) and ten letters or digits (`A000012345`)."""

    issuer: str
    reference: str

    def __post_init__(self) -> None:
        if not is_letters(self.issuer, 2) or not is_letters_or_digits(self.reference, LENGTH - 2):
            raise MalformedConsignmentError(
                f"{self.issuer + self.reference!r} is not two capitals of a country and ten capitals or digits"
            )

    def __str__(self) -> str:
        return format(self)


def parse(text: str) -> S32:
    """Read an S32 identifier as it stands; small letters are refused, as a carrier's number may differ by them.

    Raises
    ------
    MalformedConsignmentError
        Where it is not twelve capitals and digits that begin with two letters.
    """
    code = text.strip()
    if len(code) != LENGTH:
        raise MalformedConsignmentError(
            f"{text!r} has {len(code)} characters; an S32 identifier has {LENGTH}, such as NLA000012345"
        )
    return S32(code[:2], code[2:])


def parse_document(text: str) -> str:
    """Read the number of any transport document: 1 to 35 printable characters, kept as they are.

    Raises
    ------
    MalformedConsignmentError
        Where it is empty, longer, or holds characters that cannot be printed.
    """
    code = text.strip()
    if not 1 <= len(code) <= DOCUMENT_MOST or not code.isprintable():
        raise MalformedConsignmentError(
            f"{text!r} is not 1 to {DOCUMENT_MOST} printable characters; give the number of the carrier's document"
        )
    return code


def format(code: S32) -> str:
    """Twelve characters."""
    return f"{code.issuer}{code.reference}"


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with a number that came in: an error if it is none, warnings where it is not S32."""
    subject = subject or text
    try:
        parse_document(text)
    except MalformedConsignmentError as error:
        return [Finding(MALFORMED, "consignment_id", str(error), subject, fix="ask the carrier for its number")]
    try:
        code = parse(text)
    except MalformedConsignmentError as error:
        return [_warning(NOT_S32, str(error), subject)]
    if not is_country(code.issuer):
        return [_warning(ISSUER_UNKNOWN, f"{code.issuer!r} is not a country of ISO 3166-1", subject)]
    return []


def _warning(code: str, message: str, subject: str) -> Finding:
    fix = "write an S32 identifier such as NLA000012345 in what goes out"
    return Finding(code, "consignment_id", message, subject, fix=fix, level="warning")
