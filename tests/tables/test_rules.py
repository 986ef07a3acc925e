"""Both doors of every rule agree, and the columns' door refuses what it would bend."""

import importlib
import pkgutil

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entrepost
from entrepost.base.errors import MisuseError
from entrepost.base.money import divide_half_up
from entrepost.base.rule import RULES, Rule, rule
from entrepost.tables.rules import compile_kernel, compile_rule, decide

for module in pkgutil.walk_packages(entrepost.__path__, "entrepost."):
    if ".migrations." not in module.name and not module.name.endswith(".__main__"):  # those are run, not imported
        importlib.import_module(module.name)

DECLARED = [RULES[name] for name in sorted(RULES) if RULES[name].function.__module__.startswith("entrepost.")]
INT64 = range(-(2**63), 2**63)
DIGITS = bytes([1, 2, 4, 8])


@rule(power=(0, 3), mass=(0, 100))
def scaled(power: int, mass: int) -> int:
    """A rule as rules are: a table of bytes, a plain function, branches."""
    if mass > 90:
        return False
    return divide_half_up(mass * DIGITS[power], 3)


@rule(mass=(0, 100))
def scaled_twice(mass: int) -> int:
    """A rule that asks another one."""
    return scaled(1, mass) + scaled(2, mass)


def frames_of(one: Rule) -> st.SearchStrategy[pl.DataFrame]:
    def figures(low: int, high: int) -> st.SearchStrategy[int]:
        edges = sorted({low, min(low + 1, high), max(high - 1, low), high})
        return st.sampled_from(edges) | st.integers(low, high)

    rows = st.tuples(*[figures(*one.ranges[name]) for name in one.parameters])
    schema = dict.fromkeys(one.parameters, pl.Int64)
    return st.lists(rows, min_size=1, max_size=30).map(lambda cells: pl.DataFrame(cells, schema=schema, orient="row"))


def assert_doors_agree(one: Rule, frame: pl.DataFrame) -> None:
    decided = [one.of(row) for row in frame.iter_rows(named=True)]
    assert all(isinstance(value, int) for value in decided), "a rule gives whole numbers"
    assert all(value in INT64 for value in decided), "a rule's result fits 64 bits"
    assert one.on(frame).to_list() == decided


def test_there_are_rules_to_walk():
    assert {"status.status_step", "status.status_anomaly", "status.action_required"} <= {one.name for one in DECLARED}


@pytest.mark.parametrize("one", [*DECLARED, scaled, scaled_twice], ids=lambda one: one.name)
def test_both_doors_of_a_rule_agree(one):
    @settings(max_examples=25, deadline=None)
    @given(frames_of(one))
    def agree(frame):
        assert_doors_agree(one, frame)

    agree()


@pytest.mark.parametrize("one", [*DECLARED, scaled, scaled_twice], ids=lambda one: one.name)
def test_both_doors_agree_at_the_corners(one):
    for corner in (0, 1):
        figures = {name: [one.ranges[name][corner]] for name in one.parameters}
        assert_doors_agree(one, pl.DataFrame(figures, schema=dict.fromkeys(one.parameters, pl.Int64)))


def test_a_column_of_truth_counts_as_one_and_nothing():
    frame = pl.DataFrame({"power": [True, False], "mass": [3, 3]})
    assert scaled.on(frame).to_list() == [2, 1]
    assert scaled.on(frame).name == "test_rules.scaled"


def test_no_rows_give_no_decisions():
    assert scaled.on(pl.DataFrame({"power": [], "mass": []}, schema={"power": pl.Int64, "mass": pl.UInt8})).len() == 0


@pytest.mark.parametrize(
    ("mass", "reason"),
    [
        (pl.Series([1.0]), "Float64"),
        (pl.Series(["1"]), "String"),
        (pl.Series([None], dtype=pl.Int64), "1 nulls"),
        (pl.Series([2**64 - 1], dtype=pl.UInt64), "64 bits"),
    ],
)
def test_a_column_that_is_not_whole_numbers_is_refused_by_name(mass, reason):
    with pytest.raises(MisuseError, match=rf"column mass.*{reason}"):
        scaled.on(pl.DataFrame({"power": [1], "mass": mass}))


def test_a_missing_column_is_refused_by_name():
    with pytest.raises(MisuseError, match="needs the column mass"):
        scaled.on(pl.DataFrame({"power": [1]}))


def test_a_changed_callee_is_compiled_anew_and_never_taken_from_the_disk():
    def doubled(mass: int) -> int:
        return mass * 2

    def tripled(mass: int) -> int:
        return mass * 3

    def through(callee):
        def decide(mass: int) -> int:
            return callee(mass) + 1

        return decide

    column = np.array([5], np.int64)
    assert [compile_rule(through(callee))(column)[0] for callee in (doubled, tripled, doubled)] == [11, 16, 11]
    names = {compile_kernel(through(callee)).py_func.__qualname__ for callee in (doubled, tripled, doubled)}
    assert len(names) == 2


def test_columns_of_numpy_and_figures_for_all_rows_are_decided_alike() -> None:
    masses = np.array([0, 7, 90, 91])
    assert decide(scaled, {"power": 2, "mass": masses}).tolist() == [scaled(2, int(mass)) for mass in masses]
