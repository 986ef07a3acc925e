"""Order lines packed into the items that travel."""

from __future__ import annotations

import re
from fractions import Fraction

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.money import divide_half_up
from entrepost.reference.currency import get_exponent
from entrepost.tables.frames import conform

ITEM_MAX_G = 30_000
"""An order that weighs more travels as several items: 30 kg is the most that posts carry (postal parcels, EMS)."""

ORDER = ("tenant", "seller", "order_id")
"""The columns that together name an order."""

OWN = (
    "item",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "value_minor",
    "currency",
    "pieces",
    "battery",
)
CARRIED = ("placed_at", "wanted_by", "origin", "country", "postcode", "city")
MICRO_DECIMALS = 6
PLAIN = rf"^\s*\d{{1,6}}(\.\d{{0,{MICRO_DECIMALS}}})?\s*$"
DECIMAL = r"[+-]?(\d{1,30}(\.\d{0,60})?|\.\d{1,60})"


def items_of(orders: pl.DataFrame) -> pl.DataFrame:
    """Pack each order's lines into items.

    Parameters
    ----------
    orders : DataFrame
        Rows of the table `orders`, one per order line, each order in one currency.

    Returns
    -------
    DataFrame
        A row per item, orders in the order of their first line: tenant, seller, order_id, item (from 1),
        weight_g, length_mm >= width_mm >= height_mm (0: not known), value_minor, currency, pieces, battery,
        placed_at, wanted_by, origin, country, postcode, city.

    Notes
    -----
    An order is one item unless it weighs more than 30 kg. Then its pieces fill items one after another in
    the order of the lines, and a piece that is heavier by itself travels alone. Pieces lie on their largest
    side, one upon another; pieces of unknown size take no room. What an order carries beside its lines is
    taken from the first of them.
    """
    lines = _with_values(conform(orders, "orders"))
    light = (pl.col("weight_g") * pl.col("quantity")).fill_null(0) <= ITEM_MAX_G
    items = _single(lines.filter(pl.col("alone") & light))
    if items.height < lines.height:
        rest = lines.filter(~(pl.col("alone") & light)).with_columns(order=pl.struct(ORDER).rank("dense"))
        packed = _packed(_split_heavy(rest)).with_columns(first=pl.col("row").min().over("order"))
        items = pl.concat([items, packed.select(items.columns)]).sort("first", "item")
    return _flattened(items)


def contents_of(orders: pl.DataFrame) -> pl.DataFrame:
    """What each item of orders holds, as `items_of` packs them.

    Returns
    -------
    DataFrame
        A row for each order line and item in which pieces of it lie: the columns of the line, item (from 1), pieces,
        value_minor (the line's share, to the last minor unit); in the order of the items, then of the lines.
    """
    lines = _with_values(conform(orders, "orders")).with_columns(order=pl.struct(ORDER).rank("dense"))
    return _split_heavy(lines).sort("order", "item", "row").drop("row", "order", "heavy", "alone")


def value_minor(lines: pl.DataFrame) -> pl.Series:
    """The value of each order line in minor units of its currency: unit value times quantity, rounded once.

    The text of `unit_value` is read as an exact decimal: columnar where it has at most 6 digits on either
    side of the point, and number by number where it has more.
    """
    exponents = {code: get_exponent(code) for code in lines.get_column("currency").drop_nulls().unique()}
    quantity = pl.col("quantity")
    plain = pl.col("millionths").is_not_null() & quantity.is_between(0, 100_000)
    exponent = pl.col("currency").replace_strict(exponents, default=2, return_dtype=pl.Int64)
    divisor = pl.lit(10, pl.Int64).pow(MICRO_DECIMALS - exponent)
    micro = pl.col("millionths") * quantity
    texts = lines.select("unit_value", "quantity", "currency")
    read = texts.join(_read_plain(texts), on="unit_value", how="left", nulls_equal=True, maintain_order="left").select(
        "unit_value",
        quantity,
        exponent.alias("exponent"),
        minor=pl.when(plain).then((2 * micro + divisor) // (2 * divisor)),
    )
    rest = read.with_row_index("row").filter(pl.col("minor").is_null())
    exact = [exact_minor(*row) for row in rest.select("unit_value", "quantity", "exponent").iter_rows()]
    return read.get_column("minor").scatter(rest.get_column("row"), exact) if exact else read.get_column("minor")


def _read_plain(texts: pl.DataFrame) -> pl.DataFrame:
    """Each distinct `unit_value` in `millionths` of a major unit, null where it is not plain."""
    text = pl.col("unit_value")
    digits = text.str.strip_chars().str.split_exact(".", 1)
    whole = digits.struct.field("field_0").cast(pl.Int64, strict=False)
    behind = digits.struct.field("field_1").fill_null("").str.pad_end(MICRO_DECIMALS, "0")
    micro = whole * 10**MICRO_DECIMALS + behind.cast(pl.Int64, strict=False)
    return texts.select(text.unique(maintain_order=True)).with_columns(
        millionths=pl.when(text.str.contains(PLAIN)).then(micro)
    )


def exact_minor(unit_value: str, quantity: int, exponent: int) -> int:
    """The value of a line in minor units, number by number, rounded once."""
    if not re.fullmatch(DECIMAL, unit_value.strip()):
        raise MisuseError(f"{unit_value!r} is not an amount; write it like 12.50")
    value = Fraction(unit_value.strip()) * quantity * 10**exponent
    minor = divide_half_up(value.numerator, value.denominator)
    if abs(minor) >= 2**63:
        raise MisuseError(f"a value of {unit_value} times {quantity} is beyond 64 bits; correct the order")
    return minor


def _with_values(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines numbered, with their values and whether they are `alone` in their orders."""
    alone = lines.select(ORDER).is_unique().alias("alone")
    lines = lines.with_columns(value_minor(lines).alias("value_minor"), alone).with_row_index("row")
    nameless = lines.filter(pl.col("currency").is_null() & (pl.col("value_minor") != 0))
    currencies = pl.col("currency").drop_nulls().n_unique().alias("count")
    mixed = lines.filter(~pl.col("alone")).group_by(ORDER).agg(currencies).filter(pl.col("count") > 1)
    for wrong, reason in ((nameless, "has a value without a currency"), (mixed, "has lines in several currencies")):
        if wrong.height:
            raise MisuseError(f"order {wrong.get_column('order_id')[0]!r} {reason}; give each order one currency")
    return lines


def _split_heavy(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per line and item, with the item's number, its pieces and their share of the line's value."""
    heavy = (pl.col("weight_g") * pl.col("quantity")).sum().over("order") > ITEM_MAX_G
    lines = lines.with_columns(heavy.alias("heavy"))
    whole = (pl.lit(1, pl.Int64).alias("item"), pl.col("quantity").alias("pieces"))
    light = lines.filter(~pl.col("heavy")).with_columns(whole)
    if light.height == lines.height:
        return light
    split = lines.filter("heavy").sort("order", "row")
    placed = pl.DataFrame(
        _place(split.select("row", "order", "weight_g", "quantity").rows()),
        schema={"row": pl.UInt32, "item": pl.Int64, "pieces": pl.Int64},
        orient="row",
    )
    parts = split.join(placed, on="row", maintain_order="right").with_columns(_share_of_value().alias("value_minor"))
    return pl.concat([light, parts.select(light.columns)])


def _place(rows: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int]]:
    """Greedy: (row, item, pieces) for rows of (row, order, weight of a piece, quantity) sorted by order."""
    placed: list[tuple[int, int, int]] = []
    current, item, load = None, 0, 0
    for row, order, weight_g, quantity in rows:
        if order != current:
            current, item, load = order, 1, 0
        left = quantity
        while left > 0:
            fit = min(left, max((ITEM_MAX_G - load) // weight_g if weight_g > 0 else left, 0 if load else 1))
            if fit == 0:
                item, load = item + 1, 0
                continue
            placed.append((row, item, fit))
            load += fit * weight_g
            left -= fit
    return placed


def _share_of_value() -> pl.Expr:
    """A line's value by pieces, so cut that the shares add up to it to the last minor unit."""
    after = pl.col("pieces").cum_sum().over("row")
    value, quantity = pl.col("value_minor"), pl.col("quantity")
    before = after - pl.col("pieces")
    each, rest = value // quantity, value % quantity
    return each * pl.col("pieces") + rest * after // quantity - rest * before // quantity


def _sides() -> tuple[pl.Expr, ...]:
    """The sides of a piece, the longest first; 0 where its size is not known."""
    known = pl.min_horizontal("length_mm", "width_mm", "height_mm") > 0
    return tuple(pl.when(known).then(side).otherwise(0) for side in _descending("length_mm", "width_mm", "height_mm"))


def _single(lines: pl.DataFrame) -> pl.DataFrame:
    """The items of lines that travel alone: what `_packed` says of many, without looking for others."""
    long, middle, short = _sides()
    battery, pieces = pl.col("battery"), pl.col("quantity").fill_null(0)
    return lines.select(
        *ORDER,
        *CARRIED,
        "currency",
        pl.col("value_minor").fill_null(0),
        first="row",
        item=pl.lit(1, pl.Int64),
        weight_g=(pl.col("weight_g") * pieces).fill_null(0),
        long=long,
        middle=middle,
        short=short * pieces,
        pieces=pieces,
        battery=pl.when(battery.is_in(["loose", "contained"])).then(battery).otherwise(pl.lit("none")),
    )


def _packed(parts: pl.DataFrame) -> pl.DataFrame:
    sides = _sides()
    loose, contained = (pl.col("battery") == "loose").any(), (pl.col("battery") == "contained").any()
    return (
        parts.with_columns(long=sides[0], middle=sides[1], short=sides[2])
        .group_by("order", "item")
        .agg(
            pl.col("row").min(),
            pl.col(*ORDER, *CARRIED).sort_by("row").first(),
            pl.col("currency").drop_nulls().first(),
            (pl.col("weight_g") * pl.col("pieces")).sum().alias("weight_g"),
            pl.col("long", "middle").max(),
            (pl.col("short") * pl.col("pieces")).sum().alias("short"),
            pl.col("value_minor", "pieces").sum(),
            pl.when(loose)
            .then(pl.lit("loose"))
            .when(contained)
            .then(pl.lit("contained"))
            .otherwise(pl.lit("none"))
            .alias("battery"),
        )
    )


def _flattened(items: pl.DataFrame) -> pl.DataFrame:
    sides = _descending("long", "middle", "short")
    return items.with_columns(length_mm=sides[0], width_mm=sides[1], height_mm=sides[2]).select(*ORDER, *OWN, *CARRIED)


def _descending(first: str, second: str, third: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    longest = pl.max_horizontal(first, second, third)
    shortest = pl.min_horizontal(first, second, third)
    return longest, pl.col(first) + pl.col(second) + pl.col(third) - longest - shortest, shortest
