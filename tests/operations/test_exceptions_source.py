"""Exceptions of a store, with its promises and containment, are those of its events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.operations import exceptions_source
from entrepost.operations.containment import intake_containment
from entrepost.operations.exceptions_source import exceptions_of_store, read_containment
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.operations.silent import NETWORK, NOW, lose_some

DISPATCH = "CNSHAADEFRAAAUN60041"


@pytest.fixture(scope="module")
def lost() -> list[str]:
    """The items that are lost, filled by the store."""
    return []


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, lost: list[str]) -> Iterator[Store]:
    """A store in which some items of one departure are lost: those of one dispatch."""
    folder = tmp_path_factory.mktemp("exceptions")
    opened = open_store(folder / "exceptions.db")
    lost += lose_some(opened, folder)
    yield opened
    opened.close()


def test_a_lost_departure_of_a_store_is_told_with_what_its_promises_lose(store: Store, lost: list[str]) -> None:
    found = exceptions_of_store(store, NETWORK, NOW, tenant="main")
    assert found.frame["kind"][0] == "departure_missing"
    assert found.items.filter(pl.col("number") == 1)["item_id"].sort().to_list() == lost
    assert found.frame["item_days_saved"][0] > 0


def test_another_account_has_no_part_in_it(store: Store) -> None:
    found = exceptions_of_store(store, NETWORK, NOW, tenant="other")
    assert (found.frame.height, found.under_way) == (0, 0)


def test_its_containment_names_the_bag_or_dispatch(store: Store, lost: list[str], tmp_path: Path) -> None:
    bag = f"{DISPATCH}001010001"
    rows = {"subject": [*lost, bag], "container": [*[bag] * len(lost), DISPATCH]}
    pl.DataFrame(rows).write_csv(tmp_path / "containment.csv")
    assert intake_containment(store, tmp_path / "containment.csv").accepted == len(lost) + 1
    found = exceptions_of_store(store, NETWORK, NOW)
    assert found.frame.select("kind", "items").row(0) == ("dispatch_missing", len(lost))
    assert found.frame["subject"][0] in (bag, DISPATCH)


def test_containment_is_read_from_files(tmp_path: Path) -> None:
    rows = pl.DataFrame({"subject": ["a"], "container": ["b"], "since": ["2026-01-05T00:00:00+00:00"]})
    rows.write_csv(tmp_path / "c.csv")
    rows.write_parquet(tmp_path / "c.parquet")
    one, other = read_containment(tmp_path / "c.csv"), read_containment(tmp_path / "c.parquet")
    assert one.equals(other)
    assert one.row(0)[:3] == ("main", "a", "b")
    with pytest.raises(MisuseError, match="give such a file"):
        read_containment(tmp_path / "c.txt")
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        read_containment(tmp_path / "absent.csv")


def test_of_very_many_items_at_an_end_the_last_ones_teach(
    store: Store, lost: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = exceptions_of_store(store, NETWORK, NOW, tenant="main")
    monkeypatch.setattr(exceptions_source, "ENDED_MOST", 20)
    some = exceptions_of_store(store, NETWORK, NOW, tenant="main")
    assert some.under_way == whole.under_way
    assert set(lost) <= set(some.items["item_id"])
