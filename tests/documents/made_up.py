"""Made-up frames for pictures: small enough to check by hand, nobody's data."""

from __future__ import annotations

from typing import Any

import polars as pl

from entrepost.documents.theme import Picture


def steps() -> pl.DataFrame:
    """Three steps that add up to six days."""
    return pl.DataFrame({"label": ["Seller", "Flight", "Last mile"], "days": [1.0, 2.0, 3.0]})


def kept() -> pl.DataFrame:
    """Two services: one that keeps what it says and one that does not."""
    return pl.DataFrame(
        {
            "label": ["EMS", "Packet"],
            "stated": [0.9, 0.9],
            "kept": [0.9, 0.7],
            "error": [0.02, 0.05],
            "promised_days": [5.0, 12.0],
            "happened_days": [5.0, 15.0],
        }
    )


def spec_of(picture: Picture) -> dict[str, Any]:
    """The picture's definition, checked against Vega-Lite's schema."""
    spec: dict[str, Any] = picture.to_dict(validate=True)
    return spec


def marks_of(spec: dict[str, Any]) -> list[str]:
    """The marks of a picture's layers, in order."""
    return [layer["mark"]["type"] for layer in spec.get("layer", [spec])]
