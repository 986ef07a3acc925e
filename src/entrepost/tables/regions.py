"""Where an order goes: the region and delivery area of a country, postcode and city."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from entrepost.codes.postcode import LAYOUT, REST
from entrepost.network.network import Network
from entrepost.network.region import Region

FOLDED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
"""Letters that Unicode does not take apart into a plain letter and an accent."""


def locate(network: Network, frame: pl.DataFrame) -> pl.DataFrame:
    """Find the region of each row.

    The region with the longest postcode prefix wins; else one whose city has the same name, case and
    accents apart; else the country's region of the greatest weight, which is a guess.

    Parameters
    ----------
    frame : DataFrame
        Columns country, postcode and city (text, may be null); others are kept.

    Returns
    -------
    DataFrame
        The same rows in the same order, with `region` and `area` (null where the network has no region
        in that country) and `region_guessed` (whether neither postcode nor city said which).
    """
    regions = _regions(network.regions)
    longest = max(regions.get_column("prefix").str.len_chars(), default=0)
    places = frame.select(
        "country",
        pl.col("city").cast(pl.String),
        postcode=normalise_postcode(pl.col("postcode").cast(pl.String)).str.slice(0, longest),
    )
    located = _place(places.unique(maintain_order=True), regions)
    found = places.join(located, on=places.columns, how="left", nulls_equal=True, maintain_order="left")
    return frame.with_columns(found.select("region", "area", "region_guessed"))


def normalise_postcode(postcode: pl.Expr) -> pl.Expr:
    """What `codes.postcode.normalise` does: capitals without blanks, hyphens and a trailing `*`."""
    return postcode.str.to_uppercase().str.replace_many(list(LAYOUT), [""] * len(LAYOUT)).str.strip_suffix(REST)


def normalise_city(city: pl.Expr) -> pl.Expr:
    """Names of cities in small letters without accents and punctuation: ``São-Paulo`` is ``sao paulo``."""
    plain = city.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    plain = plain.str.replace_many(list(FOLDED), list(FOLDED.values()))
    return plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


@lru_cache(maxsize=4)
def _regions(regions: tuple[Region, ...]) -> pl.DataFrame:
    columns = ("region", "country", "postcode_prefix", "city", "area", "weight")
    text = dict.fromkeys(columns[:-1], pl.String)
    rows = [[getattr(region, name) for name in columns] for region in regions]
    frame = pl.DataFrame(rows, schema={**text, "weight": pl.Float64}, orient="row")
    return frame.with_row_index("row").with_columns(
        pl.col("row").cast(pl.Int64),
        prefix=normalise_postcode(pl.col("postcode_prefix")),
        city=normalise_city(pl.col("city")),
    )


def _place(places: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Distinct country, beginning of a postcode and city with their region, area and whether it is a guess."""
    prefixed = regions.with_columns(length=pl.col("prefix").str.len_chars()).filter(pl.col("length") > 0)
    found = places
    for length in prefixed.get_column("length").unique().sort(descending=True):
        cut = found.with_columns(prefix=pl.col("postcode").str.slice(0, length))
        found = _look_up(cut, prefixed.filter(pl.col("length") == length), "prefix")
    named = regions.filter(pl.col("city") != "").rename({"city": "name"})
    found = _look_up(found.with_columns(name=normalise_city(pl.col("city"))), named, "name")
    best = pl.coalesce("^row_.*$")
    return (
        _look_up(found.with_columns(said=best), regions, None)
        .with_columns(row=best, region_guessed=pl.col("said").is_null() & best.is_not_null())
        .join(regions.select("row", "region", "area"), on="row", how="left", maintain_order="left")
        .select(*places.columns, "region", "area", "region_guessed")
    )


def _look_up(places: pl.DataFrame, regions: pl.DataFrame, column: str | None) -> pl.DataFrame:
    """Add the row of the heaviest region (the first in the folder if equal) that agrees in country and column."""
    keys = ["country", column] if column else ["country"]
    ordered = regions.sort(["weight", "row"], descending=[True, False])
    heaviest = ordered.unique(keys, keep="first", maintain_order=True).select(*keys, "row")
    found = places.join(heaviest, on=keys, how="left", maintain_order="left")
    return found.rename({"row": f"row_{found.width:03d}"})
