"""Terms of planning hold from a day on, and may be replaced by one's own."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.base.errors import MisuseError
from entrepost.reference.planning_term import planning_terms
from entrepost.reference.table import read_dated

DAY = date(2026, 5, 11)


def test_the_terms_of_a_day_are_those_of_the_table() -> None:
    assert planning_terms(DAY).export_rebate == 0.13


def test_own_terms_go_before_the_tables() -> None:
    assert planning_terms(DAY, {"capital_rate_year": 0.2}).capital_rate_year == 0.2


def test_a_term_that_nobody_knows_is_refused() -> None:
    with pytest.raises(MisuseError, match="no term 'interest'"):
        planning_terms(DAY, {"interest": 0.2})


def test_every_term_has_a_source_or_is_called_assumed() -> None:
    assert {row["source"] for row in read_dated("planning_terms", "term").rows()} == {"assumed"}
