"""Names are of the trade: none that says nothing, and each module says what it is about."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.tidy.source import PACKAGE, ROOT, list_exceptions, list_modules, name_of, parse

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
    }
    assert {(place, name) for place, name in names if words_of(name) & EMPTY_WORDS} == set()


def test_every_module_begins_with_its_purpose() -> None:
    assert [name_of(path) for path in list_modules("src") if not ast.get_docstring(parse(path))] == []


def test_no_broad_except() -> None:
    broad = [
        f"{name_of(path)}:{node.lineno}"
        for path in list_modules()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type)
    ]
    assert broad == []


def is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException") for kind in kinds)


def test_every_module_has_its_test_file_unless_listed() -> None:
    missing = [name_of(path) for path in list_modules("src") if needs_test(path)]
    assert missing == list_exceptions()["untested"], "write the test file; take out of the list what has one"


def needs_test(path: Path) -> bool:
    place = path.relative_to(PACKAGE)
    has_code = any(isinstance(node, DEFINITIONS) for node in parse(path).body)
    is_frame = "migrations" in place.parts or path.name in ("__init__.py", "__main__.py")
    return has_code and not is_frame and not (ROOT / "tests" / place.with_name(f"test_{place.name}")).exists()
