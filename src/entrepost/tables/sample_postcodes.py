"""Postcodes for generated orders: the region's prefix, completed as the country writes its codes."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

SHAPES = {
    "AR": "9999",
    "AT": "9999",
    "AU": "9999",
    "BD": "9999",
    "BE": "9999",
    "BG": "9999",
    "BR": "99999-999",
    "CA": "A9A 9A9",
    "CH": "9999",
    "CL": "9999999",
    "CN": "999999",
    "CO": "999999",
    "CZ": "999 99",
    "DK": "9999",
    "GB": "9 9AA",
    "HU": "9999",
    "IE": "A99 AA99",
    "IN": "999999",
    "JP": "999-9999",
    "KZ": "999999",
    "LV": "LV-9999",
    "NL": "9999 AA",
    "NO": "9999",
    "NZ": "9999",
    "PH": "9999",
    "PL": "99-999",
    "PT": "9999-999",
    "RO": "999999",
    "RU": "999999",
    "SE": "999 99",
    "SG": "999999",
    "SI": "9999",
    "SK": "999 99",
    "VN": "999999",
    "ZA": "9999",
}
"""How countries write postcodes, 9 for a digit, A for a letter; five digits where none is given."""
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
        return SHAPES[country] if prefix else ""
    return SHAPES.get(country, "99999")[_written(country, prefix) :]


def _head(country: str, prefix: str) -> str | None:
    """The prefix as it is written, with the marks of the country's shape in between."""
    if not prefix:
        return None
    if country in AFTER_PREFIX:
        return prefix
    signs = iter(prefix)
    shape = SHAPES.get(country, "99999")[: _written(country, prefix)]
    return "".join(sign if sign in " -" else next(signs) for sign in shape)


def _written(country: str, prefix: str) -> int:
    """How many characters of the country's shape the prefix fills."""
    shape = SHAPES.get(country, "99999")
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
