"""What carriers report has words, and two of them prove who has the mail."""

from __future__ import annotations

from entrepost.reference.carriage_status import find_carriage_status, list_carriage_statuses


def test_only_taking_over_and_delivery_are_points_of_custody() -> None:
    assert [each.status for each in list_carriage_statuses() if each.custody] == ["received", "delivered"]


def test_an_unknown_status_is_not_found() -> None:
    assert find_carriage_status("eaten") is None
