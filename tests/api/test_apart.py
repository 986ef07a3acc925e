"""Work is done in a process of its own: what comes of it, what it raises, and that it ends when the server stops."""

from __future__ import annotations

import os
import time
from threading import Event

import pytest

from entrepost.api.apart import Apart
from entrepost.base.errors import EntrepostError, MisuseError


def double(number: int) -> tuple[int, int]:
    """Twice a number, and by which process."""
    if number < 0:
        raise MisuseError("give a number from 0 on")
    if number > 100:
        time.sleep(number)
    return 2 * number, os.getpid()


def test_another_process_does_it_and_its_mistakes_are_told() -> None:
    apart = Apart(double, lambda: False, "doubling")
    assert apart.do(4)[0] == 8
    assert apart.do(4)[1] != os.getpid()
    with pytest.raises(EntrepostError, match="from 0 on"):
        apart.do(-1)


def test_it_ends_when_the_server_stops() -> None:
    closing = Event()
    closing.set()
    began = time.monotonic()
    with pytest.raises(EntrepostError, match="stopped"):
        Apart(double, closing.is_set, "doubling").do(900)
    assert time.monotonic() - began < 30
