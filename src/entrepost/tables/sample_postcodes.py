"""Postcodes for generated orders: the region's prefix, completed as the country writes its codes."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.codes.postcode import SHAPES

DRAWN = {"GB": "9 9AA", "IE": "A99 AA99"}
"""What is drawn where a country has several forms, or letters and digits mixed."""
USUAL = "99999"
AFTER_PREFIX = ("GB",)
"""Here the shape is what follows the prefix, whose length varies."""
LETTERS = b"ABDEFGHJLNPQRSTUWXYZ"
"""No letters that British codes avoid behind the space."""


def draw_postcodes(regions: list[tuple[str, str]], rows: NDArray[np.int64], rng: np.random.Generator) -> pl.Series:
    """A postcode for each row of `rows` (indices into `regions`); null in regions without a prefix.

    Parameters
    ----------
    regions : list of (str, str)
        Country and prefix of each region.
    """
    tails = [_tail(country, prefix) for country, prefix in regions]
    shapes = sorted(set(tails))
    shape = np.array([shapes.index(tail) for tail in tails], dtype=np.int64)[rows]
    drawn = np.empty(len(rows), dtype=f"S{max(1, max(map(len, shapes), default=1))}")
    for each, tail in enumerate(shapes):
        chosen = np.flatnonzero(shape == each)
        drawn[chosen] = _fill(tail, len(chosen), rng)
    heads = pl.Series([_head(country, prefix) for country, prefix in regions], dtype=pl.String).gather(rows)
    return heads + pl.Series(drawn.astype(str), dtype=pl.String)


def _tail(country: str, prefix: str) -> str:
    if not prefix or country in AFTER_PREFIX:
        return _shape(country) if prefix else ""
    return _shape(country)[_written(country, prefix) :]


def _head(country: str, prefix: str) -> str | None:
    """The prefix as it is written, with the marks of the country's shape in between."""
    if not prefix:
        return None
    if country in AFTER_PREFIX:
        return prefix
    signs = iter(prefix)
    shape = _shape(country)[: _written(country, prefix)]
    return "".join(sign if sign in " -" else next(signs) for sign in shape)


def _shape(country: str) -> str:
    """The form that is drawn: the country's usual one, 9 for a digit, A for a letter."""
    return DRAWN.get(country) or next(iter(SHAPES.get(country, ())), USUAL)


def _written(country: str, prefix: str) -> int:
    """How many characters of the country's shape the prefix fills."""
    shape = _shape(country)
    filled = 0
    for place, sign in enumerate(shape):
        if filled == len(prefix):
            return place
        filled += sign not in " -"
    return len(shape)


def _fill(shape: str, n: int, rng: np.random.Generator) -> NDArray[np.bytes_]:
    if not shape:
        return np.zeros(n, dtype="S1")
    signs = np.empty((n, len(shape)), dtype=np.uint8)
    letters = np.frombuffer(LETTERS, dtype=np.uint8)
    for place, sign in enumerate(shape):
        if sign == "9":
            signs[:, place] = rng.integers(48, 58, n)
        elif sign == "A":
            signs[:, place] = letters[rng.integers(0, len(letters), n)]
        else:
            signs[:, place] = ord(sign)
    return signs.view(f"S{len(shape)}").ravel()
