"""The sample network that comes with the package: real places, published frequencies, stated assumptions."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from entrepost.network.load import load_network
from entrepost.network.network import Network

SAMPLE_FOLDER = Path(__file__).parent / "sample"
"""The network folder; `tools/update/sample_network.py` writes it."""


@lru_cache(maxsize=1)
def sample_network() -> Network:
    """The sample network, read once: 8 Chinese cities to 63 countries by air, rail and sea."""
    return load_network(SAMPLE_FOLDER)
