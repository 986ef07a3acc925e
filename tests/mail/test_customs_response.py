"""A response of customs has a decision that is known, and its instant a zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrepost.base.errors import EntrepostError
from entrepost.mail.customs_response import CustomsResponse

UNPLACED = datetime(2026, 1, 1)  # noqa: DTZ001 - without a zone is the point


@pytest.mark.parametrize(("decision", "instant"), [("105", datetime(2026, 1, 1, tzinfo=UTC)), ("ACK", UNPLACED)])
def test_what_cannot_be_is_refused(decision: str, instant: datetime) -> None:
    with pytest.raises(EntrepostError):
        CustomsResponse("LX261122017NL", decision, instant)
