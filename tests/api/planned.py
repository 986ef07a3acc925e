"""Waiting for what is made in the background, and a plan that is made."""

from __future__ import annotations

import time
from typing import Any

from tests.api.world import World

QUICK = {"seconds": 5, "points": 2, "rules": 3, "gap": 0.3}


def wait_for(world: World, path: str, *states: str, seconds: float = 300.0) -> Any:
    """What is at a path once its state is one of these."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = world.ask("GET", path).json()
        if found["state"] in states:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def make_plan(world: World, **wanted: Any) -> Any:
    """A plan of the world's orders that is done."""
    begun = world.ask("POST", "/v1/plans", json=QUICK | wanted)
    assert begun.status_code == 202, begun.text
    return wait_for(world, f"/v1/plans/{begun.json()['plan']}", "done", "failed", "cancelled")
