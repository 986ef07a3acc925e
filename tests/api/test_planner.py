"""Plans are made in a process of their own, which ends when it is told to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.network.feed import write_network
from entrepost.operations.desk_records import PlanRun
from tests.api.planned import make_plan, wait_for
from tests.api.world import PARAMS, world_at
from tests.operations.plans import lamp_store, market

APART = replace(PARAMS, plans_apart=True)


def test_a_plan_is_made_in_a_process_of_its_own_and_a_stop_leaves_it_for_later(tmp_path: Path) -> None:
    write_network(market(), tmp_path / "market")
    with world_at(str(tmp_path / "shop.db"), tmp_path, APART, network=tmp_path / "market") as world:
        lamp_store(tmp_path, world.store)
        done = make_plan(world, points=0, rules=0)
        assert (done["state"], done["result"]["planned"]["warehouses"]) == ("done", 1), done["message"]
        begun = world.ask("POST", "/v1/plans", json={"points": 0}).json()["plan"]
        wait_for(world, f"/v1/plans/{begun}", "running", "done")
        world.client.app.state.planner.stop()  # type: ignore[attr-defined]
        left = world.store.records.find(PlanRun, "main", begun)
        assert left is not None
        assert left.state in ("running", "done")


@pytest.mark.parametrize("wrong", [{"forced": ["NOWHERE"]}])
def test_what_cannot_be_planned_fails_in_words(tmp_path: Path, wrong: dict[str, list[str]]) -> None:
    write_network(market(), tmp_path / "market")
    with world_at(str(tmp_path / "shop.db"), tmp_path, network=tmp_path / "market") as world:
        failed = make_plan(world, **wrong)
        assert (failed["state"], failed["result"]) == ("failed", None)
        assert "there is no warehouse 'NOWHERE'" in failed["message"]
