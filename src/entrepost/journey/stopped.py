"""What an item's own probability of being stopped by import customs makes of its promise.

Channels that hold or refuse *stop* an item, the others let it pass. Every step is a linear map, so a route's
distribution is the sum of two, of what passes and of what is stopped, by their shares. Where an item's share is
not the lane's, both are followed once and added up as the item asks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError
from entrepost.journey.distribution import Distribution
from entrepost.journey.step import Clear, Itinerary, Step
from entrepost.network.clearance import Channel

MILLION = 1_000_000


def is_stopping(channel: Channel) -> bool:
    """Whether a channel keeps an item until something is done, or for good."""
    return channel.held or channel.refused


def stopped_share(channels: tuple[Channel, ...]) -> float:
    """The share of a lane's items that is stopped."""
    stopped = sum(row.share_per_million for row in channels if is_stopping(row))
    return stopped / sum(row.share_per_million for row in channels)


def split_by_stop(steps: Itinerary) -> tuple[Itinerary, Itinerary] | None:
    """The route of what passes import customs, and that of what is stopped there; None where only one of them is."""
    found = [step for step in steps if isinstance(step, Clear) and step.name == "import"]
    if not found or not 0 < stopped_share(found[0].channels) < 1:
        return None
    passing, stopping = (
        tuple(_only(step, stops) if step is found[0] else step for step in steps) for stops in (False, True)
    )
    return passing, stopping


def add_up(
    followed: tuple[Distribution, Distribution], starts: NDArray[np.int32], stopped: NDArray[np.float64]
) -> Distribution:
    """The distribution of each request, of what passes and of what is stopped, with its probability of the latter."""
    passing, stopping = followed
    if ((stopped < 0) | (stopped > 1)).any():
        raise MisuseError("stopped_probability must lie between 0 and 1")
    free, held = passing.reached[passing.row[starts]], stopping.reached[stopping.row[starts]]
    reached = free + stopped[:, None] * (held - free)
    row = np.arange(starts.size, dtype=np.int32)
    return Distribution(row, passing.begins[starts], passing.span, reached, passing.longest)


def _only(step: Clear, stops: bool) -> Step:
    """The clearance of an item that is known to be stopped, or to pass."""
    kept = [row for row in step.channels if is_stopping(row) == stops]
    whole = sum(row.share_per_million for row in kept)
    return replace(
        step,
        channels=tuple(replace(row, share_per_million=round(row.share_per_million * MILLION / whole)) for row in kept),
    )
