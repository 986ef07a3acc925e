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


def plan_points() -> pl.DataFrame:
    """Four plans, the one that was chosen, and today."""
    return pl.DataFrame(
        {
            "kind": ["plan", "plan", "chosen", "plan", "today"],
            "wait_days": [8.1, 6.5, 5.0, 4.2, 8.9],
            "cost": [41.0, 41.8, 43.1, 47.5, 42.3],
            "warehouses": [0, 2, 4, 9, 0],
            "bound": [40.9, 41.6, 42.8, 46.9, None],
        }
    )


def cost_parts() -> pl.DataFrame:
    """An item's cost today and in a plan: less line haul, more storage."""
    return pl.DataFrame(
        {
            "label": ["Line haul", "Handling", "Last mile", "Storage", "Capital", "Duty and tax", "Warehouses"],
            "today": [22.0, 4.0, 12.0, 0.0, 0.0, 4.3, 0.0],
            "plan": [13.5, 5.2, 11.4, 2.2, 1.1, 5.9, 3.8],
        }
    )


def segment_rows() -> pl.DataFrame:
    """Three segments: two from stock, one direct."""
    return pl.DataFrame(
        {
            "segment": [1, 2, 3],
            "words": [
                "to DE, FR, GB and US, up to 500 g, more than 2 a week",
                "to AU and JP, more than 6 a week, worth up to 80.00 CNY",
                "to all but AU, DE, FR, GB, JP and US",
            ],
            "served": [
                "from stock where it lies, else Tracked small packet",
                "from stock where it lies, else E-commerce parcel",
                "by Tracked small packet",
            ],
            "stocked": [True, True, False],
            "share": [0.34, 0.12, 0.54],
            "cells": [12_000, 3_400, 91_000],
            "regret_share": [0.03, 0.01, 0.04],
        }
    )


def trial_days() -> pl.DataFrame:
    """Sixty days: shelves fill in three weeks."""
    days = list(range(60))
    return pl.DataFrame(
        {
            "day": days,
            "today_days": [8.8 + 0.3 * (day % 7 > 4) for day in days],
            "plan_days": [8.8 - min(day, 20) * 0.18 + 0.3 * (day % 7 > 4) for day in days],
        }
    )


def warehouses_and_lines() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Two warehouses with their lines from Shenzhen, and four regions."""
    warehouses = pl.DataFrame(
        {
            "place": ["Los Angeles", "Hamburg"],
            "latitude": [33.9, 53.5],
            "longitude": [-118.2, 10.0],
            "items": [90_000, 60_000],
            "pieces": [14_000, 11_000],
        }
    )
    lines = pl.DataFrame(
        {
            "line": ["Shenzhen to Los Angeles", "Shenzhen to Hamburg"],
            "mode": ["sea", "rail"],
            "from_latitude": [22.6] * 2,
            "from_longitude": [113.8] * 2,
            "to_latitude": [33.9, 53.5],
            "to_longitude": [-118.2, 10.0],
            "items": [90_000, 60_000],
        }
    )
    regions = pl.DataFrame(
        {
            "place": ["New York", "Berlin", "Sydney", "São Paulo"],
            "latitude": [40.7, 52.5, -33.9, -23.5],
            "longitude": [-74.0, 13.4, 151.2, -46.6],
            "items": [400, 300, 120, 90],
            "wait_days": [4.1, 3.2, 8.0, 14.0],
        }
    )
    return warehouses, lines, regions
