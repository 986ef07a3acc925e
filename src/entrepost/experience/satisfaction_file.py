"""Satisfaction as a file: TOML that a person can read, and the documented default."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.experience.curve import Curve
from entrepost.experience.satisfaction import Before, Evidence, LaneLoss, Satisfaction

DEFAULT = Path(__file__).parent / "data" / "satisfaction.toml"
"""What holds where no reviews have been learned; every figure in it is assumed."""

HEAD = """# Which score (1 to 5) goes with a wait and a broken promise: an association, not a cause.
# Losses are log odds: P(score <= k) = logistic(cut point k + losses).
# Errors are standard errors of what each stretch between two days adds.
"""


@cache
def default_satisfaction() -> Satisfaction:
    """The documented default, assumed in every figure."""
    return read_satisfaction(DEFAULT)


def read_satisfaction(path: str | Path) -> Satisfaction:
    """Read a file that `write_satisfaction` wrote, or a person.

    Raises
    ------
    UnreadableInputError
        When it is no TOML, lacks a figure, or holds one that cannot be; the message says which.
    """
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableInputError(f"{path} cannot be read as satisfaction: {error}") from None
    try:
        return _from_content(content)
    except KeyError as error:
        raise UnreadableInputError(f"{path}: {error.args[0]} is missing") from None
    except (TypeError, ValueError) as error:
        raise UnreadableInputError(f"{path}: {error}") from None


def write_satisfaction(satisfaction: Satisfaction, path: str | Path) -> None:
    """Write it so that `read_satisfaction` gives the same again."""
    Path(path).write_text(format_satisfaction(satisfaction), encoding="utf-8")


def format_satisfaction(satisfaction: Satisfaction) -> str:
    """The text of the file."""
    return HEAD + "\n" + "\n".join(_lines(satisfaction)) + "\n"


def _from_content(content: dict[str, Any]) -> Satisfaction:
    _refuse_unknown(content, ("evidence", "lanes", *(each.name for each in fields(Satisfaction))))
    before, lanes = _table(content, "before"), _table(content, "lanes") if "lanes" in content else {}
    evidence = _table(content, "evidence") if "evidence" in content else None
    return Satisfaction(
        cut_points=_figures(content["cut_points"]),
        wait=_curve(_table(content, "wait")),
        late=_curve(_table(content, "late")),
        before=Before(float(before["kept"]), float(before["late"]), _figures(before["shares"])),
        undelivered=float(content["undelivered"]),
        lanes={lane: _lane(_table(lanes, lane)) for lane in lanes},
        source=str(content["source"]),
        evidence=Evidence(**{each.name: evidence[each.name] for each in fields(Evidence)}) if evidence else None,
    )


def _curve(content: dict[str, Any]) -> Curve:
    return Curve(_figures(content["days"]), _figures(content["losses"]), _figures(content.get("errors", ())))


def _table(content: dict[str, Any], name: str) -> dict[str, Any]:
    table = content[name]
    if not isinstance(table, dict):
        raise MisuseError(f"{name} must be a table of figures, not {table!r}")
    return table


def _lane(content: dict[str, Any]) -> LaneLoss:
    return LaneLoss(float(content["loss"]), int(content["reviews"]))


def _figures(values: Iterable[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _refuse_unknown(content: dict[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(set(content) - set(known)):
        raise MisuseError(f"unknown entry {unknown[0]!r}; there are {', '.join(dict.fromkeys(known))}")


def _lines(satisfaction: Satisfaction) -> Iterator[str]:
    yield f"source = {json.dumps(satisfaction.source, ensure_ascii=False)}"
    yield f"cut_points = {_list(satisfaction.cut_points)}"
    yield f"undelivered = {satisfaction.undelivered!r}"
    for name, curve in (("wait", satisfaction.wait), ("late", satisfaction.late)):
        yield f"\n[{name}]\ndays = {_list(curve.days)}\nlosses = {_list(curve.losses)}"
        if curve.errors:
            yield f"errors = {_list(curve.errors)}"
    before = satisfaction.before
    yield f"\n[before]\nkept = {before.kept!r}\nlate = {before.late!r}\nshares = {_list(before.shares)}"
    if satisfaction.evidence:
        yield "\n[evidence]"
        for each in fields(Evidence):
            value = getattr(satisfaction.evidence, each.name)
            yield f"{each.name} = {value.isoformat() if isinstance(value, date) else repr(value)}"
    if satisfaction.lanes:
        yield "\n[lanes]"
        for lane, found in satisfaction.lanes.items():
            yield f"{json.dumps(lane)} = {{ loss = {found.loss!r}, reviews = {found.reviews} }}"


def _list(figures: Iterable[float]) -> str:
    return "[" + ", ".join(repr(float(figure)) for figure in figures) + "]"
