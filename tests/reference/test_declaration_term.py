"""Figures that checks go by."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.reference.declaration_term import declaration_term


def test_a_term_is_a_figure_of_a_day() -> None:
    assert declaration_term("identifier_reuse", date(2026, 6, 1)) == 12
    with pytest.raises(MissingRowError, match="no row for term 'patience'"):
        declaration_term("patience")
