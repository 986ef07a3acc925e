"""`/v1/reconciliation`: what is open between operators."""

from __future__ import annotations

from datetime import timedelta

from tests.api.world import World
from tests.operations.dispatching.others import announced, told
from tests.operations.shop import LAMP_NO, MUG_NO, NOW


def test_what_is_open_is_counted_and_told_with_whom_to_ask(world: World) -> None:
    told(world.store, announced(7, closed_at=NOW - timedelta(days=12)))
    found = world.ask("GET", "/v1/reconciliation").json()
    assert found["counts"]["dispatch_unanswered"] == 1
    dispatch, *items = [each for each in found["data"] if each["within"] == "CNSHAADEFRAAAUN60007"]
    assert (dispatch["subject"], dispatch["ask"]) == ("CNSHAADEFRAAAUN60007", "DEFRAA")
    assert [each["subject"] for each in items] == [LAMP_NO, MUG_NO]
    few = world.ask("GET", "/v1/reconciliation?code=item_without_advance_data&limit=1").json()
    assert {each["code"] for each in few["data"]} == {"item_without_advance_data"}
    assert len(few["data"]) == 1
    assert world.ask("GET", "/v1/reconciliation", "other").json() == {"counts": {}, "data": []}
