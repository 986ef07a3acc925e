from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.journey.learn import learn_more
from entrepost.journey.learning.facts import (
    Facts,
    codes_of,
    drop_before,
    gather,
    hours_of,
    join_facts,
    no_facts,
    places_of,
    reasons_of,
    to_typed,
)
from entrepost.journey.learning.stages import CODES
from entrepost.planning.simulation.world import AS_ASSUMED
from entrepost.reference.event_code import list_event_codes
from tests.journey.histories import LATER, drop_scans, simulate_history, uncertain_offices
from tests.worlds import MONDAY, two_offices

NETWORK = uncertain_offices()
HISTORY = drop_scans(simulate_history(NETWORK, 150), 0.2).sort("recorded_at")


def row(item: str, code: str | None, hour: float = 0, **cells: object) -> dict[str, object]:
    return {"item_id": item, "code": code, "time": MONDAY + timedelta(hours=hour), "facility": "CNSHAA", **cells}


def facts_of(*rows: dict[str, object]) -> Facts:
    return gather(pl.DataFrame(rows, infer_schema_length=None), LATER).facts


def codes_found(events: pl.DataFrame) -> list[str]:
    return [finding.code for finding in gather(events, LATER).findings]


def same(one: Facts, other: Facts) -> bool:
    return one.items.equals(other.items) and (one.keys == other.keys).all() and one.places == other.places


def test_a_fact_keeps_hour_place_code_and_reason() -> None:
    facts = facts_of(row("b", "EMB", 2.5), row("b", "EXB", 1, facility=None, reason="NO_DECLARATION"), row("a", "EMA"))
    monday = int(MONDAY.timestamp()) // 3600
    assert facts.items.get_column("item_id").to_list() == ["a", "b"]
    assert facts.offsets.tolist() == [0, 1, 3]
    assert (hours_of(facts.keys) - monday).tolist() == [0, 1, 3]
    assert [CODES[code] for code in codes_of(facts.keys)] == ["EMA", "EXB", "EMB"]
    assert [("", *facts.places)[place] for place in places_of(facts.keys)] == ["CNSHAA", "", "CNSHAA"]
    assert reasons_of(facts.keys).tolist() == [0, 2, 0]


def test_a_row_without_a_code_says_that_an_item_was_ordered() -> None:
    facts = facts_of(row("a", None, placed_at=MONDAY, service="PACKET"))
    assert codes_of(facts.keys).tolist() == [len(CODES)]
    assert facts.items.row(0, named=True)["service"] == "PACKET"


def test_what_is_not_known_yet_comes_back_as_it_is() -> None:
    early, late = row("a", "EMA", recorded_at=MONDAY), row("b", "EMB", 1, recorded_at=LATER + timedelta(days=1))
    gathered = gather(pl.DataFrame([early, late]), LATER)
    assert gathered.facts.items.get_column("item_id").to_list() == ["a"]
    again = gather(gathered.later.collect(), LATER + timedelta(days=2))
    assert again.facts.items.get_column("item_id").to_list() == ["b"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, HISTORY.height), min_size=1, max_size=3), st.booleans())
def test_facts_of_parts_put_together_are_those_of_the_whole(seed: int, cuts: list[int], overlap: bool) -> None:
    """Parts in whatever order, with some rows in two of them; what is learned from them is equal to the last digit."""
    mixed = HISTORY.sample(fraction=1.0, shuffle=True, seed=seed)
    bounds = [0, *sorted(cuts), HISTORY.height]
    parts = [mixed[begin : end + 40 * overlap] for begin, end in pairwise(bounds)]
    moment = MONDAY + timedelta(days=60)
    whole, together = gather(HISTORY, moment).facts, no_facts()
    for part in parts:
        together = join_facts(together, gather(part, moment).facts)
    assert same(whole, together)
    assert learn_more(NETWORK, together, moment) == learn_more(NETWORK, whole, moment)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 110), min_size=1, max_size=4, unique=True))
def test_learning_day_by_day_is_learning_at_once(days: list[int]) -> None:
    """At each day what became known since is added: items under way go on where they were."""
    facts, later = no_facts(), to_typed(HISTORY.head(0))
    read = 0
    for day in sorted(days):
        moment = MONDAY + timedelta(days=day)
        news = HISTORY.filter(pl.col("recorded_at") <= moment + timedelta(days=3))[read:]
        read += news.height
        gathered = gather(pl.concat([later, to_typed(news)]), moment)
        facts, later = join_facts(facts, gathered.facts), gathered.later.collect()
        assert learn_more(NETWORK, facts, moment).network == learn_more(NETWORK, HISTORY, moment).network


def test_repeated_events_are_told_and_count_once() -> None:
    twice = pl.concat([HISTORY, HISTORY.head(70)])
    assert codes_found(twice) == ["learn_repeated"]
    assert "70 events" in gather(twice, LATER).findings[0].message
    assert same(gather(twice, LATER).facts, gather(HISTORY, LATER).facts)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": pl.lit("ZZZ")}, "learn_code_unknown"),
        ({"time": pl.lit(None, pl.Datetime("us", "UTC"))}, "learn_row_incomplete"),
        ({"item_id": pl.lit(None, pl.String)}, "learn_row_incomplete"),
        ({"time": pl.lit(datetime(1970, 1, 2, tzinfo=UTC))}, "learn_time_early"),
    ],
)
def test_rows_that_say_nothing_are_told_and_left_out(change: dict[str, pl.Expr], code: str) -> None:
    bad = pl.int_range(pl.len()) % 10 == 0
    changed = [pl.when(bad).then(value).otherwise(name).alias(name) for name, value in change.items()]
    events = HISTORY.with_columns(changed)
    assert codes_found(events) == [code]
    sound = HISTORY.filter(~bad)
    assert np.array_equal(gather(events, LATER).facts.keys, gather(sound, LATER).facts.keys)


def test_codes_of_the_upu_that_learning_does_not_read_are_no_fault() -> None:
    other = next(code.code for code in list_event_codes() if code.code not in CODES)
    assert codes_found(HISTORY.with_columns(code=pl.lit(other))) == []


@pytest.mark.parametrize(
    "times",
    [
        pl.col("time").dt.replace_time_zone(None),
        pl.col("time").dt.convert_time_zone("Asia/Shanghai"),
        pl.col("time").cast(pl.Datetime("ms", "UTC")),
        pl.col("time").dt.to_string("iso:strict"),
    ],
)
def test_instants_are_read_in_any_zone_and_unit(times: pl.Expr) -> None:
    assert same(gather(HISTORY.with_columns(time=times), LATER).facts, gather(HISTORY, LATER).facts)


def test_numbers_are_no_instants() -> None:
    with pytest.raises(MisuseError, match="time is Int64"):
        gather(HISTORY.with_columns(pl.col("time").dt.epoch("us")), LATER)


def test_a_frame_without_rows_or_types_is_an_empty_history() -> None:
    nothing = pl.DataFrame({"item_id": [], "code": [], "time": []})
    assert gather(nothing, LATER).facts.keys.size == 0


def test_items_of_long_ago_are_dropped_whole() -> None:
    network = two_offices()
    facts = gather(simulate_history(network, 10, AS_ASSUMED), LATER).facts
    last = hours_of(facts.keys[facts.offsets[1:] - 1])
    some = drop_before(facts, int(np.sort(last)[4]))
    assert some.items.height == 6
    assert some.keys.size == 6 * 12
    assert drop_before(facts, 0) is facts


def test_the_first_text_of_an_item_is_taken_where_texts_differ() -> None:
    one, other = facts_of(row("a", "EMA", area="DE-2")), facts_of(row("a", "EMB", area="DE-1"))
    for joined in (join_facts(one, other), join_facts(other, one)):
        assert joined.items.get_column("area").to_list() == ["DE-1"]
        assert joined.keys.size == 2
