"""Sentences from columns."""

from __future__ import annotations

from collections.abc import Callable

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


def word_each(texts: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """What a function of ours says of each text, asked once of each distinct one; null stays null.

    No function of ours runs inside an expression: a thread of the engine that waits for Python, while Python waits for
    the engine, is a server that hangs.
    """
    said = {text: function(text) for text in texts.drop_nulls().unique().to_list()}
    return pl.Series(texts.name, [None if text is None else said[text] for text in texts.to_list()], pl.String)
