"""Parameters of landed cost are words that are known."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.customs.params import LandedCostParams


def test_an_unknown_word_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(MisuseError, match="flat, tariff, unknown"):
        LandedCostParams(without_ioss="never")
    with pytest.raises(MisuseError, match="ad_valorem, specific"):
        LandedCostParams(us_method="none")
    with pytest.raises(MisuseError, match="'ZZZ'"):
        LandedCostParams(currency="ZZZ")
