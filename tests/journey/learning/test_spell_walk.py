from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from entrepost.journey.learning.scans import History, read_history
from entrepost.journey.learning.spell_walk import alike
from entrepost.journey.learning.spells import COMPLETED, LOST, UNDER_WAY
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import LATER, simulate_history
from tests.worlds import MONDAY, two_offices


def read_first(network: Network, as_of: datetime = LATER, without: tuple[str, ...] = ()) -> History:
    """What the history of `two_offices` says of its order of Mon 00."""
    history = simulate_history(network, 1, AS_ASSUMED).filter(~pl.col("code").is_in(without))
    return read_history(network, history, as_of)


def hours_of(read: History) -> dict[str, float]:
    return {read.tables.steps[row["step"]].name: float(row["hours"]) for row in read.spells.spells}


def test_an_order_of_monday_takes_what_the_world_says() -> None:
    assert hours_of(read_first(two_offices())) == {
        "prepare": 24,
        "accept": 2,
        "outward": 4,
        "export green": 1,
        "air": 12,
        "inward": 4,
        "import green": 6,
        "deliver home": 12,
    }


def test_closed_hours_are_taken_out() -> None:
    """Accepted Tue 00 to Tue 02 all around the clock; open from 08 on only, at 10: still two open hours."""
    network = two_offices()
    accept = replace(network.processing[1], open_hours="Mo-Su 08-20")
    rows = (network.processing[0], accept, *network.processing[2:])
    assert hours_of(read_first(replace(network, processing=rows)))["accept"] == 2


def test_who_took_the_first_departure_missed_none() -> None:
    assert read_first(two_offices()).spells.missed["missed"].tolist() == [0]


def test_between_scans_that_are_not_neighbours_lies_a_gap() -> None:
    read = read_first(two_offices(), without=("EMB", "EXA"))
    (gap,) = read.spells.gaps
    assert (gap["after"], gap["until"], gap["ended"] - gap["begun"]) == (1, 4, 7)
    assert set(hours_of(read)) == {"prepare", "air", "inward", "import green", "deliver home"}


def test_an_item_that_is_not_through_is_under_way() -> None:
    """On Wednesday 02 it has been inward for two hours."""
    spells = read_first(two_offices(), MONDAY + timedelta(hours=50)).spells.spells
    assert spells["outcome"].tolist()[-1] == UNDER_WAY
    assert (spells["outcome"][:-1] == COMPLETED).all()
    assert spells["hours"][-1] == 2


def test_an_item_of_which_nothing_was_heard_for_two_months_is_lost() -> None:
    read = read_first(two_offices(), MONDAY + timedelta(days=90), ("EDB", "EDC", "EMF", "EMG", "EDG", "EMI"))
    assert read.spells.spells["outcome"].tolist()[-1] == LOST


def test_who_was_seen_further_on_is_not_in_the_step_where_it_was_last_scanned_on_time() -> None:
    """A hold by customs shows that it has left the inward work; a round, that it has come to the delivery office."""
    network = two_offices()
    held = replace(network.clearance[1], held=True)
    strict = replace(network, clearance=(network.clearance[0], held))
    read = read_first(strict, MONDAY + timedelta(hours=56), ("EDB",))
    assert "inward" not in hours_of(read)
    assert "deliver home" not in hours_of(read_first(network, LATER, ("EMG", "EMI")))


def test_reasons_are_compared() -> None:
    assert alike(2, 2)
    assert not alike(2, 3)
