"""The sentence that says why a service is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from entrepost.base.money import format_minor
from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.reference.currency import get_exponent
from entrepost.service import eligibility
from entrepost.service.charge import Charges
from entrepost.service.posted import Posted
from entrepost.tables.text import fill

SENTENCES: Mapping[int, str] = {
    eligibility.WEIGHT_BELOW: "The item weighs {weight_g} g, the least is {weight_min_g} g.",
    eligibility.WEIGHT_ABOVE: "The item weighs {weight_g} g, the limit is {weight_max_g} g.",
    eligibility.LENGTH_ABOVE: "The item is {length_mm} mm long, the limit is {length_max_mm} mm.",
    eligibility.SIDES_ABOVE: "Length, width and height together are {sides_mm} mm, the limit is {sum_max_mm} mm.",
    eligibility.VALUE_UNKNOWN: "No rate of exchange from {currency} to {network_currency} is known for {placed_on}, "
    "so the value cannot be compared with the limit of {value_limit_minor}.",
    eligibility.VALUE_ABOVE: "The item is worth {converted_value_minor}, the limit is {value_limit_minor}.",
    eligibility.BATTERY_REFUSED: "The item has a {battery} lithium battery, the service accepts {battery_accepted}.",
    eligibility.ORIGIN_REFUSED: "The service is not offered from {origin}.",
    eligibility.DESTINATION_UNSERVED: "The service does not go to {country}.",
    eligibility.SUSPENDED: "The service to {country} is suspended on {placed_on}: {suspension}.",
    eligibility.RATE_MISSING: "The rate card has no row for {billable_weight_g} g from {origin} to {country} "
    "on {placed_on}.",
    eligibility.EXCHANGE_MISSING: "No rate of exchange from {service_currency} to {network_currency} is known "
    "for {placed_on}.",
    eligibility.WAREHOUSE_MISSING: "No open warehouse serves {country}.",
    eligibility.STOCK_MISSING: "Not all lines of the order are in stock in one open warehouse that serves {country}.",
    eligibility.ROUTE_MISSING: "No route of the service leads from {origin} to the delivery area {area}.",
}
"""Why a service is refused, in one sentence; the words in braces are columns."""

DERIVED = {"sides_mm": ("length_mm", "width_mm", "height_mm"), "placed_on": ("placed_day",)}
"""Words in braces that are made from other columns."""

ACCEPTED = {"none": "none", "contained": "only batteries contained in equipment", "any": "any"}
FIELD = re.compile(r"{(\w+)}")


def tell(network: Network, service: Service, posted: Posted, charges: Charges, refused: pl.DataFrame) -> pl.Series:
    """The sentence of each refused item.

    Parameters
    ----------
    refused : DataFrame
        Columns `item`, the row of the posted items, and `reason_code`.
    """
    rows = refused.get_column("item")
    named = {name for code in refused.get_column("reason_code").unique() for name in _columns_of(SENTENCES[code])}
    columns = [pl.col(name).gather(rows) for name in posted.items.columns if name in named]
    constants = {
        **eligibility.limits_of(service),
        "service_currency": service.currency,
        "network_currency": network.currency,
        "battery_accepted": service.battery,
    }
    told = refused.select("reason_code").hstack(posted.items.select(columns))
    if "billable_weight_g" in named:
        told = told.with_columns(billable_weight_g=pl.Series(charges.billable_weight_g).gather(rows))
    if "suspension" in named:
        suspensions = eligibility.find_suspensions(network, service, posted.occasions).get_column("suspension")
        told = told.with_columns(suspensions.gather(posted.occasion[rows]))
    return describe(told, constants)


def describe(refused: pl.DataFrame, constants: Mapping[str, Any] = MappingProxyType({})) -> pl.Series:
    """The sentence of each row, null where its `reason_code` is 0.

    Parameters
    ----------
    refused : DataFrame
        Column reason_code, and the columns that the sentences of these codes name.
    constants : mapping, optional
        Those of the columns that are the same for all rows.
    """
    codes = refused.get_column("reason_code")
    sentences, place = [pl.Series("reason", [], dtype=pl.String)], np.full(refused.height, -1)
    for code in codes.filter(codes != 0).unique():
        rows = (codes == code).arg_true()
        place[rows] = sum(map(len, sentences)) + np.arange(len(rows))
        sentences.append(_tell(refused, rows, code, constants))
    return pl.concat(sentences).gather(pl.Series(place).set(pl.Series(place < 0), None))


def _tell(refused: pl.DataFrame, rows: pl.Series, code: int, constants: Mapping[str, Any]) -> pl.Series:
    """Each sentence is made once for all rows that need the same."""
    sentence = SENTENCES[code]
    needed = _columns_of(sentence)
    asked = refused.select(pl.col(name).gather(rows) for name in needed if name in refused.columns)
    same = [pl.lit(constants[name]).alias(name) for name in needed if name not in refused.columns]
    distinct = asked.unique(maintain_order=True).with_columns(same)
    texts = [_text(distinct, name).alias(f"text_{number}") for number, name in enumerate(FIELD.findall(sentence))]
    shown = pl.DataFrame(texts).select(fill(FIELD.sub("{}", sentence), *[text.name for text in texts]))
    told = distinct.select(asked.columns).with_columns(shown.to_series().alias("reason"))
    return asked.join(told, on=asked.columns, how="left", nulls_equal=True, maintain_order="left").get_column("reason")


def _columns_of(sentence: str) -> list[str]:
    """The columns that a sentence needs, each once."""
    needed = [column for name in FIELD.findall(sentence) for column in DERIVED.get(name, (name,))]
    money = ["network_currency"] if any(name.endswith("_minor") for name in needed) else []
    return list(dict.fromkeys(needed + money))


def _text(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column as it is shown: figures with thousands set apart, money with its currency, days as ISO dates."""
    if name == "sides_mm":
        return _mapped(rows.select(pl.sum_horizontal("length_mm", "width_mm", "height_mm")).to_series(), _figure)
    if name == "placed_on":
        return rows.get_column("placed_day").cast(pl.Int32).cast(pl.Date).cast(pl.String)
    values = rows.get_column(name)
    if name == "battery_accepted":
        return values.replace(ACCEPTED)
    if name.endswith("_minor"):
        currency = rows.item(0, "network_currency")
        exponent = get_exponent(currency)
        return _mapped(values, lambda amount: f"{currency} {format_minor(amount, exponent)}")
    return values.fill_null("?") if values.dtype == pl.String else _mapped(values, _figure)


def _figure(number: int) -> str:
    return f"{number:,}"


def _mapped(values: pl.Series, show: Callable[[int], str]) -> pl.Series:
    shown = {value: show(value) for value in values.unique()}
    return values.replace_strict(shown, return_dtype=pl.String)
