"""Modules and functions stay small: the limits of style, with a list of exceptions that may only shrink."""

from __future__ import annotations

import ast

import pytest

from tests.tidy.source import LIMITS, count_nesting, count_parameters, list_exceptions, list_modules, measure


@pytest.mark.parametrize("what", LIMITS)
def test_nothing_stands_above_its_limit_unless_listed_with_that_very_figure(what: str) -> None:
    found = {place: figure for path in list_modules() for kind, place, figure in measure(path) if kind == what}
    above = {place: figure for place, figure in found.items() if figure > LIMITS[what]}
    assert above == list_exceptions()[what], "divide what is new, and lower the figure of what has shrunk"


def test_elif_stands_beside_its_if() -> None:
    tree = ast.parse("def f(a, b):\n    if a:\n        pass\n    elif b:\n        for c in b:\n            pass\n")
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert count_nesting(function) == 2


def test_self_is_no_parameter() -> None:
    function = ast.parse("def f(self, a, /, b, *, c): ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert count_parameters(function) == 3
