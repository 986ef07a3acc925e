"""A full disk, a folder that may not be written, a damaged file: one clear message, and nothing is lost."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import StoreError, UnreadableInputError
from entrepost.operations import events as recording
from entrepost.operations.events import record_event_file
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.durability.traffic import differences, issue_items, make_traffic
from tests.operations.shop import FixedClock, write

pytestmark = pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")

TRAFFIC = make_traffic(items=200, rows=8_000, seed=9)
FAILED, REJECTED, UNAVAILABLE = 1, 3, 4
NOBODY = 65_534
COMMAND = """
import resource, sys
from entrepost.cli import main
from entrepost.operations import events
events.CHUNK_ROWS = 500
limit, *arguments = sys.argv[1:]
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
main(arguments)
"""


def entrepost(*arguments: str | Path, file_bytes_max: int = 0) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, whose files may grow so far only."""
    command = [sys.executable, "-W", "ignore", "-c", COMMAND, str(file_bytes_max), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def store_with_items(folder: Path) -> Path:
    """A store that has the items and none of their events."""
    store = open_store(folder / "shop.db")
    issue_items(store, folder, TRAFFIC.items)
    store.close()
    return folder / "shop.db"


def position(store: Store) -> int:
    return next((mark.position for mark in store.list_intakes() if mark.kind == "events"), 0)


def test_a_full_disk_stops_with_one_message_and_the_recording_goes_on_when_there_is_room(tmp_path: Path) -> None:
    database, file = store_with_items(tmp_path), TRAFFIC.write(tmp_path / "events.csv")
    full = database.stat().st_size + 400_000
    stopped = entrepost("events", file, "--store", database, file_bytes_max=full)
    assert stopped.returncode == UNAVAILABLE, stopped.stderr
    assert stopped.stderr.count("\n") == 1
    assert "the disk may be full" in stopped.stderr
    store = open_store(database)
    reached = position(store)
    assert 0 < reached < TRAFFIC.rows.height
    assert differences(store, TRAFFIC, reached) == []
    done = entrepost("events", file, "--store", database)
    assert done.returncode == REJECTED, done.stderr
    assert f"went on at row {reached:,}" in done.stdout
    assert differences(store, TRAFFIC, TRAFFIC.rows.height) == []
    store.close()


def test_a_store_that_could_not_be_made_on_a_full_disk_is_made_when_there_is_room(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    store_with_items(tmp_path)
    database = tmp_path / "new.db"
    refused = entrepost("intake", orders, "--store", database, file_bytes_max=20_000)
    assert refused.returncode == UNAVAILABLE
    assert str(database) in refused.stderr
    made = entrepost("intake", orders, "--store", database)
    assert made.returncode == 0, made.stderr
    store = open_store(database)
    assert store.list_orders().height == len(TRAFFIC.items)
    store.close()


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user whom the system can refuse something; the superuser may write everywhere."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_folder_that_may_not_be_written_gives_a_clear_error_and_changes_nothing() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        database, file = store_with_items(folder), TRAFFIC.write(folder / "events.csv")
        before = database.read_bytes()
        folder.chmod(0o555)
        for name in ("shop.db", "new.db"):
            with without_rights(), pytest.raises(StoreError, match=name):
                open_store(folder / name)
        assert database.read_bytes() == before
        assert not (folder / "new.db").exists()
        folder.chmod(0o755)
        store = open_store(database)
        record_event_file(store, file)
        assert differences(store, TRAFFIC, TRAFFIC.rows.height) == []
        store.close()


def test_a_file_that_may_not_be_read_is_unreadable(tmp_path: Path) -> None:
    store, file = open_store(store_with_items(tmp_path)), TRAFFIC.write(tmp_path / "events.csv")
    file.chmod(0o000)
    with without_rights(), pytest.raises(UnreadableInputError, match="cannot be read"):
        record_event_file(store, file)
    store.close()


DAMAGE = {
    "cut off in the middle": lambda packed: packed[: len(packed) // 2],
    "without its end": lambda packed: packed[:-4],
    "cut off in its second part": lambda packed: packed + packed[:-100],
    "wrong in the middle": lambda packed: packed[: len(packed) // 2] + b"\0\xff\x13" + packed[len(packed) // 2 + 3 :],
    "followed by something else": lambda packed: packed + b"something",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_nothing_of_a_damaged_file_comes_in(tmp_path: Path, damage: str) -> None:
    database, file = store_with_items(tmp_path), TRAFFIC.write(tmp_path / "events.csv")
    whole = gzip.compress(file.read_bytes(), mtime=0)
    damaged = write(tmp_path / "damaged.csv.gz", DAMAGE[damage](whole))
    refused = entrepost("events", damaged, "--store", database)
    assert refused.returncode == FAILED, refused.stdout
    assert f"{damaged} is cut off or damaged" in refused.stderr
    store = open_store(database)
    assert store.list_events().is_empty()
    assert differences(store, TRAFFIC, 0) == []
    record_event_file(store, write(tmp_path / "whole.csv.gz", whole))
    assert differences(store, TRAFFIC, TRAFFIC.rows.height) == []
    store.close()


def test_a_file_that_changes_while_it_is_read_is_refused_from_there_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "CHUNK_ROWS", 500)
    store, file = open_store(store_with_items(tmp_path)), TRAFFIC.write(tmp_path / "events.csv")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    def send_the_rest(rows: int) -> None:
        if rows == 1_000:
            with file.open("ab") as more:
                more.write(whole[len(whole) // 2 :])

    with pytest.raises(UnreadableInputError, match="was changed while it was read"):
        record_event_file(store, file, progress=send_the_rest)
    (mark,) = [each for each in store.list_intakes() if each.kind == "events"]
    assert mark.position in (1_000, 1_500), "a chunk may have been read ahead of the change"
    assert differences(store, TRAFFIC, mark.position) == []
    record_event_file(store, file)
    assert store.list_events().height == TRAFFIC.expected(TRAFFIC.rows.height).height
    store.close()


SMALL = make_traffic(items=5, rows=60, seed=1)
WHOLE = gzip.compress(SMALL.rows.write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ").encode(), mtime=0)


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    """The packed file with bytes changed, taken out or put in, or its end cut off."""
    content = bytearray(WHOLE)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        content[start : start + draw(st.sampled_from((0, 1, 8, len(content))))] = draw(st.binary(max_size=4))
    return bytes(content)


@settings(max_examples=20)
@given(damaged_bytes())
def test_a_packed_file_comes_in_whole_or_not_at_all(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = open_store(folder / "shop.db", FixedClock())
        issue_items(store, folder, SMALL.items)
        try:
            record_event_file(store, write(folder / "events.csv.gz", content))
            rows = SMALL.rows.height
        except UnreadableInputError:
            rows = 0
        assert differences(store, SMALL, rows) == []
        store.close()
