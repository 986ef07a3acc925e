"""Measures the source: how long modules and functions are, how many parameters, how deep they nest.

``python -m tests.tidy.source`` prints what stands above a limit, in the form of ``exceptions.toml``.
"""

from __future__ import annotations

import ast
import io
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "src" / "entrepost"
FOLDERS = ("src", "tests", "tools", "benchmarks")
LIMITS = {"module_lines": 400, "function_lines": 50, "parameters": 6, "nesting": 3}

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.TryStar, ast.Match, ast.AsyncFor, ast.AsyncWith)
_SILENT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def list_modules(*folders: str) -> list[Path]:
    """Every Python file below these folders of the repository, all of ours if none is named."""
    return sorted(path for folder in folders or FOLDERS for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """A file's path as written in findings and exceptions: from the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> set[str]:
    """The top names of all that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names


@cache
def list_exceptions() -> dict[str, Any]:
    """What may stand above a limit today, by measure and place with the figure it has; and what is untested."""
    return tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))


@cache
def measure(path: Path) -> tuple[tuple[str, str, int], ...]:
    """Each measure of a file and of its functions: what is measured, the place, the figure."""
    text = path.read_text(encoding="utf-8")
    code = _code_lines(text)
    found = [("module_lines", name_of(path), len(text.splitlines()))]
    for place, function in _functions(parse(path), name_of(path)):
        found.append(("function_lines", place, count_lines(function, code)))
        found.append(("parameters", place, count_parameters(function)))
        found.append(("nesting", place, count_nesting(function)))
    return tuple(found)


def count_lines(function: Function, code: frozenset[int]) -> int:
    """Lines of code of a function; its docstring, comments and empty lines are not counted."""
    body = function.body
    has_docstring = ast.get_docstring(function) is not None
    docstring = range(body[0].lineno, (body[0].end_lineno or 0) + 1) if has_docstring else ()
    own = range(function.lineno, (function.end_lineno or 0) + 1)
    return sum(1 for line in own if line in code and line not in docstring)


def count_parameters(function: Function) -> int:
    """Named parameters of a function; `self` and `cls` are not counted."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if names and names[0] in ("self", "cls"):
        names = names[1:]
    return len(names) + len(function.args.kwonlyargs)


def count_nesting(function: Function) -> int:
    """How many blocks stand within one another; an `elif` stands beside its `if`."""
    return max((_depth(node, 0) for node in function.body), default=0)


def _depth(node: ast.AST, above: int) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return above
    here = above + isinstance(node, _BLOCKS)
    beside = node.orelse[0] if isinstance(node, ast.If) and _is_elif(node) else None
    depths = [_depth(child, above if child is beside else here) for child in ast.iter_child_nodes(node)]
    return max([here, *depths])


def _is_elif(node: ast.If) -> bool:
    return len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and node.orelse[0].col_offset == node.col_offset


def _functions(tree: ast.AST, place: str) -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{place}:{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield inner, node
            yield from _functions(node, inner)
        else:
            yield from _functions(node, place)


def _code_lines(text: str) -> frozenset[int]:
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return frozenset(lines)


def list_untested() -> list[str]:
    """Modules that do something and have no test file of their name.

    A noun that only holds its columns, and a protocol, need none; `measure_steps` may be tested with its noun,
    `measure`, and a part in a folder with the module beside the folder that uses its parts.
    """
    return [name_of(path) for path in list_modules("src") if _does_something(path) and not _is_tested(path)]


def _does_something(path: Path) -> bool:
    if "migrations" in path.parts or path.name in ("__init__.py", "__main__.py"):
        return False
    return any(isinstance(node, Function) and _has_code(node) for node in ast.walk(parse(path)))


def _has_code(function: Function) -> bool:
    return not all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in function.body)


def _is_tested(path: Path) -> bool:
    words = path.stem.split("_")
    inside = path.relative_to(PACKAGE).parent
    folder = ROOT / "tests" / inside
    if any((folder / f"test_{'_'.join(words[:count])}.py").exists() for count in range(1, len(words) + 1)):
        return True
    return len(inside.parts) > 1 and any(
        _is_tested(door) for door in path.parents[1].glob("*.py") if _opens(door, path)
    )


def _opens(door: Path, path: Path) -> bool:
    """Whether a module beside a folder uses parts of it, so that its tests are those of the parts."""
    return f"{'.'.join(path.relative_to(PACKAGE).parent.parts)}." in door.read_text(encoding="utf-8")


def main() -> None:
    """Print what stands above a limit, and what is untested."""
    found = [each for path in list_modules() for each in measure(path)]
    print("untested = [", *(f'    "{name}",' for name in list_untested()), "]\n", sep="\n")
    for what, limit in LIMITS.items():
        print(f"[{what}] # limit {limit}")
        print("".join(f'"{place}" = {figure}\n' for kind, place, figure in found if kind == what and figure > limit))


if __name__ == "__main__":
    main()
