"""Each planted thing is found as what it is, and what it explains is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from entrepost.journey.silence import Silence, weigh_silence
from entrepost.operations.exceptions_found import (
    DEPARTURE_MISSED,
    DEPARTURE_MISSING,
    ITEM_SILENT,
    PARTNER_QUIET,
    STEP_SLOW,
    Found,
    find_all,
    find_items,
    find_partners,
)
from entrepost.operations.exceptions_params import ExceptionParams
from entrepost.tables.frames import empty
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, QUIET_SINCE, lost_departure, lost_item, quiet_office, slow_step, usual

NETWORK = uncertain_offices()
PARAMS = ExceptionParams()


def find(events: pl.DataFrame) -> tuple[Silence, list[Found]]:
    silence = weigh_silence(NETWORK, events, NOW)
    return silence, find_all(silence, PARAMS, empty("containment"))[0]


def names(silence: Silence, found: Found) -> set[str]:
    return set(silence.watch.items["item_id"].gather(found.items).to_list())


def test_where_nothing_is_planted_nothing_is_found() -> None:
    assert find(usual())[1] == []


def test_a_quiet_office_is_one_exception_with_its_items_and_nothing_else() -> None:
    silence, found = find(quiet_office())
    assert [(each.kind, each.place) for each in found] == [(PARTNER_QUIET, "DEFRAA")]
    assert found[0].items.size > 100
    assert (silence.place[found[0].items] == 1).all()


def test_a_partner_quiet_at_several_offices_is_one_exception() -> None:
    """Both offices are quiet: where they are of one country it is one partner, otherwise there are two."""
    events = quiet_office().filter((pl.col("facility") == "DEFRAA") | (pl.col("time") < QUIET_SINCE))
    german = tuple(replace(row, country="DE") for row in NETWORK.facilities)
    counts = {}
    for name, network in (("two", NETWORK), ("one", replace(NETWORK, facilities=german))):
        silence = weigh_silence(network, events, NOW)
        counted = np.ones(silence.chance.size, dtype=np.bool_)
        counts[name] = find_partners(silence, ExceptionParams(due_least=0.5), counted)
    assert [each.subject for each in counts["two"]] == ["CNSHAA", "DEFRAA"]
    (both,) = counts["one"]
    assert (both.subject, both.facts) == ("DE", {"partner": "DE", "offices": "CNSHAA DEFRAA"})
    assert both.items.size == sum(each.items.size for each in counts["two"])
    assert both.chance == min(each.chance for each in counts["two"])
    assert both.since == min(each.since for each in counts["two"])


def test_a_lost_departure_is_one_exception_with_its_items() -> None:
    events, lost = lost_departure()
    silence, found = find(events)
    assert [each.kind for each in found] == [DEPARTURE_MISSING]
    assert names(silence, found[0]) == set(lost)
    assert (found[0].facts["whole"], found[0].facts["later"]) == (len(lost), 1)


def test_a_part_of_a_departure_is_told_by_that_departure() -> None:
    events, lost = lost_departure(0.2)
    silence, found = find(events)
    assert [each.kind for each in found] == [DEPARTURE_MISSING]
    assert names(silence, found[0]) == set(lost)
    assert found[0].facts["whole"] > 4 * len(lost)


def test_items_that_were_ready_and_did_not_leave_are_told_by_the_departure_they_missed() -> None:
    """Those ready on the Monday before were left behind by the flights of Tuesday and Friday."""
    ready = usual().filter(
        (pl.col("code") == "EXC") & pl.col("time").is_between(NOW - timedelta(days=4), NOW - timedelta(days=3.5))
    )
    left = ready["item_id"].to_list()
    assert len(left) > 8
    gone = pl.col("item_id").is_in(left) & ~pl.col("code").is_in(["EMA", "EMB", "EXA", "EXC"])
    silence = weigh_silence(NETWORK, usual().filter(~gone), NOW + timedelta(days=1))
    found = find_all(silence, PARAMS, empty("containment"))[0]
    assert [(each.kind, each.place) for each in found] == [(DEPARTURE_MISSED, "CNSHAA")]
    assert names(silence, found[0]) == set(left)


def test_a_slow_step_is_one_exception_that_says_by_how_much() -> None:
    _, found = find(slow_step())
    assert [(each.kind, each.subject, each.place) for each in found] == [(STEP_SLOW, "inward DEFRAA", "DEFRAA")]
    assert 40 <= int(found[0].facts["percent"]) <= 60
    assert found[0].extra_hours > 1.5


def test_a_lost_item_is_told_by_its_name() -> None:
    events, item = lost_item()
    silence, found = find(events)
    assert [(each.kind, each.subject) for each in found] == [(ITEM_SILENT, item)]
    assert names(silence, found[0]) == {item}


def test_an_item_behind_one_exception_is_behind_no_other() -> None:
    lost = lost_departure()[1]
    quiet = quiet_office()
    gone = pl.col("item_id").is_in(lost) & pl.col("code").is_in(["EMD", "EDB", "EDC", "EMF", "EMG", "EDG", "EMI"])
    _, found = find(quiet.filter(~gone))
    every = np.concatenate([each.items for each in found])
    assert every.size == np.unique(every).size
    assert PARTNER_QUIET in {each.kind for each in found}


def test_who_waits_for_a_quiet_office_does_not_count_any_more() -> None:
    silence = weigh_silence(NETWORK, quiet_office(), NOW)
    counted = np.ones(silence.chance.size, dtype=np.bool_)
    find_partners(silence, PARAMS, counted)
    assert not counted[silence.under_way & (silence.place == 1)].any()
    assert find_items(silence, PARAMS, counted) == ([], 0.0)


def test_an_office_where_little_is_due_is_not_told() -> None:
    silence = weigh_silence(NETWORK, quiet_office(), NOW)
    counted = np.ones(silence.chance.size, dtype=np.bool_)
    assert find_partners(silence, ExceptionParams(due_least=1e6), counted) == []
    assert counted.all()
