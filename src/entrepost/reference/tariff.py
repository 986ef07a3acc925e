"""Tariffs that a user added: duty by code and day, of the United States, the United Kingdom, the EU and any other.

Every row is kept as it was printed; one whose duty cannot be read is a finding and is kept too, so that a look-up
says that it is unreadable and never that there is nothing to pay.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from entrepost.base.findings import Finding, finding_code
from entrepost.codes.country import is_country
from entrepost.reference.currency import is_currency
from entrepost.reference.duty_text import Duty, UnreadableDutyError, parse_duty
from entrepost.reference.official_file import (
    added_paths,
    keep_rows,
    malformed,
    read_added,
    read_rows,
    to_code,
    to_day,
)

DUTY_UNREADABLE = finding_code("tariff_duty_unreadable", "The duty of a tariff row cannot be read; it is not nothing.")
KIND = "tariff"
UNIONS = ("EU",)
"""Whose members share one tariff, under the name of the union."""
COLUMNS = ("country", "currency", "hs_code", "duty", "valid_from", "valid_to")
DUTY_FIX = "write it such as 5.1% + 2.40 EUR / 100 kg, or look the article up by hand"
CODE_FIX = "write 2 to 10 digits"

TariffRow = tuple[str, str, str, str, str, str]
"""The cells of `COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where a country's file has its cells; an empty column means that the file does not tell."""

    country: str
    currency: str
    code: str
    duty: str
    valid_from: str = ""
    valid_to: str = ""


FORMS = {
    "tariff-us": Form("US", "USD", "hts8", "mfn_text_rate", "begin_effect_date", "end_effective_date"),
    "tariff-uk": Form("GB", "GBP", "commodity", "ukgt_duty_rate"),
    "tariff-eu": Form("EU", "EUR", "commodity", "cet_duty_rate"),
    "tariff": Form("", "", "hs_code", "duty", "valid_from", "valid_to"),
}
"""The kinds of file: those of three administrations, and one of our own with the columns of `COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """The duties of one country as printed, by code, the newest addition first."""

    codes: tuple[str, ...]
    rows: dict[str, list[TariffRow]]

    def find(self, code: str, day: date) -> list[TariffRow]:
        """The row of a code on a day; else those of all codes below it; else that of the nearest above it."""
        if found := self._at(code, day):
            return [found]
        start = bisect_left(self.codes, code)
        below = []
        for each in self.codes[start:]:
            if not each.startswith(code):
                break
            if found := self._at(each, day):
                below.append(found)
        above = (self._at(code[:digits], day) for digits in (8, 6, 4, 2) if digits < len(code))
        return below or [row for row in above if row][:1]

    def find_duties(self, code: str, day: date) -> list[Duty | UnreadableDutyError]:
        """The different duties that a code may have on a day; none: it is not there."""
        texts = dict.fromkeys((row[3], row[1]) for row in self.find(code, day))
        return [_parsed(*text) for text in texts]

    def _at(self, code: str, day: date) -> TariffRow | None:
        for row in self.rows.get(code, ()):
            if row[4] <= day.isoformat() and (not row[5] or day.isoformat() <= row[5]):
                return row
        return None


def add_tariff(kind: str, path: str | Path) -> tuple[int, list[Finding]]:
    """Add the rows of a tariff file; how many were kept, and what is wrong with rows.

    Raises
    ------
    UnreadableInputError
        Where the file cannot be read as a whole.
    """
    rows, findings = read_tariff(kind, path)
    return keep_rows(KIND, COLUMNS, rows), findings


def read_tariff(kind: str, path: str | Path) -> tuple[list[TariffRow], list[Finding]]:
    """The rows of a tariff file, and a finding for each that has no code, no sound dates or no readable duty."""
    form, name = FORMS[kind], Path(path).name
    needed = [form.code, form.duty, *(() if form.country else ("country", "currency"))]
    rows: list[TariffRow] = []
    findings: list[Finding] = []
    for number, cells in read_rows(path, needed):
        try:
            row = _read_row(form, cells)
        except _CellError as error:
            findings.append(malformed(error, error.field, name, number, error.fix))
            continue
        rows.append(row)
        try:
            parse_duty(row[3], row[1])
        except UnreadableDutyError as error:
            findings.append(Finding(DUTY_UNREADABLE, form.duty, str(error)[:200], name, number, DUTY_FIX))
    return rows, findings


def known_tariff(country: str) -> Tariff | None:
    """What was added of a country's tariff, or None."""
    return _read(country, added_paths(KIND))


def find_duties(country: str, code: str, day: date) -> list[Duty | UnreadableDutyError]:
    """The different duties that a code may have in a country's tariff on a day; none: it is not there."""
    tariff = known_tariff(country)
    return tariff.find_duties(code, day) if tariff else []


def _parsed(text: str, currency: str) -> Duty | UnreadableDutyError:
    try:
        return parse_duty(text, currency)
    except UnreadableDutyError as error:
        return error


class _CellError(ValueError):
    """A cell of a row cannot be read; with the column, and how to mend it."""

    def __init__(self, message: str, field: str, fix: str) -> None:
        super().__init__(message)
        self.field, self.fix = field, fix


def _read_row(form: Form, cells: dict[str, str]) -> TariffRow:
    country, currency = form.country or cells["country"].upper(), form.currency or cells["currency"].upper()
    try:
        code = to_code(cells[form.code])
    except ValueError as error:
        raise _CellError(str(error), form.code, CODE_FIX) from None
    if not (is_country(country) or country in UNIONS):
        raise _CellError(
            f"{country[:40]!r} is not a country", "country", f"write two letters such as GB, or {UNIONS[0]}"
        )
    if not is_currency(currency):
        raise _CellError(f"{currency[:40]!r} is not a currency", "currency", "write a code of ISO 4217")
    first, last = (_read_day(cells, column) for column in (form.valid_from, form.valid_to))
    if last and last < first:
        raise _CellError(f"it ends on {last}, before it begins on {first}", form.valid_to, "correct the two days")
    return country, currency, code, cells[form.duty], first, last


def _read_day(cells: dict[str, str], column: str) -> str:
    try:
        return to_day(cells.get(column, ""))
    except ValueError:
        raise _CellError(f"{cells[column][:40]!r} is not a day", column, "write it like 2026-03-31") from None


@lru_cache(maxsize=8)
def _read(country: str, paths: tuple[Path, ...]) -> Tariff | None:
    rows: dict[str, list[TariffRow]] = {}
    for path in reversed(paths):
        for cells in read_added(path):
            if cells["country"] == country:
                row = tuple(cells[column] for column in COLUMNS)
                rows.setdefault(cells["hs_code"], []).append(row)  # type: ignore[arg-type]
    return Tariff(tuple(sorted(rows)), rows) if rows else None
