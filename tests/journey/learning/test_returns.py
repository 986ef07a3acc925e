"""Items that are sent back: their way back is no way out, and where they turned is another end of a step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from entrepost.journey.learn import learn
from entrepost.journey.learning.returns import INWARD, LEAVING, OUTWARD
from entrepost.journey.learning.stages import CODES
from entrepost.network.network import Network
from tests.journey.histories import LATER, drop_scans, simulate_history, uncertain_offices

WAY_BACK = (
    ("EDX", "DEFRAA", 24),
    ("EMA", "DEFRAA", 40),
    ("EMB", "DEFRAA", 42),
    ("EXA", "DEFRAA", 50),
    ("EXC", "DEFRAA", 52),
    ("EMC", "DEFRAA", 100),
    ("EMD", "CNSHAA", 120),
    ("EDB", "CNSHAA", 130),
    ("EMF", "CNSHAA", 140),
    ("EMG", "CNSHAA", 150),
    ("EMI", "CNSHAA", 170),
)
"""What is scanned of a return, and how many hours after the attempt that failed."""


@pytest.fixture(scope="module")
def network() -> Network:
    return uncertain_offices()


@pytest.fixture(scope="module")
def history(network: Network) -> pl.DataFrame:
    return simulate_history(network, 3000)


def is_sent_back(history: pl.DataFrame, share: float = 0.1) -> pl.Series:
    """Of each scan whether its item is one of the share that is sent back."""
    return (history["order_id"].str.slice(1).cast(pl.Int64) * 37 % 100 < 100 * share).alias("back")


def way_back(turned: pl.DataFrame) -> pl.DataFrame:
    """The scans of the way back of items, from the last one of each on their way out."""
    parts = []
    for code, place, hours in WAY_BACK:
        moved = [(pl.col(name) + timedelta(hours=hours)).alias(name) for name in ("time", "recorded_at")]
        reason = pl.lit("RETURNED" if code == "EDX" else None, pl.String)
        parts.append(turned.with_columns(*moved, code=pl.lit(code), facility=pl.lit(place), reason=reason))
    return pl.concat(parts)


def refused_at_the_door(history: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The history in which one attempt in ten fails and is the last: without and with the way back that follows."""
    last = is_sent_back(history) & (history["code"] == "EMI")
    out = history.with_columns(code=pl.when(last).then(pl.lit("EMH")).otherwise("code"))
    return out, pl.concat([out, way_back(out.filter(last))])


def test_the_way_back_does_not_change_what_is_learned_of_the_way_out(network: Network, history: pl.DataFrame) -> None:
    out, both = refused_at_the_door(history)
    assert learn(network, both, LATER) == learn(network, out, LATER)


def test_nor_does_it_where_every_scan_of_the_turn_is_missing(network: Network, history: pl.DataFrame) -> None:
    """Leaving the country that it went to, and coming to the one that it came from, show the way back as well."""
    out, both = refused_at_the_door(history)
    assert learn(network, both.filter(pl.col("code") != "EDX"), LATER) == learn(network, out, LATER)


def test_with_three_scans_in_ten_missing_times_stay_what_they_are(network: Network, history: pl.DataFrame) -> None:
    """Four standard errors of about 1,400 spells, 1.7 x 0.86 / sqrt(1400) of a P90, are 16 %."""
    learned = learn(network, drop_scans(refused_at_the_door(history)[1], 0.3), LATER)
    plain = learn(network, history, LATER)
    for table in ("processing", "departures", "clearance", "delivery"):
        for new, old in zip(getattr(learned, table), getattr(plain, table), strict=True):
            assert new.hours_p90 == pytest.approx(old.hours_p90, rel=0.16, abs=0.6), new


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_who_is_sent_back_before_the_delivery_office_counts_as_lost_there(
    network: Network, history: pl.DataFrame, missing: float
) -> None:
    """One item in ten has a wrong address, which is found out on the way to the office; one in a hundred was said.

    Four standard errors of 3,000 items, of which those tell that are old enough to be given up.
    """
    said = replace(network, delivery=(replace(network.delivery[0], lost_per_million=10_000),))
    at_customs = is_sent_back(history) & (history["code"] == "EMF")
    gone = is_sent_back(history) & history["code"].is_in(["EMG", "EDG", "EMI"])
    sent = pl.concat([history.filter(~gone), way_back(history.filter(at_customs))])
    learned = learn(said, drop_scans(sent, missing), LATER).delivery[0]
    plain = learn(network, history, LATER).delivery[0]
    assert learned.lost_per_million / 1e6 == pytest.approx(0.1, abs=4 * (0.09 / (1600 * (1 - missing) ** 2)) ** 0.5)
    assert learned.hours_p90 == pytest.approx(plain.hours_p90, rel=0.1)


def test_returns_after_an_attempt_are_no_losses_of_the_steps_before(network: Network, history: pl.DataFrame) -> None:
    """With three scans in ten missing, many a returned item was last seen long before it reached the door."""
    learned = learn(network, drop_scans(refused_at_the_door(history)[1], 0.3), LATER)
    assert learned.delivery[0].lost_per_million < 15_000
    assert all(row.lost_per_million < 15_000 for row in learned.processing)


def test_mail_that_is_accepted_again_in_the_country_of_the_addressee_is_not_on_its_way_back(
    network: Network, history: pl.DataFrame
) -> None:
    """A carrier of the last mile may say so; it says nothing of the first acceptance."""
    again = history.filter(pl.col("code") == "EMG").with_columns(code=pl.lit("EMA"))
    assert learn(network, pl.concat([history, again]), LATER) == learn(network, history, LATER)


def test_codes_of_leaving_and_arriving_are_apart() -> None:
    assert {CODES[code] for code in OUTWARD} == {"EMA", "EMB", "EXA", "EXC", "EMC", "EXB", "EXX"}
    assert set(LEAVING) < set(OUTWARD)
    assert not set(OUTWARD) & set(INWARD)
