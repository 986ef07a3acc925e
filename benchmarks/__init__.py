"""Claims about speed, one module each, with the peer beside us in the same run.

Each side works with one thread unless a benchmark says otherwise, so the libraries that take as many as
there are processors are told so here, before one of them is loaded.
"""

from __future__ import annotations

import os

import entrepost  # noqa: F401  before Polars, as decision 0042 asks

NAMES = (
    "rating",
    "status",
    "events",
    "events_postgres",
    "emsevt",
    "arrival",
    "simulation",
    "routes",
    "learn",
    "eta_speed",
    "plan",
    "labels",
    "edifact",
    "landed_cost",
)
"""The benchmarks, in the order in which all are run."""

for _name in ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
