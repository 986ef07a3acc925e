"""Files of exchange rates: one's own, and the European Central Bank's as it publishes them, plain or zipped.

One's own is CSV with the columns `currency`, `day` (ISO) and `rate` (units for one euro). The ECB's has a row a day
and a column a currency: `eurofxref-hist.csv` with days as 2026-11-27, `eurofxref.csv` with days as 27 November 2026;
what it does not state is `N/A`.

References
----------
European Central Bank, "Euro foreign exchange reference rates", files eurofxref.zip and eurofxref-hist.zip.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.reference.currency import is_currency

MALFORMED = finding_code("exchange_rate_malformed", "A row of a rates file cannot be read.")

COLUMNS = ("currency", "day", "rate")
DAY_OF_ECB = "Date"
NOT_STATED = ("", "N/A")
BYTES_MAX = 64 << 20
"""No file of rates unpacks to more: thirty years of the ECB's are 2 MB."""
ZIP = b"PK\x03\x04"
RATE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")

ByDay = dict[date, Fraction]


@dataclass
class Read:
    """What a file says: units for one euro by currency and day, and what is wrong with it."""

    rates: dict[str, ByDay] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_file(path: str | Path) -> Read:
    """Read a file of rates; see `read_bytes`."""
    try:
        return read_bytes(Path(path).read_bytes(), str(path))
    except OSError as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}; give CSV in UTF-8") from None


def read_bytes(content: bytes, name: str) -> Read:
    """Read rates, one's own or the ECB's, plain or zipped; rows that cannot be read are findings and lose no other.

    Raises
    ------
    UnreadableInputError
        Where it is not UTF-8 CSV or lacks a column.
    """
    try:
        text = (_unzip(content) if content.startswith(ZIP) else content).decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        head = [each.strip() for each in next(reader, [])]
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except (UnicodeDecodeError, csv.Error, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableInputError(f"{name} cannot be read: {error}; give CSV in UTF-8") from None
    told, read = Path(name).name, Read()
    if head[:1] == [DAY_OF_ECB]:
        cells_of = _of_ecb(head, rows)
    else:
        absent = [column for column in COLUMNS if column not in head]
        if absent:
            raise UnreadableInputError(
                f"{name} lacks the columns {', '.join(absent)}; it needs {', '.join(COLUMNS)}, or is one of the ECB's"
            )
        cells_of = _of_own(head, rows)
    for number, cells in cells_of:
        read.findings += _add(read.rates, cells, told, number)
    return read


def _unzip(content: bytes) -> bytes:
    """The one CSV of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = [each for each in archive.infolist() if each.filename.lower().endswith(".csv")]
        if len(inside) != 1:
            raise ValueError(f"the archive holds {len(inside)} CSV files")
        with archive.open(inside[0]) as file:
            text = file.read(BYTES_MAX + 1)
    if len(text) > BYTES_MAX:
        raise ValueError("it is too large for a file of rates")
    return text


Cells = Mapping[str, str]


def _of_own(head: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[tuple[int, Cells]]:
    places = {column: head.index(column) for column in COLUMNS}
    for number, cells in rows:
        yield number, {column: cells[at].strip() if at < len(cells) else "" for column, at in places.items()}


def _of_ecb(head: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[tuple[int, Cells]]:
    """A cell after another; currencies that are not in the table of currencies any more are passed over."""
    columns = [(place, code) for place, code in enumerate(head) if place and code and is_currency(code)]
    for number, cells in rows:
        day = _plain_day(cells[0].strip())
        for place, code in columns:
            rate = cells[place].strip() if place < len(cells) else ""
            if rate not in NOT_STATED:
                yield number, {"currency": code, "day": day, "rate": rate}


def _plain_day(text: str) -> str:
    """The day of `eurofxref.csv`, such as 27 November 2026, as the others are written."""
    try:
        return datetime.strptime(text, "%d %B %Y").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return text


def _add(rates: dict[str, ByDay], cells: Cells, name: str, row: int) -> list[Finding]:
    currency, day, rate = (cells[column] for column in COLUMNS)
    if not is_currency(currency):
        return [Finding(MALFORMED, "currency", f"{currency!r} is not a currency", name, row, "a code of ISO 4217")]
    if not RATE.fullmatch(rate) or not Fraction(rate):
        return [Finding(MALFORMED, "rate", f"{rate!r} is not a rate", name, row, "units for one euro, such as 7.8521")]
    try:
        rates.setdefault(currency, {})[date.fromisoformat(day)] = Fraction(rate)
    except ValueError:
        return [Finding(MALFORMED, "day", f"{day!r} is not a day", name, row, "write it like 2026-03-31")]
    return []


def write_text(rates: Mapping[str, Mapping[date, Fraction]]) -> str:
    """The rates as a file of one's own."""
    rows = (
        f"{code},{day},{to_decimal(rate)}"
        for code, by_day in sorted(rates.items())
        for day, rate in sorted(by_day.items())
    )
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def to_decimal(rate: Fraction) -> str:
    """A rate as it was written: rates that are read are decimals, so this is exact."""
    whole, part = divmod(rate, 1)
    return f"{whole}.{int(part * 10**15):015d}".rstrip("0").rstrip(".")
