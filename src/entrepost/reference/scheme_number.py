"""Numbers under which sellers are registered with the tax scheme of a destination, such as the EU's IOSS."""

from __future__ import annotations

import re
from functools import cache

from entrepost.base.findings import Finding, finding_code
from entrepost.reference.table import read_dated

MALFORMED = finding_code(
    "scheme_number_malformed", "A seller's number has not the form of the destination's scheme: it counts as absent."
)


def is_scheme_number(scheme: str, number: str) -> bool:
    """Whether a number, in capitals and without blanks and points, has the form that a scheme gives out."""
    return _row(scheme)[0].fullmatch(number) is not None


def check_scheme_number(scheme: str, number: str, subject: str, row: int = 0) -> list[Finding]:
    """A warning where a number has not the form of its scheme; an empty number has none."""
    return [malformed(scheme, number, subject, row)] if number and not is_scheme_number(scheme, number) else []


def malformed(scheme: str, number: str, subject: str, row: int = 0) -> Finding:
    """The warning that a number has not the form of its scheme."""
    message = f"{number[:40]!r} is not a number of {scheme}; it counts as absent"
    fix = f"write it such as {_row(scheme)[1]}"
    return Finding(MALFORMED, "seller_scheme_number", message, subject, row, fix, "warning")


@cache
def _row(scheme: str) -> tuple[re.Pattern[str], str]:
    row = read_dated("scheme_numbers", "scheme").at(scheme)
    return re.compile(row["pattern"]), row["example"]
