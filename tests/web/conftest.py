"""One shop with its pages for all tests that only look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from entrepost.operations.plan_course import read_facts
from tests.web.desks import make_next, planning_tower, silent_tower
from tests.web.inside import PIA, Tower, tower_in
from tests.web.shop import Counter, Window, open_window


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The page of the account `main`."""
    with open_window(tmp_path_factory.mktemp("window"), Counter()) as made:
        yield made


@pytest.fixture(scope="session")
def tower(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tower]:
    """The control tower; who changes more than sessions makes one of their own."""
    with tower_in(tmp_path_factory.mktemp("tower")) as made:
        yield made


@pytest.fixture(scope="session")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tower]:
    """A control tower whose account has lost some items."""
    with silent_tower(tmp_path_factory.mktemp("silent")) as made:
        yield made


@pytest.fixture(scope="session")
def planning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tower]:
    """A control tower on a market that can be planned; `plan` is the name of a plan that lets all go by SLOW."""
    with planning_tower(tmp_path_factory.mktemp("planning")) as made:
        money = {"goal": "budget", "value": "100", "seconds": "2", "points": "2", "rules": "3", "title": "Slow"}
        least = made.enter(PIA).send("/planner", **money | {"goal": "least", "value": "", "points": "0", "rules": "0"})
        assert make_next(made) == "done"
        plan = least.headers["location"].rpartition("/")[2]
        facts = read_facts(made.desk.uploads / "plans" / plan)
        budget = facts["today"]["cost_year_minor"] / 100 * 0.75
        begun = made.enter(PIA).send("/planner", **money | {"value": f"{budget:.2f}"})
        assert make_next(made) == "done"
        made.numbers["plan"] = begun.headers["location"].rpartition("/")[2]
        yield made
