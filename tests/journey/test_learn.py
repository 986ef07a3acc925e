from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.journey.learn import choose_half_life, learn, learn_more, priors_of, to_instant
from entrepost.journey.learning.hazard_pool import list_levels, tabulate
from entrepost.journey.learning.scans import read_history
from entrepost.network.check import check_network
from entrepost.network.feed import write_network
from entrepost.network.network import Network
from tests.journey.histories import DIFFERENT, LATER, SEED, drop_scans, simulate_history, uncertain_offices
from tests.worlds import MONDAY, two_offices

WORK = [("CNSHAA", "prepare"), ("CNSHAA", "accept"), ("CNSHAA", "outward"), ("DEFRAA", "inward")]
SIGMA = math.log(3) / 1.2815515655446004
"""The shifted lognormals of `uncertain_offices`: from the median to the P90 0.5 to 1.5 times the median."""


@pytest.fixture(scope="module")
def network() -> Network:
    return uncertain_offices()


@pytest.fixture(scope="module")
def history(network: Network) -> pl.DataFrame:
    return simulate_history(network, 3000)


def list_rows(network: Network) -> dict[str, object]:
    """The rows that are learned, by the place and step of `World.draw_factor`."""
    return {
        **{f"{row.facility}/{row.activity}": row for row in network.processing},
        **{f"{row.from_facility}>{row.to_facility}/ride": row for row in network.departures},
        **{f"{row.facility}/{row.direction} {row.channel}": row for row in network.clearance},
        **{f"{row.area}/deliver {row.product}": row for row in network.delivery},
    }


def check_within_sampling_error(network: Network, learned: Network) -> None:
    """Median and P90 lie within four standard errors of the sample quantiles of the truth.

    Of n draws of a lognormal with this sigma, log(median) has the standard error 1.2533 sigma / sqrt(n), and
    log(P90) sqrt(0.09) / 0.1755 = 1.709 sigma / sqrt(n); 0.01 h is the rounding of the folder. With 16 figures
    that are not all independent, four standard errors are passed by chance once in a thousand times.
    """
    for place, old in list_rows(network).items():
        row = list_rows(learned)[place]
        factor = DIFFERENT.draw_factor(SEED, *place.split("/"))
        found = re.search(r"from ([\d,]+) observations", row.source)  # type: ignore[attr-defined]
        assert found, row
        n = int(found[1].replace(",", ""))
        assert n > 1000
        for name, error in (("hours_p50", 1.2533), ("hours_p90", 1.709)):
            truth, low = getattr(old, name) * factor, old.hours_min * factor  # type: ignore[attr-defined]
            bound = 4 * error * SIGMA / math.sqrt(n) * (truth - low) + 0.01
            assert abs(getattr(row, name) - truth) < bound, (place, name, truth, row)


def test_learned_times_are_within_sampling_error_of_the_truth(network: Network, history: pl.DataFrame) -> None:
    check_within_sampling_error(network, learn(network, history, LATER))


def test_so_they_are_with_three_scans_in_ten_missing(network: Network, history: pl.DataFrame) -> None:
    check_within_sampling_error(network, learn(network, drop_scans(history, 0.3), LATER))


def test_items_under_way_do_not_make_steps_look_short(network: Network) -> None:
    """All items are ordered within a day; who is prepared after 20 hours was quick, and half are not."""
    orders = simulate_history(network, 3000).with_columns(
        [(pl.col(name) - (pl.col("placed_at") - MONDAY)).alias(name) for name in ("time", "recorded_at")],
        placed_at=pl.lit(MONDAY),
    )
    unscanned = orders.unique("item_id").with_columns(code=pl.lit(None, pl.String))
    truth = 24 * DIFFERENT.draw_factor(SEED, "CNSHAA", "prepare")
    moment = MONDAY + timedelta(hours=round(truth) + 4)
    learned = learn(network, pl.concat([orders, unscanned]), moment)
    row = list_rows(learned)["CNSHAA/prepare"]
    found = re.search(r"from ([\d,]+) observations, ([\d,]+) under way", row.source)  # type: ignore[attr-defined]
    assert found
    assert int(found[2].replace(",", "")) > 900
    assert abs(row.hours_p50 - truth) < 4 * 1.2533 * SIGMA / math.sqrt(3000) * truth / 2 + 0.5  # type: ignore[attr-defined]


def test_without_word_of_the_unscanned_fresh_orders_do_not_count_as_quick(
    network: Network, history: pl.DataFrame
) -> None:
    moment = MONDAY + timedelta(days=60)
    row = list_rows(learn(network, history, moment))["CNSHAA/prepare"]
    assert "from 1,3" in row.source  # type: ignore[attr-defined]
    truth = 24 * DIFFERENT.draw_factor(SEED, "CNSHAA", "prepare")
    assert abs(row.hours_p50 - truth) < 4 * 1.2533 * SIGMA / math.sqrt(1300) * truth / 2  # type: ignore[attr-defined]


def test_fixed_times_are_learned_to_the_hour() -> None:
    """Two offices: 24 hours of preparation really are 24 x the world's factor, in whole hours on the mean."""
    network = two_offices()
    learned = learn(network, simulate_history(network, 300), LATER)
    for facility, activity in WORK:
        old, new = (each.find_processing(facility, activity, "*") for each in (network, learned))
        assert old is not None
        assert new is not None
        truth = old.hours_p50 * DIFFERENT.draw_factor(SEED, facility, activity)
        assert abs(new.hours_p50 - truth) < 0.6


def test_a_learned_network_is_sound_and_says_what_stands_behind_it(network: Network, history: pl.DataFrame) -> None:
    learned = learn(network, history, LATER)
    assert all(row.source.startswith("learned 2026-05-05 from 3,000 observations") for row in learned.processing)
    assert learned.sources["learned"]["title"] == "learned from events up to 2026-05-05"
    assert [row.open_hours for row in learned.processing] == [row.open_hours for row in network.processing]


def test_the_folder_of_a_learned_network_passes_the_check(
    network: Network, history: pl.DataFrame, tmp_path: pytest.TempPathFactory
) -> None:
    write_network(learn(network, history, LATER), tmp_path)  # type: ignore[arg-type]
    assert not [finding for finding in check_network(tmp_path) if finding.level == "error"]  # type: ignore[arg-type]


def test_an_empty_history_changes_nothing_and_says_so(network: Network, history: pl.DataFrame) -> None:
    learned = learn_more(network, history.head(0), LATER)
    assert learned.network == network
    assert [finding.code for finding in learned.findings] == ["learn_history_empty"]


def test_a_history_of_one_item_moves_figures_a_little(network: Network, history: pl.DataFrame) -> None:
    one = history.filter(pl.col("order_id") == "x0")
    learned = learn(network, one, LATER)
    for new, old in zip(learned.processing, network.processing, strict=True):
        assert "from 1 observation," in new.source
        assert 0.5 < new.hours_p50 / old.hours_p50 < 2


def test_rows_of_which_nothing_alike_was_seen_keep_their_figures(network: Network, history: pl.DataFrame) -> None:
    only = history.filter(pl.col("code").is_in(["EMA", "EMB"]))
    learned = learn(network, only, LATER)
    assert learned.delivery == network.delivery
    assert learned.processing[1].source.startswith("learned")
    assert learned.processing[3] == network.processing[3]


def test_a_place_without_observations_learns_from_its_like(network: Network, history: pl.DataFrame) -> None:
    twin = replace(network.delivery[0], area="DE-2")
    region = replace(network.regions[0], region="DE-2", area="DE-2")
    wide = replace(network, delivery=(*network.delivery, twin), regions=(*network.regions, region))
    also = history.head(1).with_columns(item_id=pl.lit("other"), order_id=pl.lit("other"), area=pl.lit("DE-2"))
    learned = learn(wide, pl.concat([history, also]), LATER)
    known, unknown = learned.delivery
    assert unknown.source.endswith("from 0 observations, 0 under way, 3,000 of its like")
    assert wide.delivery[1].hours_p50 + 0.5 < unknown.hours_p50 <= known.hours_p50 + 0.5


def test_recent_weeks_weigh_more_where_times_have_changed(network: Network) -> None:
    before = simulate_history(network, 2000)
    slow = replace(network, processing=tuple(replace(row, **_times(row, 1.6)) for row in network.processing))
    after = simulate_history(slow, 2000).with_columns(item_id=pl.col("item_id") + "b")
    shift = timedelta(days=100)
    moved = [pl.col(name) + shift for name in ("time", "recorded_at", "placed_at")]
    events = pl.concat([before, after.with_columns(moved)])
    learned = learn_more(network, events, MONDAY + timedelta(days=140))
    assert learned.half_life_days <= 28
    steady = learn_more(network, before, MONDAY + timedelta(days=90))
    assert steady.half_life_days > 28


def _times(row: object, factor: float) -> dict[str, float]:
    return {name: getattr(row, name) * factor for name in ("hours_min", "hours_p50", "hours_p90")}


def test_the_half_life_of_a_short_history_is_infinite(network: Network, history: pl.DataFrame) -> None:
    moment = MONDAY + timedelta(days=30)
    read = read_history(network, history, moment)
    priors = priors_of(network, read.tables.steps)
    likeness = (priors, tabulate(priors), list_levels(read.tables.steps))
    assert choose_half_life(read, likeness) == float("inf")


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_scrambling_what_came_later_changes_nothing(seed: int) -> None:
    network = uncertain_offices()
    history = simulate_history(network, 200)
    moment = MONDAY + timedelta(days=50)
    later = history.filter(pl.col("recorded_at") > moment)
    scrambled = later.with_columns(
        pl.col("code", "facility").shuffle(seed), time=pl.col("time") + timedelta(hours=seed), reason=pl.lit("X")
    )
    known = history.filter(pl.col("recorded_at") <= moment)
    assert learn(network, pl.concat([known, scrambled]), moment) == learn(network, history, moment)
    assert learn(network, known, moment) == learn(network, history, moment)


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_order_and_repetition_of_events_change_nothing(seed: int) -> None:
    network = uncertain_offices()
    history = simulate_history(network, 200)
    mixed = pl.concat([history, history.sample(50, seed=seed)]).sample(fraction=1.0, shuffle=True, seed=seed)
    assert learn(network, mixed, LATER) == learn(network, history, LATER)


def test_a_date_is_its_first_instant() -> None:
    assert to_instant(date(2026, 3, 1)) == datetime(2026, 3, 1, tzinfo=UTC)
    assert to_instant(datetime(2026, 3, 1, 5, tzinfo=UTC)) == datetime(2026, 3, 1, 5, tzinfo=UTC)


def test_a_missing_column_is_told(network: Network, history: pl.DataFrame) -> None:
    with pytest.raises(MisuseError, match="no column code"):
        learn(network, history.drop("code"), LATER)


def test_figures_ascend_whatever_is_learned(network: Network) -> None:
    noisy = simulate_history(network, 30)
    hours = np.random.default_rng(3).integers(-200, 200, noisy.height)
    shaken = noisy.with_columns(time=pl.col("time") + pl.duration(hours=pl.Series(hours)))
    learned = learn(network, shaken, LATER)
    for row in (*learned.processing, *learned.departures, *learned.clearance, *learned.delivery):
        assert 0 <= row.hours_min <= row.hours_p50 <= row.hours_p90 < 10_000
