"""Forecasts for pages: those of `operations.forecasts`."""

from __future__ import annotations

from entrepost.operations.forecasts import Forecasts

__all__ = ["Forecasts"]
