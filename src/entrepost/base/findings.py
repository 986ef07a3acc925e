"""Bad data as values: a finding names what is wrong, where, and how to fix it, and loses nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from entrepost.base.errors import MisuseError

Level = Literal["error", "warning"]

CODES: dict[str, str] = {}
"""Every finding code with its meaning; the reference page is written from it."""


def finding_code(code: str, meaning: str) -> str:
    """Declare a finding code once, beside the check that reports it, and return it."""
    if CODES.get(code, meaning) != meaning:
        raise MisuseError(f"finding code {code!r} is declared twice with different meanings")
    CODES[code] = meaning
    return code


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the data.

    `subject` is what it is about (a file name, an order reference, an item), `field` the column,
    `row` the line in the file counted as a text editor does (the header is line 1; 0 where the
    subject is not a file), `fix` what to do about it.
    """

    code: str
    field: str
    message: str
    subject: str
    row: int = 0
    fix: str = ""
    level: Level = "error"

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise MisuseError(f"finding code {self.code!r} is not declared")

    def __str__(self) -> str:
        place = f"{self.subject}:{self.row}" if self.row else self.subject
        column = f" [{self.field}]" if self.field else ""
        fix = f"; {self.fix}" if self.fix else ""
        return f"{place}{column} {self.level} {self.code}: {self.message}{fix}"


def list_errors(findings: Iterable[Finding]) -> list[Finding]:
    """Only the findings that make their subject unusable."""
    return [finding for finding in findings if finding.level == "error"]


def count_by_code(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each code was found, most frequent first."""
    return dict(Counter(finding.code for finding in findings).most_common())
