"""The nouns of people at work in an account: exceptions they take care of, plans they start, rules they activate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Care:
    """Who takes care of an exception; `state` is open or closed, `items` how many it had when that was changed last."""

    tenant: str
    exception: str
    kind: str
    subject: str
    state: str
    assigned_to: str
    reason: str
    changed_by: str
    changed_at: datetime
    items: int


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted at an exception; its name begins with that of the exception, then it tells the time."""

    tenant: str
    note: str
    exception: str
    text: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class PlanRun:
    """A plan, or the scenarios of one (`of`), that is made beside everything else.

    `state` is waiting, running, done, failed or cancelled; `asked` its options as text, `stage` what is being done;
    `gap_ppm` and `warehouses` tell the best plan so far, where there is one; `is_stopping` that somebody wants no more
    of it than that.
    """

    tenant: str
    run: str
    kind: str
    of: str
    title: str
    asked: str
    state: str
    stage: str
    message: str
    created_by: str
    created_at: datetime
    is_stopping: int = 0
    seconds: int = 0
    gap_ppm: int | None = None
    warehouses: int | None = None
    lease_until: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Segments:
    """The rules of a plan as `choose` obeys them: a rule file (`rules`) and what lies beside it (`facts`, as text).

    Beside it lie the files that rules ask, and under `opened/` the rows that the plan's network has beyond today's.
    """

    tenant: str
    segments: str
    run: str
    title: str
    rules: str
    facts: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ActiveSegments:
    """Which segments an account obeys, for a `use` of them: its quotes, its network; empty: none any more."""

    tenant: str
    use: str
    segments: str
    changed_by: str
    changed_at: datetime
