"""`/v1/segments`: activated, the quotes of the account obey them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entrepost.network.feed import write_network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.keys import make_key
from entrepost.service.rule_file import load_rules
from tests.api.planned import make_plan
from tests.api.world import World, world_at
from tests.operations.plans import lamp_store, market
from tests.operations.shop import lamp


def quoted(world: World, key: str = "main", **wanted: Any) -> Any:
    (told,) = world.ask("POST", "/v1/quotes", key, json={"orders": [lamp()], **wanted}).json()["data"]
    return told


def test_activated_quotes_obey_them_until_they_are_ended(planned: World) -> None:
    path = f"/v1/segments/{planned.names['plan']}"
    assert quoted(planned)["service"] == "PACKET"
    active = planned.ask("POST", f"{path}/activate").json()
    assert active["is_active"]
    obeyed = quoted(planned)
    assert obeyed["service"] == "SLOW"
    assert obeyed["explanation"].startswith("By the rule 'everything: by the mail that costs least")
    assert quoted(planned, policy="balanced")["service"] == "PACKET", "who names a policy is asked no rules"
    assert quoted(planned, "other")["service"] == "PACKET"
    assert not planned.ask("POST", f"{path}/deactivate").json()["is_active"]
    assert quoted(planned)["service"] == "PACKET"
    assert planned.ask("POST", f"{path}/deactivate").status_code == 422


def test_they_are_told_rule_by_rule_and_exported_as_a_file_that_choose_obeys(planned: World, tmp_path: Path) -> None:
    path = f"/v1/segments/{planned.names['plan']}"
    told = planned.ask("GET", path).json()
    (rule,) = told["rules"]
    assert (rule["words"], rule["stocked"], rule["cells"], rule["share"]) == ("everything", False, 1, 1.0)
    answer = planned.ask("GET", f"{path}/export")
    assert answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    assert load_rules(tmp_path / "rules.toml")[0][0].services == ("PACKET", "SLOW")
    listed = planned.ask("GET", "/v1/segments").json()["data"]
    assert planned.names["plan"] in [each["segments"] for each in listed]


def test_another_account_can_neither_see_nor_activate_them(planned: World) -> None:
    path = f"/v1/segments/{planned.names['plan']}"
    for method, more in (("GET", ""), ("GET", "/export"), ("POST", "/activate"), ("POST", "/deactivate")):
        assert planned.ask(method, f"{path}{more}", "other").status_code == 404
    assert planned.ask("GET", "/v1/segments", "other").json()["data"] == []


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server whose warehouse is closed, and a plan that opens it; `plan` is its name."""
    folder = tmp_path_factory.mktemp("stocked")
    write_network(market(), folder / "market")
    with world_at(str(folder / "shop.db"), folder, fill=False, network=folder / "market") as made:
        for tenant in ("main", "other"):
            made.keys[tenant] = make_key(made.store, Caller(tenant, "terminal", frozenset(SCOPES)), tenant, ["*"])[1]
        lamp_store(folder, made.store)
        made.names["plan"] = make_plan(made, title="Near", forced=["DEFRAW"], points=0)["plan"]
        yield made


def test_activated_its_warehouses_serve_until_it_is_ended(stocked: World) -> None:
    path = f"/v1/segments/{stocked.names['plan']}"
    assert quoted(stocked)["route"] == "CNSHAA>DEFRAA"
    told = stocked.ask("POST", f"{path}/activate").json()
    assert (told["is_open"], told["warehouses"]) == (True, ["DEFRAW"])
    near = quoted(stocked)
    assert (near["service"], near["route"], near["charge_minor"]) == ("LOCAL", "DEFRAW", 2000)
    assert near["wait_hours_p90"] < 48
    assert quoted(stocked, policy="fastest")["route"] == "DEFRAW", "the network holds for who names a policy too"
    assert quoted(stocked, "other")["route"] == "CNSHAA>DEFRAA"
    shelves = stocked.ask("GET", "/v1/networks/current/warehouses").json()["data"]
    assert [each["open"] for each in shelves] == [True]
    event = {"item_id": "CX000000014DE", "code": "EMG", "time": "2026-01-05T12:00:00+01:00", "facility": "DEFRAW"}
    taken = stocked.ask("POST", "/v1/events", json={"events": [event]}).json()
    assert not [each for each in taken["rows"] if each["field"] == "facility"], "its scans are known places"
    assert not stocked.ask("POST", f"{path}/deactivate").json()["is_open"]
    assert quoted(stocked)["route"] == "CNSHAA>DEFRAA"
    told = stocked.ask("POST", f"{path}/activate", params={"warehouses": False}).json()
    assert (told["is_active"], told["is_open"]) == (True, False)
    assert quoted(stocked)["route"] == "CNSHAA>DEFRAA"
