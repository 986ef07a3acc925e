"""What other operators report in their files becomes events of our items, once, and what is wrong is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt
from entrepost.messages.emsevt import Emsevt
from entrepost.operations import messages
from entrepost.operations.messages import record_message_files
from entrepost.operations.store import Store
from tests.messages.letters import ENVELOPE, ZONES
from tests.operations.shop import LAMP_NO, MUG_NO, POSTED, two_items


def file(folder: Path, name: str, *reports: ItemReport, function: str = "original", days: float = 3) -> Path:
    """A file with one message of these reports, sent so many days after posting."""
    message = Emsevt(name, POSTED + timedelta(days=days), reports, function, "NLHAGI")
    path = folder / f"{name}.edi"
    path.write_bytes(emsevt.write([message], ENVELOPE, ZONES))
    return path


def report(code: str, hours: float, item_id: str = LAMP_NO, **more: str) -> ItemReport:
    return ItemReport(item_id, code, POSTED + timedelta(hours=hours), "USJFKA", **more)


def stood(store: Store, item_id: str = LAMP_NO) -> dict[str, object]:
    return store.list_items().filter(pl.col("item_id") == item_id).row(0, named=True)


def test_reports_of_files_become_events_with_their_offset(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    one = file(tmp_path, "one", report("EMD", 30), report("EMH", 50, reason="ABSENT", measure="NOTICE_LEFT"))
    two = file(tmp_path, "two", report("EMI", 60), report("EMD", 31, MUG_NO))
    recorded = record_message_files(store, [one, two], ZONES)
    assert (recorded.outcome.accepted, recorded.outcome.rejected, recorded.findings) == (4, 0, ())
    assert (stood(store)["status"], stood(store)["wait_ended_at"]) == ("delivered", POSTED + timedelta(hours=50))
    assert set(store.list_events().get_column("offset_minutes").to_list()) <= {-300, -240}


def test_the_same_files_again_change_nothing(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    paths = [file(tmp_path, "one", report("EMD", 30))]
    record_message_files(store, paths, ZONES)
    again = record_message_files(store, paths, ZONES)
    assert (again.outcome.accepted, again.outcome.duplicates) == (0, 1)
    assert stood(store)["events"] == 1


def test_a_bad_report_and_a_bad_file_lose_no_other(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    good = file(tmp_path, "good", report("EMD", 30), report("EMF", 40), report("EMI", 60, "LX000000005NL"))
    good.write_bytes(good.read_bytes().replace(b"EMF", b"EMQ"))
    bad = tmp_path / "bad.edi"
    bad.write_bytes(b"hello")
    recorded = record_message_files(store, [bad, good], ZONES)
    assert [each.code for each in recorded.findings] == ["message_unreadable", "message_code_unknown"]
    assert (recorded.outcome.accepted, recorded.outcome.rejected) == (1, 1)
    kept = store.list_findings(recorded.outcome.intake).get_column("code").to_list()
    assert sorted(kept) == ["event_item_unknown", "message_code_unknown", "message_unreadable"]


def test_a_cancellation_is_told_and_takes_nothing_back(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_message_files(store, [file(tmp_path, "one", report("EMD", 30))], ZONES)
    recorded = record_message_files(store, [file(tmp_path, "two", report("EMD", 30), function="cancel")], ZONES)
    assert [each.code for each in recorded.findings] == ["message_cancels"]
    assert stood(store)["events"] == 1


def test_a_message_from_the_future_is_known_since_now(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_message_files(store, [file(tmp_path, "one", report("EMD", 30), days=9000)], ZONES)
    assert store.list_events().get_column("recorded_at").to_list() == [store.clock.now()]


def test_what_was_broken_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "BATCH_BYTES", 1)
    store = two_items(tmp_path)
    paths = [file(tmp_path, f"file{number}", report("EMD", number)) for number in range(3)]
    assert record_message_files(store, paths, ZONES).outcome.read == 3
    with pytest.raises(UnreadableInputError):
        record_message_files(store, [*paths, tmp_path / "none.edi"], ZONES)
    with pytest.raises(UnreadableInputError):
        record_message_files(store, [], ZONES)
