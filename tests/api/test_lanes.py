"""`/v1/lanes`: where the days of an account are lost."""

from __future__ import annotations

import pytest

from tests.api.world import World


def test_lanes_of_the_same_account_tell_where_its_days_go(silent: World) -> None:
    page = silent.ask("GET", "/v1/lanes").json()
    (lane,) = page["data"]
    assert (lane["code"], lane["lane"]) == ("CNSHAA-DE", "Shanghai to Germany")
    assert 0 < lane["kept"] <= 1
    told = silent.ask("GET", "/v1/lanes/CNSHAA-DE").json()
    assert sum(step["days"] for step in told["steps"]) == pytest.approx(told["wait_days"])
    assert sum(week["orders"] for week in told["weeks"]) == told["orders"] == page["orders"]
    assert {row["place"] for row in told["drift"]} >= {"CNSHAA", "DEFRAA"}
    assert silent.ask("GET", "/v1/lanes", "other").json()["data"] == []
    assert silent.ask("GET", "/v1/lanes/CNSHAA-DE", "other").status_code == 404
