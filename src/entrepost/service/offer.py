"""Offers: every service for every order and place of hand-over, with its charge and route, or the reason against it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from entrepost.journey.promise import find_routes
from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.service.case import Case
from entrepost.service.charge import Charges, compile_tariff
from entrepost.service.eligibility import ROUTE_MISSING, find_reasons
from entrepost.service.posted import Figures, Posted, find_postcode_chars, post
from entrepost.service.refusal import tell
from entrepost.service.stocked import from_stock


def list_offers(network: Network, case: Case) -> pl.DataFrame:
    """Judge and charge every service for every order.

    Returns
    -------
    DataFrame
        A row per order, service and place of hand-over (several where warehouses hold the stock), orders
        as in the case, services as in the network: order, service_number, origin, reason_code and reason
        (0 and null where nothing is against it), charge_minor (of all items of the order) and number, the
        route's in the book; these two are null where the offer is refused.
    """
    offers = pl.concat(list(_by_service(network, case)), rechunk=True)
    turn = offers.get_column("order") * len(network.services) + offers.get_column("service_number")
    return offers[np.argsort(turn.to_numpy(), kind="stable")]


def _by_service(network: Network, case: Case) -> Iterator[pl.DataFrame]:
    chars = find_postcode_chars(network)
    posted = {"direct": post(case.items, chars)}
    for number, service in enumerate(network.services):
        if service.kind not in posted:
            stocked = from_stock(network, case).sort("order", "origin", maintain_order=True)
            posted[service.kind] = post(stocked, chars)
        yield _judge(network, case, service, posted[service.kind]).with_columns(service_number=pl.lit(number, pl.Int64))


def _judge(network: Network, case: Case, service: Service, posted: Posted) -> pl.DataFrame:
    """The offers of one service: refused where any of the items is, else at the sum of their charges."""
    tariff = compile_tariff(network, service.service)
    charges = tariff.charge(posted, case.exchange)
    reasons = find_reasons(network, service, tariff.card.countries, posted, charges)
    begin, numbers = posted.begin, _routes_of(network, service, posted)
    refused = _first_refused(posted, reasons)
    codes = np.zeros(begin.size, np.int64)
    codes[posted.offer[refused]] = reasons[refused]
    lost = (codes == 0) & (numbers < 0)
    codes[lost] = ROUTE_MISSING
    told = np.concatenate([refused, begin[lost]])
    usable = pl.when(pl.Series(codes == 0))
    return posted.items.select(pl.col("order", "origin").gather(begin)).with_columns(
        _sentences(network, service, posted, charges, told, codes),
        reason_code=pl.Series(codes),
        charge_minor=usable.then(pl.Series(np.add.reduceat(charges.charge_minor, begin))),
        number=usable.then(pl.Series(numbers)),
    )


def _first_refused(posted: Posted, reasons: Figures) -> Figures:
    """Of each offer that is refused the first item that is."""
    refused = np.flatnonzero(reasons)
    first: Figures = refused[np.diff(posted.offer[refused], prepend=-1) != 0]
    return first


def _routes_of(network: Network, service: Service, posted: Posted) -> Figures:
    """The route of each offer, -1 where there is none."""
    asked = posted.occasions.select("origin", "area", service=pl.lit(service.service))
    numbers: Figures = find_routes(network, asked).fill_null(-1).to_numpy()
    return numbers[posted.occasion[posted.begin]]


def _sentences(
    network: Network, service: Service, posted: Posted, charges: Charges, told: Figures, codes: Figures
) -> pl.Series:
    """The sentence of each offer, that of its item which is told of; null for the others."""
    offers = posted.offer[told]
    refused = pl.DataFrame({"item": told, "reason_code": codes[offers]})
    place = np.full(codes.size, -1)
    place[offers] = np.arange(told.size)
    sentences = tell(network, service, posted, charges, refused)
    return sentences.gather(pl.Series(place).set(pl.Series(place < 0), None))
