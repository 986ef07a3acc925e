"""An event of a bag, a dispatch or a consignment moves the items that were inside at its time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.containment import intake_containment, to_name
from entrepost.operations.events import record_event_file, record_events
from entrepost.operations.mapping import load_mapping
from entrepost.operations.progress import Outcome
from entrepost.operations.rejected import list_rejected
from entrepost.operations.store import Store
from tests.operations.shop import (
    LAMP_NO,
    MUG_NO,
    POSTED,
    counts,
    event,
    lamp,
    store_in,
    take,
    two_items,
    write,
    write_csv,
)
from tests.operations.test_events import frame, status

DISPATCH = "CNSHAADEFRAAAUN60017"
BAG = f"{DISPATCH}001100125"
FLIGHT = "ca-2026/117"
"""Lamp and mug get into the bag at 1, the bag into the dispatch at 6 and on the flight at 10."""


def hour(hours: float) -> str:
    return (POSTED + timedelta(hours=hours)).isoformat()


def inside(subject: str, container: str, since: float | None = None, until: float | None = None) -> dict[str, str]:
    told = {"since": since, "until": until}
    return {"subject": subject, "container": container} | {
        name: "" if hours is None else hour(hours) for name, hours in told.items()
    }


ONE_FLIGHT = (inside(LAMP_NO, BAG, 1), inside(MUG_NO, BAG, 1), inside(BAG, DISPATCH, 6), inside(BAG, FLIGHT, 10))


def hold(store: Store, folder: Path, *rows: dict[str, str]) -> Outcome:
    return intake_containment(store, write_csv(folder, *rows, name="held.csv"))


def flown(folder: Path, *rows: dict[str, str]) -> Store:
    store = two_items(folder)
    hold(store, folder, *(rows or ONE_FLIGHT))
    return store


def about(subject: str | None, code: str = "EMB", hours: float = 12, **changed: object) -> dict[str, object]:
    return event(code, hours, subject=subject) | {"item_id": None} | changed


def recorded(store: Store, *rows: dict[str, object]) -> Outcome:
    return record_events(store, frame(list(rows)).with_columns(pl.col("item_id").cast(pl.String)))


def statuses(store: Store) -> tuple[str, str]:
    return status(store, LAMP_NO), status(store, MUG_NO)


@pytest.mark.parametrize("subject", [BAG, DISPATCH, FLIGHT])
def test_an_event_of_a_container_moves_the_status_of_all_its_items(tmp_path: Path, subject: str) -> None:
    store = flown(tmp_path)
    outcome = recorded(store, about(subject))
    assert counts(outcome) == (2, 2, 0, 0)
    assert statuses(store) == ("in_transit", "in_transit")


def test_an_event_may_name_its_item_as_its_subject(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    assert counts(recorded(store, about(MUG_NO.lower()))) == (1, 1, 0, 0)
    assert statuses(store) == ("pending", "in_transit")


def test_a_bag_in_a_dispatch_in_a_consignment_is_opened_to_its_items(tmp_path: Path) -> None:
    store = flown(tmp_path, *ONE_FLIGHT[:3], inside(DISPATCH, FLIGHT, 10))
    recorded(store, about(FLIGHT))
    assert statuses(store) == ("in_transit", "in_transit")


def test_an_item_that_was_taken_out_before_has_no_part_in_it(tmp_path: Path) -> None:
    store = flown(tmp_path)
    hold(store, tmp_path, inside(MUG_NO, BAG, 1, until=8))
    recorded(store, about(FLIGHT))
    assert statuses(store) == ("in_transit", "pending")


def test_a_container_has_its_event_before_and_after_those_of_its_items(tmp_path: Path) -> None:
    store = flown(tmp_path)
    outcome = recorded(store, event("EMI", 48, MUG_NO), about(FLIGHT), event("EMA", 0))
    assert counts(outcome) == (4, 4, 0, 0)
    assert statuses(store) == ("in_transit", "delivered")
    codes = store.list_events().select("item_id", "code").rows()
    assert codes == [(LAMP_NO, "EMA"), (LAMP_NO, "EMB"), (MUG_NO, "EMB"), (MUG_NO, "EMI")]


def test_an_event_of_a_container_told_again_changes_nothing(tmp_path: Path) -> None:
    store = flown(tmp_path)
    recorded(store, about(FLIGHT))
    assert counts(recorded(store, about(FLIGHT))) == (2, 0, 2, 0)
    assert counts(recorded(store, about(BAG))) == (2, 0, 2, 0)


def test_where_item_and_subject_are_named_the_item_counts(tmp_path: Path) -> None:
    store = flown(tmp_path)
    recorded(store, about(BAG, item_id=MUG_NO))
    assert statuses(store) == ("pending", "in_transit")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (about("NOWHERE"), "event_subject_unknown"),
        (about(BAG, hours=0), "event_subject_empty"),
        (about(None), "cell_missing"),
    ],
)
def test_an_event_that_comes_to_no_item_is_kept_aside(tmp_path: Path, row: dict[str, object], code: str) -> None:
    store = flown(tmp_path)
    outcome = recorded(store, event("EMA"), row)
    assert counts(outcome) == (2, 1, 0, 1)
    assert outcome.findings == {code: 1}
    assert store.list_findings(outcome.intake).get_column("row").to_list() == [2]
    assert list_rejected(store, outcome.intake).height == 1


def test_a_bag_that_is_known_and_holds_nothing_is_empty_and_not_unknown(tmp_path: Path) -> None:
    store = flown(tmp_path, inside(BAG, FLIGHT, 10))
    assert recorded(store, about(BAG)).findings == {"event_subject_empty": 1}


def test_an_event_before_its_containment_is_known_comes_in_when_its_file_is_brought_again(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    rows = [{"subject": FLIGHT, "item_id": "", "time": hour(12)}, {"subject": "", "item_id": MUG_NO, "time": hour(0)}]
    file = write_csv(tmp_path, *({"code": "EMB", "facility": "CNSHAA"} | row for row in rows), name="events.csv")
    first = record_event_file(store, file)
    assert (counts(first), first.findings) == ((2, 1, 0, 1), {"event_subject_unknown": 1})
    assert status(store) == "pending"
    hold(store, tmp_path, *ONE_FLIGHT)
    assert counts(record_event_file(store, file)) == (3, 2, 1, 0)
    assert statuses(store) == ("in_transit", "in_transit")


def test_a_file_that_names_neither_items_nor_subjects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="item_id, or subject"):
        record_event_file(store_in(tmp_path), write(tmp_path / "events.csv", b"code,time\nEMA,2026-01-05T10:00Z\n"))


def test_the_same_containment_again_changes_nothing(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    assert counts(hold(store, tmp_path, *ONE_FLIGHT, ONE_FLIGHT[0])) == (5, 4, 1, 0)
    assert counts(hold(store, tmp_path, *ONE_FLIGHT)) == (4, 0, 4, 0)
    assert counts(hold(store, tmp_path, inside(MUG_NO, BAG, 1, until=8))) == (1, 1, 0, 0)
    assert counts(hold(store, tmp_path, *ONE_FLIGHT, inside(MUG_NO, BAG, 1, until=8))) == (5, 0, 5, 0)
    kept = store.find_containments(pl.DataFrame({"tenant": ["main"], "subject": [MUG_NO]}))
    assert kept.get_column("until").to_list() == [POSTED + timedelta(hours=8)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (inside(MUG_NO, BAG, 4, until=3), "containment_reversed"),
        (inside(DISPATCH, BAG, 7), "containment_round"),
        (inside(DISPATCH, DISPATCH, 7), "containment_round"),
        (inside("", BAG, 1), "cell_missing"),
        (inside(MUG_NO, BAG) | {"since": "soon"}, "instant_impossible"),
    ],
)
def test_what_cannot_be_inside_is_kept_aside_and_the_rest_comes_in(
    tmp_path: Path, row: dict[str, str], code: str
) -> None:
    store = flown(tmp_path)
    outcome = hold(store, tmp_path, row, inside("LX000000028CN", BAG, 1))
    assert counts(outcome) == (2, 1, 0, 1)
    assert outcome.findings == {code: 1}
    recorded(store, about(FLIGHT))
    assert statuses(store) == ("in_transit", "in_transit")


def test_mail_in_two_bags_at_once_is_a_warning_until_it_left_the_first(tmp_path: Path) -> None:
    store = flown(tmp_path)
    other = f"{DISPATCH}002100125"
    outcome = hold(store, tmp_path, inside(MUG_NO, other, 3))
    assert (counts(outcome), outcome.findings) == ((1, 1, 0, 0), {"containment_overlap": 1})
    assert hold(store, tmp_path, inside(LAMP_NO, other, 3), inside(LAMP_NO, BAG, 1, until=2)).findings == {}


def test_a_carriers_columns_become_ours(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    text = b"parcel\tsack\n" + f"{LAMP_NO}\t{BAG[:20]} {BAG[20:].lower()}\n".encode()
    mapping = write(tmp_path / "held.toml", b'[columns]\nsubject = "parcel"\ncontainer = "sack"\n')
    outcome = intake_containment(store, write(tmp_path / "held.tsv", text), load_mapping(mapping, "containment"))
    assert counts(outcome) == (1, 1, 0, 0)
    recorded(store, about(BAG))
    assert statuses(store) == ("in_transit", "pending")


def test_coded_identifiers_are_raised_and_a_carriers_number_is_kept() -> None:
    written = ["lx 000 000 005 cn", DISPATCH.lower(), f"{DISPATCH} 001100125", " ca-2026/117 ", None]
    names = pl.DataFrame({"subject": written}).select(to_name("subject")).to_series().to_list()
    assert names == [LAMP_NO, DISPATCH, BAG, FLIGHT, None]


def test_the_mail_of_another_account_is_not_inside(tmp_path: Path) -> None:
    store = flown(tmp_path)
    outcome = recorded(store, about(FLIGHT, tenant="other"))
    assert outcome.findings == {"event_subject_unknown": 1}
    assert statuses(store) == ("pending", "pending")


def test_a_number_that_came_again_is_the_last_item_issued_before_and_its_neighbour_in_the_bag_counts_too(
    tmp_path: Path,
) -> None:
    store = flown(tmp_path)
    take(store, write_csv(tmp_path, lamp(order_id="o3"), name="later.csv"))
    old = store.list_items().filter(pl.col("item_id") == LAMP_NO)
    again = old.with_columns(order_id=pl.lit("o3"), issued_at=pl.col("issued_at") + pl.duration(days=500))
    store.add_items(again.drop("item_no"))
    assert recorded(store, about(FLIGHT)).accepted == 2
    assert store.list_events().get_column("order_id").to_list() == ["o1", "o2"]
