"""What customs decide, as events and reasons that are known."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.reference.customs_decision import get_decision, list_decisions
from entrepost.reference.event_code import find_event_code
from entrepost.reference.reason import find_reason


def test_every_decision_leads_to_an_event_and_a_reason_that_are_known() -> None:
    for decision in list_decisions():
        assert not decision.event or find_event_code(decision.event), decision
        assert not decision.because or find_reason(decision.because), decision


def test_a_hold_is_not_the_last_word_and_a_release_is() -> None:
    assert not get_decision("HOLD_INFO").final
    assert get_decision("RELEASE_DUTIABLE").final
    with pytest.raises(MissingRowError, match="'MAYBE' is not a decision of customs"):
        get_decision("MAYBE")
