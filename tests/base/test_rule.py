"""Rules are declared once, with ranges, and decide for one case by field names."""

import subprocess
import sys

import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.rule import rule


@rule(length_mm=(0, 10_000), tall=(0, 1))
def measured(length_mm: int, tall: int) -> int:
    return length_mm * 2 if tall else length_mm


def test_a_rule_takes_each_parameter_from_the_first_noun_that_has_it():
    assert measured.of({"length_mm": 4}, {"length_mm": 9, "tall": True}) == 8
    assert measured(4, 0) == 4
    with pytest.raises(MisuseError, match="needs tall"):
        measured.of({"length_mm": 4})


def test_a_rule_states_the_range_of_every_parameter():
    with pytest.raises(MisuseError, match="range of each parameter"):
        rule(length_mm=(0, 1))(lambda length_mm, width_mm: length_mm)


def test_the_ground_floor_loads_neither_polars_nor_numba():
    imports = "import sys, entrepost.mail.status, entrepost.reference.fx"
    program = f"{imports}; print('polars' in sys.modules, 'numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
