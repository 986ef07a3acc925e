"""Figures that checks of a declaration go by, each dated and with its source."""

from __future__ import annotations

from datetime import date

from entrepost.reference.table import read_dated


def declaration_term(term: str, day: date | None = None) -> int:
    """The figure on a day (no day: the latest); raises `MissingRowError` where there is none."""
    return int(read_dated("declaration_terms", "term").at(term, day)["value"])
