"""Messages about an assessment."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.reference.referral_message import get_referral_message, list_referral_messages


def test_a_message_is_known_by_its_name_and_its_place() -> None:
    assert [each.index for each in list_referral_messages()] == list(range(9))
    assert get_referral_message("DNL").ics2 == "IE3Q01"
    with pytest.raises(MissingRowError, match="'OK' is not a referral message"):
        get_referral_message("OK")
