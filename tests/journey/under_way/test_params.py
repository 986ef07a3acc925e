"""What is believed of scans where nobody said it, and how it is refused."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.journey.under_way.params import EtaParams, Scanning


def test_a_place_without_figures_has_those_of_the_parameters() -> None:
    scanning = Scanning(EtaParams(), {("DEFRAA", "EMD"): 0.3}, {"DEFRAA": 2.0})
    assert scanning.find_unscanned("DEFRAA", "EMD") == 0.3
    assert scanning.find_unscanned("DEFRAA", "EDB") == 0.05
    assert scanning.find_unscanned("DEFRAA", "EMI") == 0.001, "the scan that ends the wait is hardly ever missed"
    assert (scanning.find_report_hours("DEFRAA"), scanning.find_report_hours("CNSHAA")) == (2.0, 6.0)


@pytest.mark.parametrize(
    "wrong", [{"unscanned_per_million": 0}, {"report_hours": -1.0}, {"faith": 0}, {"lookback_days": 3}]
)
def test_figures_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(MisuseError):
        EtaParams(**wrong)  # type: ignore[arg-type]
