from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.exceptions_params import ExceptionParams


def test_the_defaults_make_sense() -> None:
    assert ExceptionParams().false_share == 0.1


@pytest.mark.parametrize(
    "cells",
    [
        {"false_share": 0.0},
        {"false_share": 1.0},
        {"helped_item": 1.5},
        {"patience_days": -1.0},
        {"trouble_per_million": 2_000_000},
        {"drift_days": 0},
        {"together_least": 0},
        {"drift_tolerated": 0.9},
    ],
)
def test_settings_that_make_no_sense_are_refused(cells: dict[str, float]) -> None:
    with pytest.raises(MisuseError, match=next(iter(cells))):
        ExceptionParams(**cells)  # type: ignore[arg-type]
