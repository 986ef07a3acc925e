"""`/v1/plans`: begun, told, ended, and what came of them."""

from __future__ import annotations

from pathlib import Path

from entrepost.network.feed import write_network
from tests.api.planned import QUICK, make_plan, wait_for
from tests.api.world import World, world_at
from tests.operations.plans import lamp_store, market
from tests.operations.shop import lamp


def test_a_plan_tells_today_and_planned_its_curve_and_its_rules(planned: World) -> None:
    told = planned.ask("GET", f"/v1/plans/{planned.names['plan']}").json()
    assert (told["state"], told["title"], told["warehouses"]) == ("done", "Slow", 0)
    result = told["result"]
    assert result["planned"]["cost_item_minor"] < result["today"]["cost_item_minor"] * 3 / 4
    assert result["planned"]["wait_days"] > result["today"]["wait_days"]
    assert {"wait_days", "cost_item_minor", "opened"} <= set(result["pareto"][0])
    assert result["segments"]["rules"][0]["words"] == "everything"
    listed = planned.ask("GET", "/v1/plans", params={"limit": 1}).json()
    assert listed["next_cursor"]
    assert told["asked"]["budget"] > 0


def test_its_report_is_a_page_whose_scripts_reach_nothing(planned: World) -> None:
    answer = planned.ask("GET", f"/v1/plans/{planned.names['plan']}/report")
    assert "What to change so that customers wait less" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]


def test_another_account_sees_none_of_it(planned: World) -> None:
    plan = planned.names["plan"]
    assert planned.ask("GET", "/v1/plans", "other").json()["data"] == []
    for method, path in (("GET", ""), ("GET", "/report"), ("POST", "/cancel"), ("DELETE", "")):
        assert planned.ask(method, f"/v1/plans/{plan}{path}", "other").status_code == 404


def test_orders_may_be_sent_for_a_plan_alone(planned: World) -> None:
    rows = [lamp() | {"order_id": f"p{number}"} for number in range(6)]
    sent = planned.ask(
        "POST", "/v1/plans/orders", json={"orders": [*rows, rows[0] | {"order_id": "x", "weight_g": "?"}]}
    )
    assert sent.status_code == 201, sent.text
    assert (sent.json()["orders"], len(sent.json()["rows"])) == (6, 1)
    done = make_plan(planned, file=sent.json()["file"], points=0)
    assert done["title"] == "Plan from 6 orders"
    assert planned.ask("POST", "/v1/plans", "other", json={"file": sent.json()["file"]}).status_code == 422
    gone = planned.ask("DELETE", f"/v1/plans/{done['plan']}")
    assert gone.status_code == 200
    assert planned.ask("GET", f"/v1/plans/{done['plan']}").status_code == 404


def test_what_makes_no_sense_is_refused(planned: World) -> None:
    for wrong in ({"days_max": 5, "budget": 1}, {"seconds": 0}, {"side": "x"}, {"file": "../a"}):
        assert planned.ask("POST", "/v1/plans", json=wrong).status_code == 422, wrong
    failed = make_plan(planned, days_max=0.01)
    assert (failed["state"], failed["result"]["status"]) == ("failed", "infeasible")
    assert "cannot be reached" in failed["message"]


def test_a_plan_that_waits_when_the_server_stops_is_made_by_the_next_one(tmp_path: Path) -> None:
    place = str(tmp_path / "shop.db")
    write_network(market(), tmp_path / "market")
    with world_at(place, tmp_path, network=tmp_path / "market") as world:
        planner = world.client.app.state.planner  # type: ignore[attr-defined]
        planner.stop()
        lamp_store(tmp_path, world.store)
        begun = world.ask("POST", "/v1/plans", json=QUICK | {"points": 0}).json()
        assert world.ask("GET", f"/v1/plans/{begun['plan']}").json()["state"] == "waiting"
        ended = world.ask("POST", "/v1/plans", json=QUICK).json()
        assert world.ask("POST", f"/v1/plans/{ended['plan']}/cancel").json()["state"] == "cancelled"
        key = world.keys["main"]
    with world_at(place, tmp_path, fill=False, network=tmp_path / "market") as again:
        again.keys["main"] = key
        assert wait_for(again, f"/v1/plans/{begun['plan']}", "done")["result"]["planned"]["warehouses"] == 1
