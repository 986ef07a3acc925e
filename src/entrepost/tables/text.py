"""Sentences from columns."""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import MisuseError


def fill(template: str, *values: pl.Expr | str) -> pl.Expr:
    """The template with each ``{}`` replaced by the next value (an expression or a column's name); null where one is.

    Does what `pl.format` does, which panics on columns in several chunks (pola-rs/polars#25339).
    """
    pieces = template.split("{}")
    if len(pieces) != len(values) + 1:
        raise MisuseError(f"{template!r} has {len(pieces) - 1} places for {len(values)} values")
    parts: list[pl.Expr] = [pl.lit(pieces[0])]
    for value, piece in zip(values, pieces[1:], strict=True):
        parts += [pl.col(value) if isinstance(value, str) else value, pl.lit(piece)]
    return pl.concat_str(parts)
