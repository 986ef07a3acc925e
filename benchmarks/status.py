"""Status: what the events of many items add up to, against Karrio's normalisation of a carrier's tracking.

``python -m benchmarks.status [--json]``
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import polars as pl

from benchmarks import event_stream
from benchmarks.comparison import Comparison, Goal, Say, Side, load_peer, require_equal, time_runs
from benchmarks.karrio_gateway import open_gateway
from benchmarks.report import main
from entrepost.tables.status import fold

SEED = 2
UNDER_WAY = 120_000
CARRIER_CODES = {"EMI": "delivered", "EMH": "failure"}
"""What the carrier of the peer says for our codes; for all others `transit`."""

COARSE = {"delivered": "delivered", "delivery_failed": "delivery_failed"}
"""The statuses that the peer tells apart; all others are `in_transit` there."""

Tracker = dict[str, Any]
Normalise = Callable[[list[Tracker]], list[Any]]


def compare(tiny: bool, say: Say) -> Comparison:
    """Check the items that both sides see, then time each on its own number of events."""
    normalise = load_karrio()
    events, trackers = (20_000, 200) if tiny else (10_000_000, 2_000)
    frame = event_stream.build(events, UNDER_WAY if events > UNDER_WAY else events // 20, SEED).frame()
    sample, responses = to_trackers(frame, trackers)
    say(f"{frame.height} events of {frame.get_column('item_id').n_unique()} items in the order of time, interleaved")
    say("equal: " + check(sample, normalise(responses)))
    say("timed, ours: tables.status.fold, text columns in, a row for each item out: ordered, repeats dropped, status,")
    say("  reason, who must act, when the wait ended, anomalies")
    say("timed, peer: mapper.parse_tracking_response of DHL Unified, JSON already parsed; TrackingDetails out")
    ours = Side("Entrepost, fold", "fold", frame.height, time_runs(lambda: fold(frame), 3))
    seconds = time_runs(lambda: normalise(responses), 5)
    peer = Side("Karrio, mapper only", "parse", sample.height, seconds)
    found = {"events of ours": frame.height, "events of the peer": sample.height}
    goal = Goal("ratio", ours.speed / peer.speed, 20, 100)
    return Comparison("status of items from their events", "events", SEED, ours, peer, (goal,), found)


def load_karrio() -> Normalise:
    """Karrio's mapper of DHL Unified tracking as a function of responses."""
    gateway = open_gateway("dhl_universal", {"consumer_key": "none", "consumer_secret": "none"})
    lib = load_peer("karrio.lib")

    def normalise(responses: list[Tracker]) -> list[Any]:
        details, messages = gateway.mapper.parse_tracking_response(lib.Deserializable(responses))
        require_equal(not messages, f"the peer refuses some trackers: {messages[:1]}")
        return list(details)

    return normalise


def to_trackers(frame: pl.DataFrame, count: int) -> tuple[pl.DataFrame, list[Tracker]]:
    """The events of the first items, and the carrier's answers that say the same, the newest event first."""
    wanted = frame.get_column("item_id").unique(maintain_order=True).head(count)
    sample = frame.filter(pl.col("item_id").is_in(wanted.implode()))
    groups = sample.group_by("item_id", maintain_order=True).agg("code", "time", "facility")
    return sample, [{"shipments": [_shipment(*row)]} for row in groups.iter_rows()]


def _shipment(item_id: str, codes: list[str], times: list[Any], places: list[str]) -> Tracker:
    events = [
        {
            "timestamp": f"{time:%Y-%m-%dT%H:%M:%S}",
            "statusCode": CARRIER_CODES.get(code, "transit"),
            "status": code,
            "location": {"address": {"addressLocality": place}},
        }
        for code, time, place in zip(codes, times, places, strict=True)
    ][::-1]
    return {"id": item_id, "status": events[0], "events": events}


def check(sample: pl.DataFrame, details: list[Any]) -> str:
    """Require the same status, number of events and last instant of each item; how equal they were."""
    columns = ("item_id", "status", "events", "last_event_at")
    ours = {row[0]: row[1:] for row in fold(sample).select(columns).iter_rows()}
    require_equal(len(ours) == len(details), "the number of items")
    for each in details:
        status, events, last = ours[each.tracking_number]
        require_equal(COARSE.get(status, "in_transit") == each.status, f"the status of {each.tracking_number}")
        require_equal(events == len(each.events), f"the number of events of {each.tracking_number}")
        newest = each.events[0].timestamp.replace(".000Z", "Z")
        require_equal(f"{last:%Y-%m-%dT%H:%M:%SZ}" == newest, f"the last event of {each.tracking_number}")
    told_apart = sorted({each.status for each in details})
    return (
        f"{len(details)} items with the same number of events, the same last instant and the same status as far as "
        f"the peer tells them apart: {', '.join(told_apart)}"
    )


if __name__ == "__main__":
    sys.exit(main(compare))
