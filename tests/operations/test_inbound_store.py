"""How a posting is named."""

from __future__ import annotations

from datetime import timedelta

from entrepost.operations.inbound_store import name_posting
from tests.operations.shop import LAMP_NO, POSTED


def test_a_number_that_is_given_again_has_a_posting_of_another_name() -> None:
    assert name_posting(LAMP_NO, POSTED) == "LX000000005CN 2026-01-05"
    assert name_posting(LAMP_NO, POSTED + timedelta(days=400)) == "LX000000005CN 2027-02-09"
