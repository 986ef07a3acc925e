"""Names are of the trade: none that says nothing, and each module says what it is about."""

from __future__ import annotations

import ast
import re

from tests.tidy.source import ROOT, list_exceptions, list_modules, list_untested, name_of, parse

EMPTY_WORDS = {
    "manager",
    "handler",
    "processor",
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "models",
    "lib",
}
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def test_no_name_is_an_empty_word() -> None:
    names = {
        (name_of(path), name)
        for path in list_modules()
        for name in [
            *path.relative_to(ROOT).with_suffix("").parts,
            *(node.name for node in ast.walk(parse(path)) if isinstance(node, DEFINITIONS)),
        ]
        if not name.startswith("test_")  # a test is a sentence, and may speak of the machine's processor
    }
    assert {(place, name) for place, name in names if words_of(name) & EMPTY_WORDS} == set()


def test_every_module_begins_with_its_purpose() -> None:
    assert [name_of(path) for path in list_modules("src") if not ast.get_docstring(parse(path))] == []


EDGES = ("src/entrepost/api/steady.py",)
"""Where a thread would end and do nothing for anybody any more; requests have such an edge in the framework."""


def test_no_broad_except_swallows_what_it_does_not_know() -> None:
    broad = [
        f"{name_of(path)}:{node.lineno}"
        for path in list_modules()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and not raises_again(node)
    ]
    assert [place for place in broad if place.partition(":")[0] not in EDGES] == []


def is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException") for kind in kinds)


def raises_again(caught: ast.ExceptHandler) -> bool:
    last = caught.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_every_module_that_does_something_has_its_test_file_unless_listed() -> None:
    assert list_untested() == list_exceptions()["untested"], "write the test file; take out of the list what has one"


def test_no_function_of_ours_runs_inside_an_expression_of_the_engine() -> None:
    inside = ("map_elements", "map_batches", "map_groups", "map_rows")
    calls = {
        (name_of(path), node.func.attr)
        for path in list_modules()
        if path.is_relative_to(ROOT / "src")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert {(place, name) for place, name in calls if name in inside} == set()
