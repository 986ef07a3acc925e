"""Karrio, set up as its documentation says: a gateway for each carrier, whose mapper and proxy are called."""

from __future__ import annotations

from typing import Any

from benchmarks.comparison import load_peer


def open_gateway(carrier: str, settings: dict[str, Any]) -> Any:
    """A gateway of Karrio, whose log is silent; nothing that we call on it goes to the network."""
    load_peer("loguru").logger.disable("karrio")
    load_peer(f"karrio.mappers.{carrier}")
    sdk = load_peer("karrio.sdk")
    return sdk.gateway[carrier].create(settings)
