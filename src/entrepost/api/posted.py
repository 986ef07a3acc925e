"""Effects that others are told of: what is to be sent is queued for partners in the transaction of the effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from entrepost.api.house import House
from entrepost.base.findings import Finding
from entrepost.operations.access import Caller
from entrepost.operations.dispatching.names import Telling
from entrepost.wiring import post_told

T = TypeVar("T")


def do_and_tell(
    house: House, caller: Caller, act: Callable[[], T], told: Callable[[T], Sequence[Telling]]
) -> tuple[T, tuple[Finding, ...]]:
    """Have an effect and queue what it tells, both or neither; what has no way to go is a finding."""
    with house.store.transaction():
        done = act()
        unsent = post_told(house.store, caller.tenant, told(done))
    return done, unsent
