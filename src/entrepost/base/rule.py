"""A rule: one plain branching function of numbers, declared once and opened through two doors.

`rule.of(item, service)` decides for one item; `rule.on(frame)` decides for columns by compiling
that very function. Compiling needs numba and Polars, which stand on the `tables` floor; that floor
announces its door here when it is imported, so the ground floor needs neither.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from entrepost.base.errors import MisuseError

RULES: dict[str, Rule] = {}
"""Every declared rule by name; a test walks it and demands that both doors agree."""

_columns_door: list[Callable[[Rule, Any], Any]] = []


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision on whole numbers (bool counts as one).

    `name` is module-qualified (`charge.billable_weight`), `parameters` are the names of fields and
    of columns alike, and `ranges` the inclusive bounds within which the rule is defined.
    """

    name: str
    function: Callable[..., int]
    parameters: tuple[str, ...]
    ranges: Mapping[str, tuple[int, int]]

    def __call__(self, *values: int) -> int:
        """Decide for bare numbers, in the order of `parameters`."""
        return self.function(*values)

    def of(self, *nouns: object) -> int:
        """Decide for one case; each parameter is taken from the first noun or mapping that has it."""
        return self.function(*[_field(self.name, name, nouns) for name in self.parameters])

    def on(self, frame: Any) -> Any:
        """Decide for every row of a Polars frame that has the parameters as columns; a Series."""
        if not _columns_door:
            raise MisuseError("rules on columns need the tables: import entrepost.tables first")
        return _columns_door[0](self, frame)


def rule(**ranges: tuple[int, int]) -> Callable[[Callable[..., int]], Rule]:
    """Declare a rule, with the inclusive range of each of its parameters.

    Examples
    --------
    >>> @rule(length_mm=(0, 10_000))
    ... def doubled(length_mm: int) -> int:
    ...     return 2 * length_mm
    >>> doubled.of({"length_mm": 4})
    8
    """

    def declare(function: Callable[..., int]) -> Rule:
        parameters = tuple(inspect.signature(function).parameters)
        if set(ranges) != set(parameters):
            raise MisuseError(f"rule {function.__name__} must give the range of each parameter: {parameters}")
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        if name in RULES and RULES[name].function.__module__ != function.__module__:
            raise MisuseError(f"rule {name} is declared twice")
        RULES[name] = Rule(name, function, parameters, ranges)
        return RULES[name]

    return declare


def open_columns_door(door: Callable[[Rule, Any], Any]) -> None:
    """Called once by the `tables` floor with the function that applies a rule to a frame."""
    _columns_door[:] = [door]


def _field(rule_name: str, name: str, nouns: tuple[object, ...]) -> int:
    for noun in nouns:
        if isinstance(noun, Mapping):
            if name in noun:
                return int(noun[name])
        elif hasattr(noun, name):
            return int(getattr(noun, name))
    raise MisuseError(f"rule {rule_name} needs {name}, which none of the given nouns has")
