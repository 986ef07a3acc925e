"""Events of bags, dispatches and consignments come down to the items that were inside at the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.tables.containment import check_containment, find_rounds, roll_down, to_containment
from entrepost.tables.frames import INSTANT, conform
from entrepost.tables.status import fold
from tests.mail.bags import CLOSED, PACKET, REGISTERED, two_bags, two_flights

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
Row = tuple[str, str, int | None, int | None]


def at(hour: int | None) -> datetime | None:
    return None if hour is None else MIDNIGHT + timedelta(hours=hour)


def containment(*rows: Row) -> pl.DataFrame:
    """Subject, container, first and last hour."""
    cells = [("main", subject, container, at(since), at(until)) for subject, container, since, until in rows]
    schema = {"tenant": pl.String, "subject": pl.String, "container": pl.String, "since": INSTANT, "until": INSTANT}
    return pl.DataFrame(cells, schema=schema, orient="row")


def events(*rows: tuple[str | None, int], code: str = "EMC") -> pl.DataFrame:
    """Subject and hour."""
    cells = [("main", subject, code, at(hour)) for subject, hour in rows]
    schema = {"tenant": pl.String, "subject": pl.String, "code": pl.String, "time": INSTANT}
    return pl.DataFrame(cells, schema=schema, orient="row")


def items(*names: str) -> pl.DataFrame:
    return pl.DataFrame({"item_id": list(names)}, schema={"item_id": pl.String})


def one_flight() -> pl.DataFrame:
    """Lamp and mug go into the bag at 1 and 2, the book into the other bag at 1.

    The mug is taken out at 4. Both bags are closed into the dispatch at 6 and fly from 10 to 20; the
    second bag leaves the flight at 15.
    """
    return containment(
        ("LAMP", "BAG-1", 1, None),
        ("MUG", "BAG-1", 2, 4),
        ("BOOK", "BAG-2", 1, None),
        ("BAG-1", "DISPATCH", 6, None),
        ("BAG-2", "DISPATCH", 6, None),
        ("BAG-1", "FLIGHT", 10, 20),
        ("BAG-2", "FLIGHT", 10, 15),
    )


def reached(*about: tuple[str | None, int], held: pl.DataFrame | None = None) -> list[str]:
    known = items("LAMP", "MUG", "BOOK")
    return roll_down(events(*about), one_flight() if held is None else held, known)[0].get_column("item_id").to_list()


def found(*about: tuple[str | None, int]) -> list[Finding]:
    return roll_down(events(*about), one_flight(), items("LAMP", "MUG", "BOOK"))[1]


def test_an_event_of_an_item_is_its_own() -> None:
    assert reached(("MUG", 5), ("LAMP", 0)) == ["MUG", "LAMP"]


def test_an_event_of_a_bag_is_one_of_each_item_in_it() -> None:
    assert reached(("BAG-1", 3)) == ["LAMP", "MUG"]


def test_an_item_taken_out_before_the_event_has_no_part_in_it() -> None:
    assert reached(("BAG-1", 5)) == ["LAMP"]


def test_the_first_instant_is_inside_and_the_last_is_outside() -> None:
    assert reached(("BAG-1", 2)) == ["LAMP", "MUG"]
    assert reached(("BAG-1", 4)) == ["LAMP"]


def test_an_item_put_in_later_has_no_part_in_it() -> None:
    assert reached(("BAG-1", 1)) == ["LAMP"]


def test_a_dispatch_comes_down_through_its_bags() -> None:
    assert reached(("DISPATCH", 7)) == ["LAMP", "BOOK"]


def test_every_step_down_must_hold_at_the_time() -> None:
    assert reached(("FLIGHT", 12)) == ["LAMP", "BOOK"]
    assert reached(("FLIGHT", 16)) == ["LAMP"]
    held = pl.concat([one_flight(), containment(("MUG", "BAG-1", 30, None))])
    assert reached(("FLIGHT", 31), held=held) == []


def test_what_has_no_beginning_was_inside_from_ever() -> None:
    assert reached(("BAG-1", -9_000), held=containment(("MUG", "BAG-1", None, 4))) == ["MUG"]


def test_an_item_reached_on_two_ways_gets_the_event_once() -> None:
    held = pl.concat([one_flight(), containment(("LAMP", "DISPATCH", 6, None), ("LAMP", "BAG-1", 3, None))])
    assert reached(("DISPATCH", 7), held=held) == ["LAMP", "BOOK"]


def test_rows_come_in_the_order_of_the_events_with_all_their_columns() -> None:
    given_events = events(("FLIGHT", 12), ("BOOK", 0), ("DISPATCH", 7)).with_columns(facility=pl.lit("NLHAGI"))
    rolled, findings = roll_down(given_events, one_flight(), items("BOOK", "LAMP"))
    assert findings == []
    assert rolled.columns == ["tenant", "subject", "code", "time", "facility", "item_id"]
    assert rolled.select("subject", "item_id").rows() == [
        *(("FLIGHT", "BOOK"), ("FLIGHT", "LAMP"), ("BOOK", "BOOK"), ("DISPATCH", "BOOK"), ("DISPATCH", "LAMP"))
    ]


def test_tenants_do_not_see_into_each_others_bags() -> None:
    held = one_flight().with_columns(tenant=pl.lit("other"))
    both = pl.DataFrame({"tenant": ["main", "other"], "item_id": ["LAMP", "LAMP"]})
    rolled, findings = roll_down(events(("BAG-1", 3)), held, both)
    assert (rolled.height, [finding.code for finding in findings]) == (0, ["event_subject_unknown"])
    rolled, _ = roll_down(events(("BAG-1", 3)).with_columns(tenant=pl.lit("other")), held, both)
    assert rolled.select("tenant", "item_id").rows() == [("other", "LAMP")]


def test_an_unknown_subject_is_a_finding_and_loses_no_other_event() -> None:
    about = (("BAG-1", 3), ("BAG-9", 3), (None, 3), ("BOOK", 3))
    assert [(finding.code, finding.level, finding.subject, finding.row) for finding in found(*about)] == [
        ("event_subject_unknown", "error", "BAG-9", 2),
        ("event_subject_unknown", "error", "event", 3),
    ]
    assert reached(*about) == ["LAMP", "MUG", "BOOK"]


def test_a_container_that_is_empty_at_the_time_is_a_warning() -> None:
    assert [(finding.code, finding.level, finding.row) for finding in found(("FLIGHT", 9), ("BAG-1", 0))] == [
        ("event_subject_empty", "warning", 1),
        ("event_subject_empty", "warning", 2),
    ]


def test_without_events_items_or_containment_nothing_happens() -> None:
    assert roll_down(events(), one_flight(), items("LAMP"))[0].height == 0
    assert reached(("LAMP", 3), held=containment()) == ["LAMP"]
    assert roll_down(events(("BAG-1", 3)), one_flight(), items())[0].height == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("A", "A", 1, None)], "A is in A at 2026-03-02T01:00:00"),
        ([("A", "B", None, None), ("B", "A", None, None)], "from ever"),
        ([("A", "B", 1, 5), ("B", "C", 2, 5), ("C", "A", 4, 9)], "at 2026-03-02T04:00:00"),
    ],
)
def test_what_is_inside_itself_is_refused_with_its_round_and_instant(rows: list[Row], message: str) -> None:
    with pytest.raises(MisuseError, match="containment goes round: ") as caught:
        roll_down(events(("LAMP", 1)), pl.concat([one_flight(), containment(*rows)]), items("LAMP"))
    assert message in str(caught.value)
    assert all(f"{subject} is in {container}" in str(caught.value) for subject, container, _, _ in rows)


def test_two_bags_may_hold_each_other_one_after_the_other() -> None:
    held = containment(("A", "B", 1, 5), ("B", "A", 5, 9), ("LAMP", "A", 0, None))
    assert reached(("B", 3), held=held) == ["LAMP"]
    assert reached(("B", 6), ("A", 6), held=held) == ["LAMP"]


def test_a_frame_without_a_needed_column_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match="column subject is missing"):
        roll_down(events().drop("subject"), one_flight(), items())
    with pytest.raises(UnreadableInputError, match="time"):
        roll_down(events().drop("time"), one_flight(), items())
    with pytest.raises(UnreadableInputError, match="container"):
        roll_down(events(), one_flight().drop("container"), items())


def test_mail_that_leaves_before_it_gets_in_was_never_there() -> None:
    held = containment(("LAMP", "BAG-1", 5, 3))
    assert [(finding.code, finding.subject, finding.row) for finding in check_containment(held)] == [
        ("containment_reversed", "LAMP", 1)
    ]
    assert reached(("BAG-1", 4), held=held) == []


def test_being_in_two_bags_at_once_is_a_warning() -> None:
    one, two = (bag.receptacle_id for bag in two_bags().receptacles)
    held = containment(("LAMP", two, 5, None), ("LAMP", one, 1, None), ("MUG", one, 1, 3), ("MUG", two, 3, None))
    findings = check_containment(held)
    assert [(finding.code, finding.level, finding.row) for finding in findings] == [
        ("containment_overlap", "warning", 1)
    ]
    assert one in findings[0].message


def test_a_bag_is_in_its_dispatch_and_on_its_flight_at_once() -> None:
    assert check_containment(to_containment([two_bags()], [two_flights()])) == []


def test_what_the_nouns_hold_rolls_down_to_a_status() -> None:
    first, last = two_bags().receptacles
    bags = (replace(first, item_ids=(PACKET,)), replace(last, item_ids=(REGISTERED,)))
    held = to_containment([replace(two_bags(), receptacles=bags)], [replace(two_flights(), receptacles=bags)])
    assert conform(held, "containment").equals(held)
    about = pl.DataFrame(
        {
            "subject": [last.receptacle_id, "NLA000012345", "NLHAGIUSJFKAAUN60017"],
            "code": ["EMB", "EMC", "EMD"],
            "time": [CLOSED + timedelta(hours=hour) for hour in (0, 1, 30)],
        }
    )
    rolled, findings = roll_down(about, held, items(PACKET, REGISTERED))
    assert findings == []
    assert fold(rolled).select("item_id", "events").sort("item_id").rows() == [(PACKET, 2), (REGISTERED, 3)]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Row], list[tuple[str | None, int]]]:
    """Items in bags in dispatches in flights, at any hours."""
    levels = [["LAMP", "MUG", "BOOK"], ["BAG-1", "BAG-2"], ["DISPATCH"], ["FLIGHT"]]
    hours = st.none() | st.integers(0, 6)
    rows: list[Row] = []
    for _ in range(draw(st.integers(0, 10))):
        low = draw(st.integers(0, 2))
        high = draw(st.integers(low + 1, 3))
        inner, outer = draw(st.sampled_from(levels[low])), draw(st.sampled_from(levels[high]))
        rows.append((inner, outer, draw(hours), draw(hours)))
    names = st.sampled_from([name for level in levels for name in level])
    return rows, draw(st.lists(st.tuples(names, st.integers(0, 6)), max_size=6))


def walk(subject: str, hour: int, rows: list[Row]) -> set[str]:
    """What is in a subject at an hour, found step by step."""
    within = {subject}
    for inner, outer, since, until in rows:
        if outer == subject and (since is None or since <= hour) and (until is None or hour < until):
            within |= walk(inner, hour, rows)
    return within


@given(worlds())
def test_frames_come_down_as_a_walk_does(world: tuple[list[Row], list[tuple[str | None, int]]]) -> None:
    rows, about = world
    expected = [
        name for subject, hour in about for name in ("LAMP", "MUG", "BOOK") if name in walk(str(subject), hour, rows)
    ]
    assert reached(*about, held=containment(*rows)) == expected


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC"), st.integers(0, 4), st.integers(0, 4)), max_size=6
    )
)
def test_a_round_is_refused_just_where_at_some_hour_there_is_one(rows: list[Row]) -> None:
    def goes_round(hour: int) -> bool:
        above = {(inner, outer) for inner, outer, since, until in rows if since <= hour < until}  # type: ignore[operator]
        for _ in range(3):
            above |= {(a, d) for a, b in above for c, d in above if b == c}
        return any(inner == outer for inner, outer in above)

    if any(goes_round(hour) for hour in range(5)):
        with pytest.raises(MisuseError, match="goes round"):
            roll_down(events(), containment(*rows), items())
    else:
        assert roll_down(events(), containment(*rows), items())[1] == []


def test_only_the_rows_that_go_round_at_some_instant_are_named() -> None:
    held = containment(
        ("LAMP", "BAG-1", 1, None),
        ("BAG-1", "BAG-2", 1, 3),
        ("BAG-2", "BAG-1", 2, None),
        ("BAG-3", "BAG-3", None, None),
        ("BAG-4", "BAG-5", 1, 2),
        ("BAG-5", "BAG-4", 2, 3),
    )
    round_names = [("BAG-1", "BAG-2"), ("BAG-2", "BAG-1"), ("BAG-3", "BAG-3")]
    assert find_rounds(held).select("subject", "container").rows() == round_names
    assert find_rounds(one_flight()).is_empty()
