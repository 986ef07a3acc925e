"""Versions of a network: kept once each, compared row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations.network_versions import compare_versions, get_version, keep_version, list_versions
from tests.operations.shop import NOW
from tests.worlds import two_offices


def test_a_network_is_kept_when_it_is_another_one_than_the_latest(tmp_path: Path) -> None:
    first = keep_version(two_offices(), tmp_path, NOW)
    assert keep_version(two_offices(), tmp_path, NOW + timedelta(days=1)) == first
    second = keep_version(replace(two_offices(), items_per_week=7), tmp_path, NOW + timedelta(days=2))
    assert list_versions(tmp_path) == [second, first]
    assert get_version(tmp_path, first.version).since == NOW
    assert list_versions(tmp_path / "gone") == []
    with pytest.raises(MissingRowError):
        get_version(tmp_path, "../x")


def test_rows_that_are_new_gone_or_changed_are_told_with_their_cells(tmp_path: Path) -> None:
    base = two_offices()
    flights = base.departures
    other = replace(base, departures=(replace(flights[0], carrier="CA"),), sellers=(*base.sellers, base.sellers[0]))
    old, new = (keep_version(each, tmp_path, NOW + timedelta(days=day)) for day, each in enumerate((base, other)))
    changes = compare_versions(tmp_path, old.version, new.version)
    told = {(each.table, each.what, each.row): each.cells for each in changes}
    (changed,) = [cells for (table, what, _), cells in told.items() if (table, what) == ("departures", "changed")]
    assert changed == (("carrier", flights[0].carrier, "CA"),)
    assert [what for table, what, _ in told if table == "departures"] == ["changed", "gone"]
    assert [what for table, what, _ in told if table == "sellers"] == ["new"]
    assert compare_versions(tmp_path, new.version, new.version) == []
