"""A copy of a database is every table at one instant, and goes into an empty database alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError, StoreError
from entrepost.operations.events import record_events
from entrepost.wiring import back_up, open_store, restore
from tests.operations.post import with_contacts
from tests.operations.shop import FixedClock, event, lamp, take, two_items, write_csv
from tests.operations.test_privacy import with_recipients
from tests.servers import Postgres

pytestmark = pytest.mark.server


def test_a_copy_of_a_database_is_put_into_another(postgres: Postgres, tmp_path: Path) -> None:
    place, copy = postgres.create_owned("copied"), tmp_path / "copy.zip"
    store = with_recipients(with_contacts(two_items(tmp_path, open_store(place, FixedClock()))))
    record_events(store, pl.DataFrame([event("EMA"), event("EMC", 24 * 40)]))
    take(store, write_csv(tmp_path, lamp(order_id="bad", weight_g="x\t\\N"), name="bad.csv"))
    done = back_up(place, copy)
    assert (done.rows["orders"], done.rows["events"], done.rows["findings"]) == (2, 2, 1)
    other = postgres.create_owned("copied_again")
    assert restore(copy, other).rows == done.rows
    again = open_store(other, FixedClock())
    for name in ("list_orders", "list_items", "list_events", "list_findings", "find_contacts"):
        assert getattr(again, name)().equals(getattr(store, name)()), name
    assert record_events(again, pl.DataFrame([event("EMD", 24 * 41)])).accepted == 1
    take(again, write_csv(tmp_path, lamp(order_id="worse", weight_g="x"), name="worse.csv"))
    assert again.list_findings().height == 2
    with pytest.raises(MisuseError, match="is not empty"):
        restore(copy, other)
    with pytest.raises(MisuseError, match="is there already"):
        back_up(place, copy)
    with pytest.raises(MisuseError, match="give a --store of that kind"):
        restore(copy, tmp_path / "shop2.db")
    store.close()
    again.close()


def test_a_copy_that_lacks_a_row_or_a_byte_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    place, copy = postgres.create_database("lacking"), tmp_path / "copy.zip"
    with pytest.raises(MisuseError, match="is empty"):
        back_up(place, copy)
    two_items(tmp_path, open_store(place, FixedClock())).close()
    back_up(place, copy)
    empty = postgres.create_database("lacking_again")
    with zipfile.ZipFile(copy) as archive, zipfile.ZipFile(tmp_path / "less.zip", "w") as less:
        for name in archive.namelist():
            less.writestr(name, b"" if name == "orders" else archive.read(name))
    with pytest.raises(StoreError, match="of orders 2 rows should be there"):
        restore(tmp_path / "less.zip", empty)
    whole = copy.read_bytes()
    (tmp_path / "spoilt.zip").write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(StoreError, match="not a sound copy"):
        restore(tmp_path / "spoilt.zip", empty)
    assert postgres.say("lacking_again", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
