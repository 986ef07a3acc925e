"""A reason has a class, which decides what follows."""

from __future__ import annotations

from entrepost.reference.reason import ReasonClass, find_reason, list_reasons, reason_class_of


def test_who_has_not_paid_yet_is_the_addressee() -> None:
    found = find_reason("AWAITING_PAYMENT")
    assert found is not None
    assert found.reason_class == reason_class_of("AWAITING_PAYMENT") == ReasonClass.ADDRESSEE


def test_a_reason_that_is_not_known_has_no_class() -> None:
    assert find_reason("NOBODY_KNOWS") is None
    assert reason_class_of("") == reason_class_of("NOBODY_KNOWS") == ReasonClass.NONE


def test_every_class_has_a_reason_and_every_reason_a_kind() -> None:
    assert {reason.reason_class for reason in list_reasons()} == set(ReasonClass) - {ReasonClass.NONE}
    kinds = {reason.kind for reason in list_reasons()}
    assert kinds == {"retention", "non_delivery", "measure", "termination"}
