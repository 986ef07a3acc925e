from __future__ import annotations

import pytest

from entrepost.documents.theme import colour, named, thresholds


def test_thresholds_are_whole_days_that_rise() -> None:
    assert thresholds([3.2, 5.1, 9.0, 30.0], [1, 1, 1, 1]) == [3, 5, 9, 30]
    assert thresholds([], []) == [7.0]
    assert thresholds([0.2], [1]) == [1.0]


def test_an_unknown_colour_is_refused() -> None:
    with pytest.raises(KeyError):
        colour("mauve")


def test_a_picture_names_its_data() -> None:
    assert named("rows").mark_bar().to_dict()["data"] == {"name": "rows"}
