from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.journey.learn import learn
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import LATER, drop_scans, simulate_history, uncertain_offices


def strict_customs(inspected: int, refused: int) -> Network:
    """Import customs that inspect and refuse so many of a million."""
    base = uncertain_offices()
    export, green = base.clearance
    shares = (1_000_000 - inspected - refused, inspected, refused)
    channels = (
        replace(green, share_per_million=shares[0]),
        replace(green, channel="inspection", share_per_million=shares[1], held=True, hours_p50=48.0, hours_p90=96.0),
        replace(green, channel="refused", share_per_million=shares[2], refused=True, hours_p50=36.0, hours_p90=90.0),
    )
    return replace(base, clearance=(export, *channels))


@pytest.mark.parametrize("dropped", [0.0, 0.3])
def test_shares_of_channels_are_learned(dropped: float) -> None:
    """15 % are inspected and 2 % refused, where 5 % and 1 % were said; a missed hold shows in the time that it took.

    Four standard errors of 4,000 items; a refusal that was not scanned cannot be told from silence, so of those
    70 % are seen.
    """
    truth = strict_customs(150_000, 20_000)
    history = drop_scans(simulate_history(truth, 4000, AS_ASSUMED), dropped)
    learned = learn(strict_customs(50_000, 10_000), history, LATER)
    shares = [row.share_per_million / 1e6 for row in learned.clearance[1:]]
    assert sum(row.share_per_million for row in learned.clearance[1:]) == 1_000_000
    assert shares[1] == pytest.approx(0.15, abs=4 * (0.15 * 0.85 / (4000 * (1 - dropped))) ** 0.5)
    assert shares[2] == pytest.approx(0.02, abs=4 * (0.02 / 4000) ** 0.5)


def test_each_channel_learns_its_own_time() -> None:
    truth = strict_customs(150_000, 20_000)
    history = simulate_history(truth, 4000, AS_ASSUMED)
    old = replace(truth, clearance=tuple(_longer(row) for row in truth.clearance))
    learned = learn(old, history, LATER)
    for new, row in zip(learned.clearance, truth.clearance, strict=True):
        assert new.hours_p50 == pytest.approx(row.hours_p50, rel=0.2), row.channel


def _longer(row: object) -> object:
    times = {name: getattr(row, name) * 1.3 for name in ("hours_min", "hours_p50", "hours_p90")}
    return replace(row, **times)  # type: ignore[type-var]


def test_one_channel_keeps_all() -> None:
    network = uncertain_offices()
    learned = learn(network, simulate_history(network, 50), LATER)
    assert [row.share_per_million for row in learned.clearance] == [1_000_000, 1_000_000]
