"""Item identifiers from the store: none twice, also when several processes ask at once."""

from __future__ import annotations

import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import ExhaustedError, MisuseError
from entrepost.codes import s10
from entrepost.mail.numbering import Block
from entrepost.operations.numbering import add_block, allocate_numbers
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.operations.shop import FixedClock

ASK = """
import sys
from entrepost.operations.numbering import allocate_numbers
from entrepost.wiring import open_store
store = open_store(sys.argv[1])
for count in range(1, 26):
    print("\\n".join(allocate_numbers(store, "LX", "CN", count)), flush=True)
"""
PROCESSES, EACH = 4, sum(range(1, 26))


def store_on(path: Path, clock: FixedClock | None = None) -> Store:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return open_store(path / "numbers.db", clock or FixedClock())


def test_numbers_are_valid_and_follow_each_other(tmp_path: Path) -> None:
    numbers = allocate_numbers(store_on(tmp_path), "LX", "CN", 3)
    assert [s10.parse(number).serial for number in numbers] == [0, 1, 2]
    assert all(number.startswith("LX") and number.endswith("CN") for number in numbers)


def test_several_processes_at_once_never_get_the_same_number(tmp_path: Path) -> None:
    store_on(tmp_path).close()
    command = [sys.executable, "-W", "ignore", "-c", ASK, str(tmp_path / "numbers.db")]
    asked = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    given_out = [number for process in asked for number in process.communicate(timeout=300)[0].split()]
    assert [process.returncode for process in asked] == [0] * PROCESSES
    assert len(given_out) == len(set(given_out)) == PROCESSES * EACH
    assert sorted(s10.parse(number).serial for number in given_out) == list(range(PROCESSES * EACH))


def test_blocks_that_overlap_are_refused(tmp_path: Path) -> None:
    store = store_on(tmp_path)
    add_block(store, Block("LX", "CN", 0, 99, 0))
    add_block(store, Block("LX", "CN", 100, 199, 100))
    with pytest.raises(MisuseError, match="another goes up to"):
        add_block(store, Block("LX", "CN", 150, 300, 150))


def test_a_tenants_own_block_is_used_first_and_by_nobody_else(tmp_path: Path) -> None:
    store = store_on(tmp_path)
    add_block(store, Block("LX", "CN", 0, 9, 0))
    add_block(store, Block("LX", "CN", 100, 101, 100), "alpha")
    assert [s10.parse(number).serial for number in allocate_numbers(store, "LX", "CN", 2, "alpha")] == [100, 101]
    assert [s10.parse(number).serial for number in allocate_numbers(store, "LX", "CN", 2, "beta")] == [0, 1]
    assert [s10.parse(number).serial for number in allocate_numbers(store, "LX", "CN", 1, "alpha")] == [2]


def test_what_one_block_has_not_comes_from_several(tmp_path: Path) -> None:
    store = store_on(tmp_path)
    add_block(store, Block("LX", "CN", 0, 4, 0))
    add_block(store, Block("LX", "CN", 10, 14, 10))
    assert len(set(allocate_numbers(store, "LX", "CN", 10))) == 10
    with pytest.raises(ExhaustedError, match="register another block"):
        allocate_numbers(store, "LX", "CN", 1)


def test_nothing_is_given_out_when_not_all_can_be(tmp_path: Path) -> None:
    store = store_on(tmp_path)
    add_block(store, Block("LX", "CN", 0, 4, 0))
    with pytest.raises(ExhaustedError):
        allocate_numbers(store, "LX", "CN", 6)
    assert len(allocate_numbers(store, "LX", "CN", 5)) == 5


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 45)), max_size=25), st.integers(1, 12))
def test_no_number_comes_again_within_its_reuse_period(
    tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[int, int]], size: int
) -> None:
    clock = FixedClock(datetime(2026, 1, 31, tzinfo=UTC))
    store = store_on(tmp_path_factory.mktemp("numbers"), clock)
    block = replace(Block("LX", "CN", 7, 6 + size, 7), reuse_months=2)
    add_block(store, block)
    last: dict[str, datetime] = {}
    for count, days in asked:
        clock.instant += timedelta(days=days)
        try:
            numbers = allocate_numbers(store, "LX", "CN", count)
        except ExhaustedError:
            continue
        for number in numbers:
            assert number not in last or clock.instant - last[number] >= timedelta(days=59)
            last[number] = clock.instant
    store.close()
