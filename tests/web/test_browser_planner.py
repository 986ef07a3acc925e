"""A planner in a browser: makes a plan, activates its rules, and a quote obeys them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from entrepost.network.feed import write_network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.keys import make_key
from entrepost.web.desk import Desk
from entrepost.web.forecasts import Forecasts
from entrepost.web.tower import open_tower
from tests.api.world import World, world_at
from tests.operations.office import PASSWORD, SIGN_IN, join
from tests.operations.plans import lamp_store, two_ways
from tests.operations.shop import lamp
from tests.web.inside import PIA
from tests.web.shop import Counter
from tests.web.test_browser import browser_at, served

SECONDS = 300_000
"""In milliseconds: a busy machine takes its time."""


@pytest.fixture
def market(tmp_path: Path) -> Iterator[World]:
    """A whole server on lamps: API, tower, and who makes plans."""
    write_network(two_ways(), tmp_path / "ways")
    with world_at(str(tmp_path / "shop.db"), tmp_path, fill=False, network=tmp_path / "ways") as world:
        join(world.store, PIA, "planner")
        main = Caller("main", "terminal", frozenset(SCOPES))
        world.keys["main"] = make_key(world.store, main, "main", ["*"])[1]
        lamp_store(tmp_path, world.store)
        app: Any = world.client.app
        house = app.state.house
        desk = Desk(
            world.store,
            lambda: house.network,
            lambda: house.surroundings,
            Forecasts(world.store, lambda: house.network),
            house.uploads,
            house.wake,
            Counter(),
            sign_in=SIGN_IN,
            wake_planner=house.planner_awake.set,
        )
        open_tower(app, desk)
        yield world


def quoted(world: World) -> tuple[str, str]:
    (told,) = world.ask("POST", "/v1/quotes", json={"orders": [lamp()]}).json()["data"]
    return told["service"], told["explanation"]


@pytest.mark.server
def test_a_plan_is_made_and_activated_and_a_quote_obeys_it(
    market: World, require_server: Callable[[str], Path]
) -> None:
    assert quoted(market)[0] == "PACKET"
    app: Any = market.client.app
    with served(app) as address, browser_at(require_server("chromium")) as browser:
        page = browser.new_page()
        page.set_default_timeout(SECONDS)
        page.goto(f"{address}/planner")
        page.get_by_label("E-mail").fill(PIA)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Name").fill("Cheaper")
        page.get_by_label("What it shall reach").select_option("budget")
        page.get_by_label("How many days").fill("27000")
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Activate").click()
        assert page.get_by_text("quotes obey them").is_visible()
        assert page.get_by_role("heading", level=1).inner_text() == "Cheaper"
        assert page.locator("#pareto svg").count() == 1, "the curve is drawn by the browser"
    service, why = quoted(market)
    assert service == "SLOW"
    assert why.startswith("By the rule 'everything: by the mail that costs least")
