"""Reviews are checked row by row, and measured from their dates alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.base.schema import get_schema
from entrepost.experience.reviews import measure_reviews, read_reviews

SOUND = {
    "tenant": "main",
    "seller": "shop",
    "order_id": "o1",
    "score": "4",
    "reviewed_at": "2026-03-14T08:00:00+08:00",
    "placed_at": "2026-03-02T08:00:00+08:00",
    "delivered_at": "2026-03-12T08:00:00+08:00",
    "promised_by": "2026-03-10T20:00:00+08:00",
    "origin": "CNSZXA",
    "country": "US",
}


def rows(*changes: dict[str, str]) -> pl.DataFrame:
    """A frame of text with a row for each change of the sound one."""
    return pl.DataFrame([{**SOUND, **change} for change in changes])


def measured(**change: str) -> dict[str, object]:
    reviews, findings = read_reviews(rows(change))
    assert findings == []
    return measure_reviews(reviews).row(0, named=True)


def test_the_wait_ends_with_delivery_and_lateness_begins_with_the_promise() -> None:
    found = measured()
    assert (found["score"], found["wait_days"], found["late_days"], found["lane"]) == (4, 10.0, 1.5, "CNSZXA>US")
    assert (found["before"], found["undelivered"]) == (False, False)


def test_a_promise_kept_to_the_second_is_kept() -> None:
    assert measured(promised_by=SOUND["delivered_at"])["late_days"] == 0
    assert measured(promised_by="2026-03-20T08:00:00+08:00")["late_days"] == 0
    assert measured(promised_by="2026-03-12T07:59:59+08:00")["late_days"] == pytest.approx(1 / 86400)


def test_where_nothing_was_promised_nothing_is_broken() -> None:
    assert measured(promised_by="")["late_days"] == 0


def test_a_review_written_before_delivery_is_said_to_be() -> None:
    found = measured(reviewed_at="2026-03-11T08:00:00+08:00")
    assert (found["before"], found["undelivered"], found["wait_days"]) == (True, False, 10.0)


def test_what_is_not_delivered_has_waited_and_is_late_until_the_review() -> None:
    found = measured(delivered_at="")
    assert (found["before"], found["undelivered"]) == (True, True)
    assert (found["wait_days"], found["late_days"]) == (12.0, 3.5)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"score": ""}, "review_cell_missing", "score"),
        ({"order_id": " "}, "review_cell_missing", "order_id"),
        ({"placed_at": ""}, "review_cell_missing", "placed_at"),
        ({"reviewed_at": ""}, "review_cell_missing", "reviewed_at"),
        ({"score": "6"}, "review_score_bad", "score"),
        ({"score": "0"}, "review_score_bad", "score"),
        ({"score": "4.5"}, "review_score_bad", "score"),
        ({"score": "good"}, "review_score_bad", "score"),
        ({"score": "nan"}, "review_score_bad", "score"),
        ({"placed_at": "2026-03-02 08:00"}, "review_date_unreadable", "placed_at"),
        ({"delivered_at": "never"}, "review_date_unreadable", "delivered_at"),
        ({"promised_by": "2026-02-30T08:00:00+08:00"}, "review_date_unreadable", "promised_by"),
        ({"delivered_at": "2026-03-01T08:00:00+08:00"}, "review_backwards", "delivered_at"),
        ({"reviewed_at": "2026-03-02T08:00:00+09:00"}, "review_backwards", "reviewed_at"),
        ({"promised_by": "2025-03-12T08:00:00+08:00"}, "review_backwards", "promised_by"),
    ],
)
def test_a_bad_row_is_found_and_loses_no_other(change: dict[str, str], code: str, field: str) -> None:
    reviews, findings = read_reviews(rows({"order_id": "before"}, change, {"order_id": "after"}))
    assert reviews.get_column("order_id").to_list() == ["before", "after"]
    assert [(each.code, each.field, each.level) for each in findings] == [(code, field, "error")]


def test_a_row_that_is_bad_in_two_ways_is_found_once() -> None:
    _, findings = read_reviews(rows({"score": "9", "delivered_at": "2026-01-01T00:00:00Z"}))
    assert [each.code for each in findings] == ["review_score_bad"]


def test_the_latest_review_of_an_order_counts_once() -> None:
    first = {"score": "1", "reviewed_at": "2026-03-11T08:00:00+08:00"}
    reviews, findings = read_reviews(rows(first, {}, {}, {"seller": "other", "score": "2"}))
    assert reviews.select("seller", "score").rows() == [("shop", 4), ("other", 2)]
    assert [(each.code, each.level) for each in findings] == [("review_repeated", "warning")] * 2


def test_a_review_of_an_unknown_lane_counts_and_is_found() -> None:
    reviews, findings = read_reviews(rows({"origin": ""}))
    assert measure_reviews(reviews).get_column("lane").to_list() == [None]
    assert [(each.code, each.level) for each in findings] == [("review_lane_missing", "warning")]


def test_a_file_is_read_and_its_findings_name_the_line(tmp_path: Path) -> None:
    frame = rows({}, {"order_id": "o2", "score": "7"})
    frame.write_csv(tmp_path / "reviews.csv")
    reviews, findings = read_reviews(tmp_path / "reviews.csv")
    assert reviews.height == 1
    assert [(each.subject, each.row) for each in findings] == [("reviews.csv", 3)]
    frame.write_parquet(tmp_path / "reviews.parquet")
    assert read_reviews(str(tmp_path / "reviews.parquet"))[0].equals(reviews)


def test_rows_with_other_cells_than_the_header_lose_only_themselves(tmp_path: Path) -> None:
    head, line = rows({}).write_csv().encode().splitlines()
    short, strange = line[: line.index(b"2026")].replace(b"o1", b"o2"), line.replace(b"o1", b"\xff\xfe")
    long = line.replace(b"o1,", b"o3,1,000,")
    (tmp_path / "reviews.csv").write_bytes(b"\xef\xbb\xbf" + b"\n".join([head, short, strange, long, line]) + b"\n")
    reviews, findings = read_reviews(tmp_path / "reviews.csv")
    assert reviews.get_column("order_id")[-1] == "o1"
    assert reviews.height == 2, "what its order is called in is no reason to lose a review"
    assert {each.row for each in findings} == {2, 4}


def test_a_frame_with_types_is_read_as_one_of_text(tmp_path: Path) -> None:
    reviews, _ = read_reviews(rows({}, {"order_id": "o2", "delivered_at": "", "promised_by": ""}))
    again, findings = read_reviews(reviews)
    assert again.equals(reviews)
    assert findings == []
    assert again.columns == list(get_schema("reviews").names)


def test_optional_columns_may_be_left_out() -> None:
    needed = ("order_id", "score", "reviewed_at", "placed_at", "delivered_at")
    reviews, _ = read_reviews(rows({}).select(needed))
    assert reviews.select("tenant", "seller", "promised_by").row(0) == ("main", None, None)


@pytest.mark.parametrize("absent", ["order_id", "score", "reviewed_at", "placed_at", "delivered_at"])
def test_a_column_that_reviews_cannot_be_without_is_asked_for(absent: str) -> None:
    with pytest.raises(UnreadableInputError, match=f"missing: {absent}"):
        read_reviews(rows({}).drop(absent))


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_bytes(b"")
    with pytest.raises(UnreadableInputError, match=r"reviews\.csv cannot be read"):
        read_reviews(tmp_path / "reviews.csv")
    with pytest.raises(UnreadableInputError, match=r"nowhere\.csv cannot be read"):
        read_reviews(tmp_path / "nowhere.csv")


def test_dates_without_a_zone_are_refused_as_a_column() -> None:
    zoneless = rows({}).with_columns(placed_at=pl.lit(datetime(2026, 3, 2)))  # noqa: DTZ001
    with pytest.raises(UnreadableInputError, match="no zone"):
        read_reviews(zoneless)


def test_no_rows_are_no_findings() -> None:
    reviews, findings = read_reviews(rows({}).clear())
    assert reviews.is_empty()
    assert findings == []
    assert measure_reviews(reviews).is_empty()


def test_the_days_are_exact_across_zones() -> None:
    placed = datetime(2026, 3, 2, tzinfo=UTC)
    found = measured(placed_at=placed.isoformat(), delivered_at=(placed + timedelta(days=7.25)).isoformat())
    assert found["wait_days"] == 7.25
