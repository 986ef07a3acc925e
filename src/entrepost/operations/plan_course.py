"""The course of a plan that the server makes: how far it is, whether it shall end, and the files of its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entrepost.base.errors import UnreadableInputError

if TYPE_CHECKING:
    from entrepost.planning.planner.search import PlanProgress

ORDERS, ASKED, FACTS, WORLDS, REPORT, RULES = (
    *("orders.parquet", "asked.json", "plan.json", "worlds.json", "report.html", "rules.toml"),
)
UNKNOWN_GAP = 10.0
"""A gap that wide is none yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far a plan is: what is being done, and of the best plan by now the gap and its warehouses."""

    stage: str
    gap: float | None = None
    warehouses: int | None = None


@dataclass
class Course:
    """The course of some work: `tell` is told how far it is, `is_over` asked whether it shall end."""

    tell: Callable[[Told], None]
    is_over: Callable[[], bool]
    told: Told = Told("")
    is_ended: bool = False

    def stage(self, name: str) -> None:
        """Say what is being done."""
        self.told = replace(self.told, stage=name)
        self.tell(self.told)

    def progress(self, now: PlanProgress) -> None:
        """Say how good the plan is; where it shall end, the search is interrupted, which keeps its best plan."""
        if now.gap < UNKNOWN_GAP:
            self.told = replace(self.told, gap=now.gap, warehouses=now.warehouses)
        self.tell(self.told)
        if self.is_over() and not self.is_ended:
            self.is_ended = True
            raise KeyboardInterrupt

    def step(self, _done: int) -> None:
        """Between two pieces of what is not kept by halves."""
        if self.is_over():
            raise KeyboardInterrupt


def read_facts(folder: Path) -> dict[str, Any]:
    """What a plan says, as `entrepost plan --out` writes it; raises `UnreadableInputError` where it is gone."""
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UnreadableInputError("the folder of the plan is not there any more; make the plan anew") from None
    return facts


@contextmanager
def interrupted() -> Iterator[list[bool]]:
    """Work that may be interrupted; the list is no longer empty where it was."""
    was: list[bool] = []
    try:
        yield was
    except KeyboardInterrupt:
        was.append(True)
