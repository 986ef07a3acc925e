"""What official files say about articles by code: nomenclatures and tariffs as users download them, read for words.

Any CSV with a code and a text is one: the Harmonized System, the US tariff, the UK's, the EU's Combined Nomenclature.
Texts of all files that were added are kept beside one another; the duty that a tariff names is read elsewhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from entrepost.base.errors import MissingRowError, UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.reference.added import list_added
from entrepost.reference.official_file import keep_rows
from entrepost.reference.sanctions import decode

KIND = "hs-texts"
CODES = ("hscode", "hs_code", "Notation", "hts8", "commodity", "code")
TEXTS = ("description", "Description", "brief_description", "text", "Label")
COLUMNS = ("code", "text")
CODE = re.compile(r"[0-9]{2}|[0-9]{4,10}")
SECTION = re.compile(r"[IVX]+|TOTAL|[0-9]{11}|")
"""What stands in the column of codes where a file tells of sections, or of groups that have no code."""
MALFORMED = finding_code("hs_text_malformed", "A row of a file of official texts has no code of 2 to 10 digits.")
Texts = tuple[tuple[str, str], ...]


def known_texts() -> Texts:
    """Code and text of everything that was added; raises `MissingRowError` where nothing was."""
    paths = tuple(list_added(KIND))
    if not paths:
        raise MissingRowError(f"there are no official texts to compare with: entrepost reference add {KIND} FILE")
    return _read_kept(paths)


def add_texts(path: str | Path) -> tuple[int, list[Finding]]:
    """Add the texts of a file; how many, and the findings of the rows without a code."""
    texts, findings = read_texts(path)
    return keep_rows(KIND, COLUMNS, texts), findings


@lru_cache(maxsize=4)
def _read_kept(paths: tuple[Path, ...]) -> Texts:
    rows = [tuple(row) for path in paths for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8")))]
    return tuple((code, text) for code, text in rows if code != COLUMNS[0])


def read_texts(path: str | Path) -> tuple[Texts, list[Finding]]:
    """Read a CSV file with a column of codes and one of texts, plain or gzipped.

    A code that lost its leading zero gets it back; rows of sections and rows without a text are left out.

    Raises
    ------
    UnreadableInputError
        Where the file cannot be read as a whole, or has no such columns.
    """
    name = Path(path).name
    reader = csv.DictReader(io.StringIO(decode(Path(path)), newline=""), strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}; give CSV with a header") from None
    columns = reader.fieldnames or ()
    code = next((column for column in CODES if column in columns), None)
    text = next((column for column in TEXTS if column in columns), None)
    if code is None or text is None:
        raise UnreadableInputError(f"{path} needs a column of codes ({', '.join(CODES)}) and one of texts")
    findings: list[Finding] = []
    return tuple(_read(rows, (code, text), name, findings)), findings


def _read(
    rows: list[tuple[int, dict[str, str]]], columns: tuple[str, str], name: str, findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    for number, cells in rows:
        code, text = ((cells[column] or "").strip() for column in columns)
        digits = re.sub(r"[\s.]", "", code)
        digits = digits if len(digits) % 2 == 0 else digits.zfill(len(digits) + 1)
        if CODE.fullmatch(digits):
            if text:
                yield digits, " ".join(text.replace("\0", "").split())
        elif not SECTION.fullmatch(code):
            fix = "write 2, 4, 6, 8 or 10 digits"
            findings.append(Finding(MALFORMED, columns[0], f"{code!r} is not a code", name, number, fix))
