"""Events leave for Parquet files by month and come back: none is lost, none comes twice, whoever is killed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations import archive
from entrepost.operations.archive import archive_events, list_files, list_history, restore_events
from entrepost.operations.events import record_events
from entrepost.operations.rejected import list_rejected
from entrepost.operations.store import Store
from entrepost.operations.track import track
from tests.operations.shop import LAMP_NO, MUG_NO, POSTED, event, two_items
from tests.operations.test_events import frame, status

JULY = datetime(2026, 7, 1, tzinfo=UTC)
LATER = 24 * 200
"""Hours from the posting in January to the end of July."""


class KilledError(Exception):
    pass


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The lamp is delivered in February, the mug is under way until the end of July; 3 and 2 events."""
    store = two_items(tmp_path)
    rows = [event("EMA"), event("EMB", 24 * 10), event("EMI", 24 * 30)]
    record_events(store, frame([*rows, event("EMA", 0, MUG_NO), event("EMB", LATER, MUG_NO)]))
    return store


def test_the_events_of_an_item_leave_together_by_month_and_only_once_it_is_quiet(store: Store, tmp_path: Path) -> None:
    done = archive_events(store, tmp_path / "past", JULY)
    assert (done.items, done.events, done.months) == (1, 3, ("2026-01", "2026-02"))
    assert [path.name for path in list_files(tmp_path / "past")] == ["events-2026-01.parquet", "events-2026-02.parquet"]
    assert store.list_events().get_column("item_id").unique().to_list() == [MUG_NO]
    assert (status(store), status(store, MUG_NO)) == ("delivered", "in_transit")
    assert track(store, LAMP_NO).status == "delivered"


def test_store_and_archive_are_one_frame_equal_to_what_was_recorded(store: Store, tmp_path: Path) -> None:
    before = ordered(store.list_events())
    assert ordered(list_history(store, tmp_path / "past")).equals(before)
    archive_events(store, tmp_path / "past", JULY)
    after = list_history(store, tmp_path / "past")
    assert ordered(after).equals(before)
    assert after.get_column("time").is_sorted()
    assert list_history(store, tmp_path / "past", "other").height == 0


def test_archiving_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    archive_events(store, tmp_path / "past", JULY)
    held = [path.read_bytes() for path in list_files(tmp_path / "past")]
    again = archive_events(store, tmp_path / "past", JULY)
    assert (again.items, again.events, again.months) == (0, 0, ())
    assert [path.read_bytes() for path in list_files(tmp_path / "past")] == held


def test_a_month_grows_by_the_items_that_became_quiet_since(store: Store, tmp_path: Path) -> None:
    before = ordered(store.list_events())
    archive_events(store, tmp_path / "past", JULY)
    archive_events(store, tmp_path / "past", JULY + timedelta(days=60))
    assert store.list_events().height == 0
    assert pl.read_parquet(tmp_path / "past" / "events-2026-01.parquet").height == 3
    assert ordered(list_history(store, tmp_path / "past")).equals(before)


@pytest.mark.parametrize("step", ["_put_aside", "_write_month", "_synchronise", "_batches"])
@pytest.mark.parametrize("times", [0, 1])
def test_killed_at_any_step_it_goes_on_and_nothing_is_lost_or_doubled(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, times: int
) -> None:
    before = ordered(store.list_events())
    with monkeypatch.context() as patch:
        patch.setattr(archive, step, killed_after(times, getattr(archive, step)))
        patch.setattr(archive, "BATCH_ITEMS", 1)
        with pytest.raises(KilledError):
            archive_events(store, tmp_path / "past", JULY + timedelta(days=60))
    assert ordered(list_history(store, tmp_path / "past")).equals(before)
    archive_events(store, tmp_path / "past", JULY + timedelta(days=60))
    assert store.list_events().height == 0
    assert ordered(list_history(store, tmp_path / "past")).equals(before)


def test_an_item_to_which_something_happens_meanwhile_stays(store: Store, tmp_path: Path) -> None:
    quiet = store.list_quiet(JULY)
    record_events(store, frame([event("EMH", 24 * 29)]))
    assert store.archive_events(quiet) == 0
    assert store.list_events().height == 6
    assert quiet.get_column("item_id").to_list() == [LAMP_NO]


def test_a_late_event_of_an_archived_item_is_kept_aside_until_the_others_are_back(store: Store, tmp_path: Path) -> None:
    archive_events(store, tmp_path / "past", JULY)
    late = frame([event("EMH", 24 * 29)])
    outcome = record_events(store, late)
    assert outcome.findings == {"event_item_archived": 1}
    assert status(store) == "delivered"
    assert list_rejected(store, outcome.intake).height == 1
    assert restore_events(store, tmp_path / "past", pl.DataFrame({"tenant": ["main"], "item_id": [LAMP_NO]})) == 3
    assert record_events(store, late).accepted == 1
    assert track(store, LAMP_NO).wait_ended_at == POSTED + timedelta(days=29)
    assert list_history(store, tmp_path / "past").height == 6


def test_what_is_not_archived_has_nothing_to_bring_back(store: Store, tmp_path: Path) -> None:
    archive_events(store, tmp_path / "past", JULY)
    assert restore_events(store, tmp_path / "past", pl.DataFrame({"tenant": ["main"], "item_id": [MUG_NO]})) == 0


def test_an_instant_without_zone_is_misuse(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="zone"):
        archive_events(store, tmp_path / "past", datetime(2026, 7, 1))  # noqa: DTZ001


def ordered(events: pl.DataFrame) -> pl.DataFrame:
    return events.sort("time", "item_id", "code")


def killed_after(times: int, step):
    """The step, until it was called so often."""
    calls = []

    def run(*values):
        calls.append(values)
        if len(calls) > times:
            raise KilledError
        return step(*values)

    return run
