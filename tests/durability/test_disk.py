"""The disk that forgets keeps what was synchronised, and only that for certain."""

from __future__ import annotations

from random import Random

import pytest

from tests.durability.disk import Disk


def disk_with_a_file(sector: int = 4, neighbours: bool = False) -> Disk:
    """`a` holds twelve bytes `o` that are safe."""
    disk = Disk(sector, neighbours)
    disk.create("a")
    disk.change("a", 0, b"o" * 12)
    disk.names["a"].sync()
    disk.sync_names()
    return disk


def states(disk: Disk) -> set[bytes | None]:
    found = [disk.cut(Random(seed)) for seed in range(400)]
    return {each.names["a"].live() if "a" in each.names else None for each in found}


def test_what_was_synchronised_survives_every_cut() -> None:
    assert states(disk_with_a_file()) == {b"o" * 12}


def test_of_what_was_not_synchronised_any_sectors_survive() -> None:
    disk = disk_with_a_file()
    disk.change("a", 0, b"n" * 12)
    whole = {state for state in states(disk) if state is not None and set(state) <= set(b"no")}
    assert len(whole) == 8


def test_a_torn_sector_holds_garbage_in_the_written_bytes_only() -> None:
    disk = disk_with_a_file()
    disk.change("a", 5, b"n")
    found = {state for state in states(disk) if state is not None}
    assert {state[:5] + state[6:] for state in found} == {b"o" * 11}
    assert {bytes([state[5]]) for state in found} > {b"o", b"n"}


def test_a_disk_that_spoils_neighbours_loses_the_whole_sector_and_no_other() -> None:
    disk = disk_with_a_file(neighbours=True)
    disk.change("a", 5, b"n")
    found = {state for state in states(disk) if state is not None}
    assert any(state[4:5] != b"o" for state in found)
    assert {state[:4] + state[8:] for state in found} == {b"o" * 8}


def test_a_name_that_was_not_synchronised_may_be_missing_or_come_back() -> None:
    disk = Disk()
    disk.create("a")
    disk.names["a"].sync()
    assert None in states(disk)
    disk = disk_with_a_file()
    disk.delete("a")
    assert states(disk) == {None, b"o" * 12}


@pytest.mark.parametrize("length", [0, 5])
def test_a_file_that_was_cut_short_may_be_long_again(length: int) -> None:
    disk = disk_with_a_file()
    disk.change("a", length, None)
    assert states(disk) == {b"o" * length, b"o" * 12}


def test_a_killed_program_loses_nothing_until_the_power_is_cut_as_well() -> None:
    disk = disk_with_a_file()
    disk.change("a", 0, b"n" * 12)
    after = disk.kill()
    assert after.names["a"].live() == b"n" * 12
    assert b"o" * 12 in states(after)
