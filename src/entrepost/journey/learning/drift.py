"""Where steps have become slower or faster than the network says: what was completed against what should have been."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from entrepost.journey.learn import cut_spells, priors_of, to_instant
from entrepost.journey.learning.channels import first_beliefs, weigh_spells
from entrepost.journey.learning.hazard import count
from entrepost.journey.learning.hazard_pool import Floats, list_hazards
from entrepost.journey.learning.scans import read_history
from entrepost.network.network import Network

Z95 = 1.959963984540054
SCHEMA = {
    **dict.fromkeys(("step", "place", "country"), pl.String),
    **dict.fromkeys(("completed", "expected", "ratio", "least", "most"), pl.Float64),
}


def drift(network: Network, events: pl.DataFrame, window: tuple[datetime | date, datetime | date]) -> pl.DataFrame:
    """Compare the completions of a window with what the network makes expect of the items that were there.

    Parameters
    ----------
    network : Network
        Whose step times are put to the test.
    events : DataFrame
        As for `learn`, also from before the window: items that were there already count from then on.
    window : tuple
        From when until when; what became known after its end is not looked at.

    Returns
    -------
    DataFrame
        A row per step at a place with anything to expect: step, place, country, completed, expected (the
        hazard of each item-hour in the window added up), ratio (above 1: faster than said) with a 95 %
        interval least to most, the slowest first.

    References
    ----------
    Breslow, Day: Statistical methods in cancer research II, 1987 (observed over expected, Byar's limits).
    """
    begin, end = (to_instant(each) for each in window)
    history = read_history(network, events, end)
    steps = history.tables.steps
    if not steps:
        return pl.DataFrame(schema=SCHEMA)
    priors = priors_of(network, steps)
    weigh_spells(history.spells.spells, history, first_beliefs(steps, priors))
    cut = history.as_of - int((end - begin).total_seconds() // 3600)
    before, now = cut_spells(history, cut), history.spells.spells
    always = np.array([np.inf])
    known, then = (count(each, len(steps), at, always, 0) for each, at in ((before, cut), (now, history.as_of)))
    hazards, _ = list_hazards(priors, np.ones(len(steps)))
    expected = (np.maximum(then.held[0] - known.held[0], 0.0) * hazards).sum(axis=1)
    completed = np.maximum((then.done[0] - known.done[0]).sum(axis=1), 0.0)
    least, most = limits(completed)
    rows = {
        "step": [step.name for step in steps],
        "place": [step.place for step in steps],
        "country": [step.country for step in steps],
        "completed": completed,
        "expected": expected,
    }
    found = pl.DataFrame(rows).filter(pl.col("expected") > 0)
    seen = expected > 0
    return (
        found.with_columns(
            ratio=pl.col("completed") / pl.col("expected"),
            least=pl.Series(least[seen]) / pl.col("expected"),
            most=pl.Series(most[seen]) / pl.col("expected"),
        )
        .select(*SCHEMA)
        .sort("most", "step", "place")
    )


def limits(completed: Floats) -> tuple[Floats, Floats]:
    """Byar's 95 % limits of a Poisson mean of which so many were seen."""
    low, high = np.maximum(completed, 1e-9), completed + 1
    least = low * np.maximum(1 - 1 / (9 * low) - Z95 / (3 * np.sqrt(low)), 0) ** 3
    most = high * (1 - 1 / (9 * high) + Z95 / (3 * np.sqrt(high))) ** 3
    return least, most
