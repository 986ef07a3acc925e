"""A note about an assessment has a message that is known, and its instant a zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrepost.base.errors import EntrepostError
from entrepost.mail.referral import ReferralNote

UNPLACED = datetime(2026, 1, 1)  # noqa: DTZ001 - without a zone is the point


@pytest.mark.parametrize(("message", "instant"), [("MAYBE", datetime(2026, 1, 1, tzinfo=UTC)), ("RFI", UNPLACED)])
def test_what_cannot_be_is_refused(message: str, instant: datetime) -> None:
    with pytest.raises(EntrepostError):
        ReferralNote("LX261122017NL", message, instant)
