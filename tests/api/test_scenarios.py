"""`/v1/scenarios`: a plan in other worlds."""

from __future__ import annotations

from tests.api.planned import wait_for
from tests.api.world import World


def test_a_plan_is_looked_at_in_other_worlds(planned: World) -> None:
    begun = planned.ask("POST", "/v1/scenarios", json={"plan": planned.names["plan"], "title": "What if"})
    assert begun.status_code == 202, begun.text
    path = f"/v1/scenarios/{begun.json()['scenario']}"
    done = wait_for(planned, path, "done", "failed")
    assert (done["state"], done["plan"], done["title"]) == ("done", planned.names["plan"], "What if")
    assert len(done["sensitivity"]) == 8
    assert done["robust"][0]["warehouses"] == 0
    assert planned.ask("GET", path, "other").status_code == 404
    assert planned.ask("POST", f"{path}/cancel").json()["state"] == "done"
    assert [each["scenario"] for each in planned.ask("GET", "/v1/scenarios").json()["data"]] == [done["scenario"]]


def test_another_accounts_plan_is_not_there(planned: World) -> None:
    assert planned.ask("POST", "/v1/scenarios", "other", json={"plan": planned.names["plan"]}).status_code == 404
