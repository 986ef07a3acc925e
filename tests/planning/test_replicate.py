"""The same work for many tasks gives the same results, however many work on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.replicate import replicate
from entrepost.planning.trial import try_plan
from tests.planning.trial_scenes import ASSUMED, lamps, plan, today


def power(base: int, exponent: int) -> int:
    """Stands at the top of a module, so that other processes find it."""
    return base**exponent


def process(_: None, __: int) -> int:
    return os.getpid()


def test_results_stand_in_the_order_of_the_tasks() -> None:
    assert list(replicate(power, 2, [3, 1, 2])) == [8, 2, 4]


def test_several_processes_give_the_same() -> None:
    assert list(replicate(power, 2, [3, 1, 2, 5], workers=2)) == [8, 2, 4, 32]
    assert os.getpid() not in set(replicate(process, None, [1, 2, 3, 4], workers=2))


def test_a_result_can_be_had_before_the_next_is_asked_for() -> None:
    asked: list[int] = []

    def note(_: None, task: int) -> int:
        asked.append(task)
        return task

    results = replicate(note, None, [1, 2, 3])
    assert (next(results), asked) == (1, [1])


def test_without_workers_nothing_is_done() -> None:
    with pytest.raises(MisuseError, match="at least 1"):
        replicate(power, 2, [1], workers=0)


def test_without_ray_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MisuseError, match="entrepost\\[ray\\]"):
        next(replicate(power, 2, [1], ray="local"))


@pytest.fixture
def cluster() -> Iterator[None]:
    """A cluster of two workers on this machine, and nobody else's: one found running would end with its owner."""
    import ray

    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.mark.usefixtures("cluster")
def test_a_local_ray_cluster_of_two_workers_gives_the_same() -> None:
    assert list(replicate(power, 2, [3, 1, 2, 5], ray="local")) == [8, 2, 4, 32]
    assert os.getpid() not in set(replicate(process, None, [1, 2, 3, 4], ray="local"))
    alone = try_plan(today(), lamps(), plan(20), ASSUMED)
    spread = try_plan(today(), lamps(), plan(20), replace(ASSUMED, ray="local"))
    assert spread.differences.equals(alone.differences)
    assert spread.shelves.equals(alone.shelves)
