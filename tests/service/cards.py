"""Networks with one service PARCEL and a rate card as a case states it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from entrepost.network.network import Network
from entrepost.network.service import Rate, Surcharge
from entrepost.service.charge import Posting
from entrepost.service.posted import Posted, post
from entrepost.service.ratecard import day_number
from entrepost.tables.regions import normalise_postcode
from tests.worlds import ALWAYS, two_offices

DAY = date(2026, 1, 5)


def card(rates: list[dict[str, Any]], surcharges: list[dict[str, Any]] = [], **service: Any) -> Network:  # noqa: B006
    """Two offices with the service PARCEL, counted in the currency of the service unless that is changed."""
    base = two_offices()
    parcel = replace(base.services[0], **{"service": "PARCEL", "name": "Parcel", "currency": "EUR", **service})
    return replace(
        base,
        currency=parcel.currency,
        services=(parcel,),
        rates=tuple(rate(**row) for row in rates),
        surcharges=tuple(surcharge(**row) for row in surcharges),
    )


def rate(**given: Any) -> Rate:
    """A row of PARCEL to DE from everywhere, for every postcode and day unless given."""
    row = {
        "service": "PARCEL",
        "origin": "*",
        "country": "DE",
        "postcode_prefix": "",
        "weight_over_g": 0,
        "weight_to_g": 2000,
        "charge_item_minor": 0.0,
        "charge_kg_minor": 0.0,
        "charge_least_minor": 0.0,
        "valid_from": ALWAYS[0],
        "valid_to": ALWAYS[1],
        "source": "assumed",
    }
    return Rate(**{**row, **given})


def surcharge(**given: Any) -> Surcharge:
    """A surcharge on PARCEL everywhere and always unless given."""
    row = {
        "service": "PARCEL",
        "surcharge": "fuel",
        "origin": "*",
        "country": "*",
        "area": "*",
        "kind": "item",
        "amount": 0.0,
        "valid_from": ALWAYS[0],
        "valid_to": ALWAYS[1],
        "source": "assumed",
    }
    return Surcharge(**{**row, **given})


def posting(**given: Any) -> Posting:
    """An item from Shanghai to Frankfurt on the day."""
    row = {"origin": "CNSHAA", "country": "DE", "postcode": "60311", "area": "DE", "placed_day": day_number(DAY)}
    return Posting(**{**row, **given})


def posted(items: pl.DataFrame) -> Posted:
    """Items of one order each, as they are handed in."""
    known = items.with_columns(pl.lit("").alias(name) for name in ("area", "postcode") if name not in items.columns)
    return post(known.with_columns(order=pl.int_range(pl.len())), postcode_chars=9)


def frame_of(postings: list[Posting]) -> pl.DataFrame:
    """Postings as the columns that charging asks for."""
    names = Posting.__dataclass_fields__
    frame = pl.DataFrame([{name: getattr(each, name) for name in names} for each in postings])
    return frame.with_columns(normalise_postcode(pl.col("postcode")))
