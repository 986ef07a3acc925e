"""The columns' door of rules: the plain function of a rule, compiled by numba and applied to a frame."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from types import CellType, FunctionType
from typing import Any

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.rule import Rule

Figures = np.ndarray[Any, np.dtype[np.int64]]


def apply(rule: Rule, frame: pl.DataFrame) -> pl.Series:
    """Decide a rule for every row of a frame.

    Parameters
    ----------
    rule : Rule
        Its parameters name the columns that are read.
    frame : DataFrame
        Those columns must be integer or boolean and hold no null: text is mapped before.

    Returns
    -------
    Series
        Int64, as high as the frame, named after the rule; yes is 1 and no is 0.
    """
    columns = {name: _column(rule, frame, name) for name in rule.parameters}
    return pl.Series(rule.name, decide(rule, columns), dtype=pl.Int64)


def decide(rule: Rule, columns: Mapping[str, Figures | int]) -> Figures:
    """Decide a rule for columns of NumPy, or one figure for all rows, by the names of its parameters."""
    decided: Figures = compile_rule(rule.function)(*[columns[name] for name in rule.parameters])
    return decided


@cache
def compile_rule(function: Callable[..., int]) -> Callable[..., Figures]:
    """The function over columns of 64-bit integers or single figures; compiled at the first call, then kept on disk.

    A NumPy ufunc of numba's would do the same, but its loop is compiled anew in every process.
    """
    import numba  # the import alone takes a third of a second, so it waits until a rule needs it

    count = function.__code__.co_argcount
    column = numba.types.Array(numba.int64, 1, "A", readonly=True)
    signature = numba.void(numba.int64[::1], *[column] * count)
    loop = numba.njit(signature, cache=True)(_loop_over(_with_compiled_callees(function), count))

    def decide_columns(*columns: Figures | int) -> Figures:
        figures = [np.asarray(each, np.int64) for each in columns]
        decided = np.empty(np.broadcast_shapes(*[each.shape for each in figures]), np.int64)
        loop(np.atleast_1d(decided), *[np.broadcast_to(each, decided.shape or 1) for each in figures])
        return decided

    return decide_columns


def _loop_over(twin: FunctionType, count: int) -> FunctionType:
    """Decide row for row; numba needs a parameter for each column, so the loop is written out."""
    import numba

    names = [f"column{number}" for number in range(count)]
    cells = ", ".join(f"{name}[row]" for name in names)
    text = f"def loop(out, {', '.join(names)}):\n    for row in range(out.size):\n        out[row] = decide({cells})\n"
    found: dict[str, Any] = {"decide": numba.njit(twin)}
    exec(compile(text, twin.__code__.co_filename, "exec"), found)
    loop: FunctionType = found["loop"]
    loop.__module__, loop.__qualname__ = twin.__module__, f"{twin.__qualname__}_loop"
    return loop


@cache
def compile_kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function and its plain callees, rules among them, compiled; for loops that decide by rules."""
    import numba

    compiled: Callable[..., Any] = numba.njit(cache=True)(_with_compiled_callees(function))
    return compiled


def _with_compiled_callees(function: Any) -> FunctionType:
    """A twin of the function whose plain Python callees, rules among them, are compiled functions.

    Numba takes numbers, tuples and `bytes` tables from a function's globals as constants, but a plain
    function only where it is compiled. The original stays as it is: it remains the door for one item.
    Numba finds what it compiled before by name and file, so the twin's name tells what it was made from.
    """
    names = {**function.__globals__}
    for name in function.__code__.co_names:
        if name in names:
            names[name] = _compiled_if_plain(names[name])
    cells = tuple(CellType(_compiled_if_plain(cell.cell_contents)) for cell in function.__closure__ or ())
    twin = FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells or None)
    twin.__qualname__ = f"{function.__name__}_{_digest(function)}"
    return twin


@cache
def _digest(function: Any) -> str:
    """What a function computes with: its code, its constants and, in the same way, its callees."""
    code = function.__code__
    found = hashlib.sha256(code.co_code + repr(code.co_consts).encode())
    names = [function.__globals__[name] for name in code.co_names if name in function.__globals__]
    for value in [*names, *(cell.cell_contents for cell in function.__closure__ or ())]:
        callee = value.function if isinstance(value, Rule) else value
        told = _digest(callee) if isinstance(callee, FunctionType) else f"{type(value).__name__} {value!r}"
        found.update(told.encode())
    return found.hexdigest()[:16]


def _compiled_if_plain(value: Any) -> Any:
    if isinstance(value, Rule):
        value = value.function
    return compile_kernel(value) if isinstance(value, FunctionType) else value


def _column(rule: Rule, frame: pl.DataFrame, name: str) -> Figures:
    if name not in frame.columns:
        raise MisuseError(f"rule {rule.name} needs the column {name}, which the frame does not have")
    column = frame.get_column(name)
    if not (column.dtype.is_integer() or column.dtype == pl.Boolean):
        raise MisuseError(f"rule {rule.name}: column {name} is {column.dtype}; map it to integers before the rule")
    if column.null_count():
        raise MisuseError(f"rule {rule.name}: column {name} holds {column.null_count()} nulls; fill them before")
    try:
        return column.cast(pl.Int64).to_numpy()
    except pl.exceptions.InvalidOperationError:
        raise MisuseError(f"rule {rule.name}: column {name} holds figures beyond 64 bits") from None
