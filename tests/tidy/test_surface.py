"""What Entrepost offers to Python programs is a list, and asking for nothing loads nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import entrepost

SURFACE = [
    "Finding",
    "Network",
    "check_network",
    "choose",
    "drift",
    "eta",
    "landed_cost",
    "learn",
    "list_exceptions",
    "load_network",
    "plan",
    "quote",
    "sample_network",
    "sample_orders",
    "simulate",
]


def test_the_public_interface_is_this_list() -> None:
    assert entrepost.__all__ == SURFACE


@pytest.mark.parametrize("name", SURFACE)
def test_each_public_name_is_there_and_says_what_it_is(name: str) -> None:
    assert getattr(entrepost, name).__doc__


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'manage'"):
        entrepost.__getattr__("manage")


def test_import_loads_neither_polars_nor_numba() -> None:
    code = "import sys, entrepost; print([n for n in ('polars', 'numba', 'numpy', 'sqlalchemy') if n in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"
