"""The nomenclature of the Harmonized System that a user added: texts by code and vintage, and how vintages correspond.

The World Customs Organization revises it every five years (2012, 2017, 2022); a code may mean other articles after.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding
from entrepost.reference.official_file import added_paths, keep_rows, malformed, read_added, read_rows, to_code

KIND = "hs"
CORRELATION = "hs-correlation"
COLUMNS = ("vintage", "hs_code", "description")
CORRELATION_COLUMNS = ("vintage_from", "vintage_to", "hs_from", "hs_to")
VINTAGES = ("1992", "1996", "2002", "2007", "2012", "2017", "2022")
CODES = ("hscode", "hs_code", "Notation", "code")
TEXTS = ("description", "Description")
CODE_FIX = "write 2 to 10 digits"


def add_nomenclature(path: str | Path, vintage: str = "") -> tuple[int, list[Finding]]:
    """Add the codes of a nomenclature, with their texts where the file has any.

    Parameters
    ----------
    path : str or Path
        CSV with a code (`hscode`, `hs_code`, `Notation`, or `hs6_2022`, which names the vintage) and a `description`.
    vintage : str
        The year of the edition, where neither a column nor the file's name tells it.
    """
    rows = read_rows(path, ())
    names = list(rows[0][1]) if rows else []
    column = next((name for name in names if name in CODES or re.fullmatch(r"hs6_[0-9]{4}", name)), "")
    if not column:
        raise MisuseError(f"{path} has no column of codes; it needs one of {', '.join(CODES)}")
    told = _vintages(column) or _vintages(Path(path).name)
    year = _checked(vintage or (told[0] if told else "2022"))
    text = next((name for name in names if name in TEXTS), "")
    kept: dict[str, str] = {}
    findings: list[Finding] = []
    for number, cells in rows:
        try:
            kept.setdefault(to_code(cells[column]), cells.get(text, ""))
        except ValueError as error:  # a section or the whole is named in letters, which is no code
            if not re.fullmatch("[A-Z]+", cells[column]):
                findings.append(malformed(error, column, Path(path).name, number, CODE_FIX))
    return keep_rows(KIND, COLUMNS, ((year, code, words) for code, words in kept.items())), findings


def add_correlation(path: str | Path, vintage_from: str = "", vintage_to: str = "") -> tuple[int, list[Finding]]:
    """Add how the codes of one vintage become those of another: CSV with `hs6_from` and `hs6_to`.

    The vintages are told by the file's name, such as `correl_hs6_2022_to_2012.csv`, or given.
    """
    told = _vintages(Path(path).name)
    if not (vintage_from and vintage_to) and len(told) != 2:
        raise MisuseError(f"{path}: name the file such as hs6_2022_to_2012.csv, so that its vintages are known")
    years = (_checked(vintage_from or told[0]), _checked(vintage_to or told[1]))
    kept: list[tuple[str, str, str, str]] = []
    findings: list[Finding] = []
    for number, cells in read_rows(path, ("hs6_from", "hs6_to")):
        try:
            kept.append((*years, to_code(cells["hs6_from"]), to_code(cells["hs6_to"])))
        except ValueError as error:
            findings.append(malformed(error, "hs6_from, hs6_to", Path(path).name, number, CODE_FIX))
    return keep_rows(CORRELATION, CORRELATION_COLUMNS, kept), findings


def known_nomenclature(vintage: str = "") -> dict[str, str]:
    """The texts by code of a vintage (none named: the newest that was added); empty where none was."""
    by_vintage = _read_texts(added_paths(KIND))
    return by_vintage.get(vintage or max(by_vintage, default=""), {})


def list_vintages() -> list[str]:
    """The vintages of which codes were added, the oldest first."""
    return sorted(_read_texts(added_paths(KIND)))


def correlate(code: str, vintage_from: str, vintage_to: str) -> list[str]:
    """The six-digit codes of another vintage that an article of a code may have; empty where it is not known."""
    return list(_read_correlations(added_paths(CORRELATION)).get((vintage_from, vintage_to, code[:6]), ()))


def _vintages(text: str) -> list[str]:
    return [year for year in re.findall("[0-9]{4}", text) if year in VINTAGES]


def _checked(vintage: str) -> str:
    if vintage not in VINTAGES:
        raise MisuseError(f"{vintage!r} is not a vintage of the Harmonized System; use one of {', '.join(VINTAGES)}")
    return vintage


@lru_cache(maxsize=4)
def _read_texts(paths: tuple[Path, ...]) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for path in paths:
        for cells in read_added(path):
            held = texts.setdefault(cells["vintage"], {})
            held[cells["hs_code"]] = cells["description"] or held.get(cells["hs_code"], "")
    return texts


@lru_cache(maxsize=4)
def _read_correlations(paths: tuple[Path, ...]) -> dict[tuple[str, str, str], dict[str, None]]:
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for path in paths:
        for cells in read_added(path):
            key = (cells["vintage_from"], cells["vintage_to"], cells["hs_from"])
            found.setdefault(key, {})[cells["hs_to"]] = None
    return found
