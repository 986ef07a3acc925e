"""A copy is the whole store at one instant, is checked, and never takes the place of anything."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from threading import Event, Thread

import pytest

from entrepost.base.errors import MisuseError, StoreError
from entrepost.operations.store import Store
from entrepost.wiring import back_up, open_store, restore
from tests.operations.post import with_contacts
from tests.operations.shop import FixedClock, lamp, store_in, take, two_items, write, write_csv
from tests.operations.test_privacy import with_recipients


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return with_recipients(with_contacts(two_items(tmp_path)))


def test_a_copy_of_a_file_is_put_back_elsewhere(tmp_path: Path, store: Store) -> None:
    copy = tmp_path / "copy.db"
    done = back_up(tmp_path / "shop.db", copy)
    assert (done.rows["orders"], done.rows["items"], stat.S_IMODE(copy.stat().st_mode)) == (2, 2, 0o600)
    take(store, write_csv(tmp_path, lamp(order_id="later"), name="later.csv"))
    assert restore(copy, tmp_path / "again.db").rows == done.rows
    again = open_store(tmp_path / "again.db", FixedClock())
    assert again.list_orders().height == 2
    assert again.find_contacts().equals(store.find_contacts())
    assert sorted(path.name for path in tmp_path.glob("*.part")) == []


def test_a_copy_that_is_made_while_others_write_is_of_one_instant(tmp_path: Path) -> None:
    store, stop = store_in(tmp_path), Event()

    def write_on() -> None:
        number = 0
        while not stop.is_set():
            take(store, write_csv(tmp_path, lamp(order_id=f"w{number}"), name="w.csv"))
            number += 1

    writer = Thread(target=write_on)
    writer.start()
    copies = [back_up(tmp_path / "shop.db", tmp_path / f"copy{number}.db") for number in range(5)]
    stop.set()
    writer.join()
    assert all(copy.rows["orders"] == copy.rows["order_lines"] == copy.rows["intakes"] for copy in copies)


def test_nothing_is_written_over(tmp_path: Path, store: Store) -> None:
    write(tmp_path / "taken", b"x")
    with pytest.raises(MisuseError, match="is there already"):
        back_up(tmp_path / "shop.db", tmp_path / "taken")
    back_up(tmp_path / "shop.db", tmp_path / "copy.db")
    with pytest.raises(MisuseError, match="is there already"):
        restore(tmp_path / "copy.db", tmp_path / "shop.db")
    write(tmp_path / "new.db-wal", b"x")
    with pytest.raises(MisuseError, match=r"new\.db-wal is there already"):
        restore(tmp_path / "copy.db", tmp_path / "new.db")
    assert ((tmp_path / "taken").read_bytes(), store.list_orders().height) == (b"x", 2)


def test_what_is_no_sound_copy_is_refused(tmp_path: Path, store: Store) -> None:
    back_up(tmp_path / "shop.db", tmp_path / "copy.db")
    whole = (tmp_path / "copy.db").read_bytes()
    cut = write(tmp_path / "cut.db", whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="not sound"):
        restore(cut, tmp_path / "a.db")
    newer = write(tmp_path / "newer.db", whole)
    with sqlite3.connect(newer) as changed:
        changed.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="a newer one wrote it"):
        restore(newer, tmp_path / "a.db")
    with pytest.raises(MisuseError, match="or none; give a --store of that kind"):
        restore(write(tmp_path / "no.db", b"nothing"), tmp_path / "a.db")
    with pytest.raises(MisuseError, match="is no file"):
        back_up(tmp_path / "nowhere.db", tmp_path / "b.db")
    with pytest.raises(StoreError, match="cannot be reached"):
        back_up("postgresql://nobody@localhost:1/no", tmp_path / "b.db")
    assert not (tmp_path / "a.db").exists()
    assert not (tmp_path / "b.db").exists()
