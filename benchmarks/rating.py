"""Rating: six services quoted for shipments, against Karrio's rate sheets without the network.

``python -m benchmarks.rating [--json]``
"""

from __future__ import annotations

import sys
from typing import Any

import polars as pl

from benchmarks import rate_sheet
from benchmarks.comparison import Comparison, Goal, Say, Side, load_peer, require_equal, time_runs
from benchmarks.report import main
from entrepost.journey.cache import get_book
from entrepost.network.sample_network import sample_network
from entrepost.service.quote import quote
from entrepost.tables.items import ORDER

SEED = 3
PROMISED = ("wait_hours_mean", "wait_hours_p50")
"""What every quote that can be used has; a higher quantile is null where too much is lost on the way."""


def compare(tiny: bool, say: Say) -> Comparison:
    """Check the quotes that both sides give, then time each on its own number of shipments."""
    countries, ours_count, peer_count = (2, 2_000, 60) if tiny else (29, 100_000, 400)
    network = rate_sheet.narrow(sample_network(), countries)
    orders = rate_sheet.draw_orders(network, ours_count, SEED)
    gateway = rate_sheet.open_peer(network)
    sample = orders.head(peer_count)
    requests = rate_sheet.to_requests(sample, load_peer("karrio.core.models"))
    get_book(network)
    say(f"{len(network.services)} services to {countries} countries, {len(network.rates)} rates")
    say("equal: " + check(quote(network, sample), [rate(gateway, each) for each in requests]))
    say("timed, ours: service.quote.quote, a frame of orders in; for each of the six services eligible or the reason,")
    say("  region, charge with surcharges, cost, route, mean wait and its P50, P90, P95; the routes' ordinary")
    say("  week is at hand, as it is after the first quote")
    say("timed, peer: mapper and proxy of the generic carrier, requests already built; charge with surcharges,")
    say("  transit days as the sheet states them")
    ours = Side("Entrepost, quote", "quote", orders.height, time_runs(lambda: quote(network, orders), 5))
    one_by_one = time_runs(lambda: [rate(gateway, each) for each in requests], 5)
    peer = Side("Karrio, mapper only", "rate", len(requests), one_by_one)
    goal = Goal("ratio", ours.speed / peer.speed, 200, 1000)
    found = {"services": len(network.services), "shipments of ours": orders.height, "of the peer": len(requests)}
    return Comparison("6 services quoted for a shipment", "shipments", SEED, ours, peer, (goal,), found)


def rate(gateway: Any, request: Any) -> list[Any]:
    """The peer's side: the rates for one shipment."""
    rates, _ = gateway.mapper.parse_rate_response(gateway.proxy.get_rates(gateway.mapper.create_rate_request(request)))
    return list(rates)


def check(quotes: pl.DataFrame, rated: list[list[Any]]) -> str:
    """Require the same services for each shipment, at the same charge to a minor unit; how equal they were."""
    eligible = quotes.filter("eligible")
    require_equal(not eligible.select(PROMISED).null_count().sum_horizontal().item(), "a quote without its quantiles")
    by_order = quotes.group_by(ORDER, maintain_order=True).agg(pl.col("service", "charge_minor").filter("eligible"))
    rounded, compared = 0, 0
    for row, rates in zip(by_order.iter_rows(named=True), rated, strict=True):
        ours = dict(zip(row["service"], row["charge_minor"], strict=True))
        theirs = {each.service: round(each.total_charge * rate_sheet.MINOR) for each in rates}
        require_equal(ours.keys() == theirs.keys(), f"the services of order {row['order_id']}: {ours} and {theirs}")
        off = [abs(ours[service] - charge) for service, charge in theirs.items()]
        require_equal(max(off, default=0) <= 1, f"the charges of order {row['order_id']}: {ours} and {theirs}")
        rounded, compared = rounded + sum(off), compared + len(off)
    refused = quotes.height - eligible.height
    return (
        f"{len(rated)} shipments have the same {compared} quotes ({refused} refused by both); "
        f"{compared - rounded} charges agree to the minor unit, {rounded} differ by one: half a unit goes up here"
    )


if __name__ == "__main__":
    sys.exit(main(compare))
