"""The subclass of mail, such as UN: two letters, of which the first is the class of mail.

U is letter post, C parcels, E EMS, T empty receptacles. Operators agree on subclasses between them, and
the list is not public as a whole: one that is not in the table is a warning.

References
----------
UPU code list 117; `data/mail_subclasses.csv` says which rows are from where.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.signs import is_letters, squeeze

MALFORMED = finding_code("mail_subclass_malformed", "A mail subclass is not two letters that begin with a class.")
UNKNOWN = finding_code("mail_subclass_unknown", "A mail subclass is not in the table; its class is clear.")

CLASSES = "UCET"
TABLE = Path(__file__).parent / "data" / "mail_subclasses.csv"


class MalformedSubclassError(MalformedCodeError):
    """The text is not a mail subclass."""


def parse(text: str) -> str:
    """The subclass in capitals.

    Raises
    ------
    MalformedSubclassError
        Where it is not two letters, or the first is no class of mail.
    """
    code = squeeze(text)
    if not is_letters(code, 2) or code[0] not in CLASSES:
        raise MalformedSubclassError(
            f"mail subclass {text!r} is not two letters that begin with a class, U, C, E or T, such as UN"
        )
    return code


def format(code: str) -> str:
    """Two capitals."""
    return parse(code)


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with a subclass: an error of form, or a warning that nobody knows it."""
    subject = subject or text
    try:
        code = parse(text)
    except MalformedSubclassError as error:
        return [Finding(MALFORMED, "mail_subclass", str(error), subject, fix="write two letters such as UN")]
    if not is_known(code):
        message = f"{code} is not in the table of subclasses"
        return [Finding(UNKNOWN, "mail_subclass", message, subject, fix="ask the origin operator", level="warning")]
    return []


def is_known(code: str) -> bool:
    """Whether the table has exactly this subclass."""
    return code in _names()


def get_name(code: str) -> str:
    """The subclass in words; raises `MalformedSubclassError` where the table does not have it."""
    if code not in _names():
        raise MalformedSubclassError(f"mail subclass {code!r} is not in the table; there are {', '.join(_names())}")
    return _names()[code]


@cache
def _names() -> dict[str, str]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["mail_subclass"]: row["name"] for row in csv.DictReader(file)}
