"""A floor imports only what stands below it, and what it may use of other people's libraries."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.tidy.source import PACKAGE, imports_of, list_modules, name_of, parse

RESERVED = {
    "alembic": "store",
    "psycopg": "store",
    "sqlalchemy": "store",
    "sqlite3": "store",
    "rich": "cli",
    "typer": "cli",
}
"""Libraries that only one floor may import: databases belong to the store, the terminal to the command line."""


def floor_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def test_each_floor_imports_only_floors_below(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_the_ground_floor_uses_the_standard_library_only() -> None:
    known = set(sys.stdlib_module_names) | {"entrepost"}
    foreign = {name_of(path): imports_of(path) - known for path in list_modules("src/entrepost/base")}
    assert {place: names for place, names in foreign.items() if names} == {}


def test_databases_and_terminals_stay_on_their_floor() -> None:
    strays = [
        (name_of(path), library)
        for path in list_modules("src")
        for library in imports_of(path)
        if library in RESERVED and floor_of(path) != RESERVED[library]
    ]
    assert strays == []


def test_relative_imports_are_not_used() -> None:
    relative = [
        f"{name_of(path)}:{node.lineno}"
        for path in list_modules()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []
