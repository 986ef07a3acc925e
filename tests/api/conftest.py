"""One server for all tests that only ask; who changes much makes a world of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from entrepost.network.feed import write_network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.keys import make_key
from tests.api.planned import make_plan
from tests.api.world import PARAMS, World, world_at
from tests.operations.office import ANNA, join, wait
from tests.operations.plans import lamp_store, two_ways
from tests.operations.shop import NOW as SHOP_NOW
from tests.operations.silent import NETWORK, NOW, lose_some


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server on a SQLite file."""
    folder = tmp_path_factory.mktemp("world")
    with world_at(str(folder / "shop.db"), folder) as made:
        yield made


LASTING = replace(PARAMS, fresh_seconds=3_600)
"""Nothing happens to the items meanwhile."""


@pytest.fixture(scope="session")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server whose account has lost some items of a departure."""
    folder = tmp_path_factory.mktemp("silent")
    write_network(NETWORK, folder / "uncertain")
    with world_at(str(folder / "shop.db"), folder, LASTING, fill=False, network=folder / "uncertain") as made:
        join(made.store, ANNA, "admin")
        for tenant in ("main", "other"):
            made.keys[tenant] = make_key(made.store, Caller(tenant, "terminal", frozenset(SCOPES)), tenant, ["*"])[1]
        made.names["lost"] = " ".join(lose_some(made.store, folder))
        wait(made.store, seconds=(NOW - SHOP_NOW).total_seconds())
        yield made


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server of the network `two_ways` on lamps; `plan` is the name of one for three quarters of today's money."""
    folder = tmp_path_factory.mktemp("planned")
    write_network(two_ways(), folder / "ways")
    with world_at(str(folder / "shop.db"), folder, fill=False, network=folder / "ways") as made:
        for tenant in ("main", "other"):
            made.keys[tenant] = make_key(made.store, Caller(tenant, "terminal", frozenset(SCOPES)), tenant, ["*"])[1]
        lamp_store(folder, made.store)
        today = make_plan(made, title="As it is", rules=0, points=0)["result"]["today"]
        made.names["plan"] = make_plan(made, title="Slow", budget=today["cost_year_minor"] / 100 * 0.75)["plan"]
        yield made
