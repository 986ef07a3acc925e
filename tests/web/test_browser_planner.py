"""In a browser: a plan is made and activated and a quote obeys it; an exception is closed; axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from entrepost.network.feed import write_network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.forecasts import Forecasts
from entrepost.operations.keys import make_key
from entrepost.web.desk import Desk
from entrepost.web.tower import open_tower
from tests.api.world import World, world_at
from tests.operations.office import PASSWORD, SIGN_IN, join
from tests.operations.plans import lamp_store, two_ways
from tests.operations.shop import lamp
from tests.web.inside import CARL, PIA, Tower
from tests.web.shop import Counter
from tests.web.test_browser import browser_at, served
from tests.web.test_tower_browser import look

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


def faults(page: Any, *addresses: str) -> list[str]:
    """What axe finds on pages."""
    from axe_playwright_python.sync_playwright import Axe

    return [fault for address in addresses for found in look(page, Axe(), address).values() for fault in found]


def enter(page: Any, address: str, email: str) -> None:
    page.set_default_timeout(SECONDS)
    page.goto(address)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


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
        enter(page, f"{address}/planner", PIA)
        page.get_by_label("Name").fill("Cheaper")
        page.get_by_label("What it shall reach").select_option("budget")
        page.get_by_label("How many days").fill("27000")
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Activate").click()
        page.get_by_text("quotes obey them").wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == "Cheaper"
        page.locator("#pareto svg").first.wait_for()
        assert faults(page, page.url, f"{address}/planner", f"{address}/network") == []
        page.set_viewport_size({"width": 320, "height": 700})
        page.goto(page.url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, "nothing has to be moved sideways"
    service, why = quoted(market)
    assert service == "SLOW"
    assert why.startswith("By the rule 'everything: by the mail that costs least")


@pytest.mark.server
def test_a_clerk_closes_an_exception_by_keyboard_and_axe_finds_nothing(
    silent: Tower, require_server: Callable[[str], Path]
) -> None:
    with served(silent.app) as address, browser_at(require_server("chromium")) as browser:
        page = browser.new_page(color_scheme="dark")
        enter(page, f"{address}/exceptions", CARL)
        page.locator("#exceptions a").first.focus()
        page.keyboard.press("Enter")
        page.get_by_label("Close it, because it is").select_option("known")
        one = page.url
        page.get_by_role("button", name="Close", exact=True).press("Enter")
        page.get_by_text("Closed: known.").wait_for()
        for path in (one, f"{address}/lanes/CNSHAA-DE", f"{address}/exceptions"):
            page.set_viewport_size({"width": 320, "height": 700})
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.set_viewport_size({"width": 1280, "height": 700})
        assert faults(page, one, f"{address}/exceptions?view=closed", f"{address}/lanes/CNSHAA-DE") == []
        page.goto(one)
        page.get_by_role("button", name="Open again").click()
        page.get_by_text("Opened again.").wait_for()
