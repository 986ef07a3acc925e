"""The compliance report of a post, drawn from its messages in the three parts of the UPU's own.

The UPU looks at the messages of two random days a month, one of Monday to Wednesday and one of Thursday to Sunday; of
small senders at four, and of CARDIT at seven. It lists who sends what with which fault, and the first ten cases of each
(compliance reports of the exchange of messages). Here the same is drawn of all days, or of days that a seed chooses.
"""

from __future__ import annotations

import calendar
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from entrepost.base.errors import MisuseError
from entrepost.base.findings import CODES
from entrepost.messages.hearing import Heard

FIRST_HALF = 3
"""Days of the week from Monday on that are drawn from separately: Monday to Wednesday."""


@dataclass(frozen=True, slots=True)
class ComplianceParams:
    """Which days are looked at: all of them without a `seed`; otherwise some of each month.

    `small_below`: a sender of fewer messages in the month is a small one (assumed; the UPU's own limit is not public).
    """

    seed: int | None = None
    days: int = 2
    days_small: int = 4
    days_cardit: int = 7
    small_below: int = 1_000
    cases: int = 10

    def __post_init__(self) -> None:
        if min(self.days, self.days_small, self.days_cardit, self.cases) < 1:
            raise MisuseError("a report looks at one day and one case at least")


@dataclass(frozen=True, slots=True)
class Overview:
    """How the messages of a type from a sender are: how many, how many without an error, and without any fault."""

    sender: str
    message: str
    messages: int
    usable: int
    faultless: int
    faults: int

    @property
    def faultless_share(self) -> float:
        """The share that nothing at all is wrong with."""
        return self.faultless / self.messages


@dataclass(frozen=True, slots=True)
class Issue:
    """How often a fault stands in the messages of a type from a sender, and in how many of them."""

    sender: str
    message: str
    code: str
    level: str
    faults: int
    messages: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case of an issue: where it stands, what is wrong, and what to do."""

    sender: str
    message: str
    code: str
    document: str
    place: str
    segment: int
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Compliance:
    """The report: the days it looked at (none: all), how many messages it passed over, and its three parts."""

    days: tuple[date, ...]
    passed_over: int
    overview: tuple[Overview, ...]
    issues: tuple[Issue, ...]
    cases: tuple[Case, ...]


def report_compliance(heard: Iterable[Heard], params: ComplianceParams | None = None) -> Compliance:
    """The compliance report of messages.

    Parameters
    ----------
    heard : iterable of Heard
        The messages, of one or many senders.
    params : ComplianceParams, optional
        Which days are looked at, and how many cases are shown of each issue.
    """
    params = params or ComplianceParams()
    told = list(heard)
    days: tuple[date, ...] = ()
    looked = told
    if params.seed is not None:
        looked, days = _sample(told, params)
    groups: dict[tuple[str, str], list[Heard]] = {}
    for each in looked:
        groups.setdefault((each.sender, each.message), []).append(each)
    ordered = sorted(groups.items())
    return Compliance(
        days,
        len(told) - len(looked),
        tuple(_overview(*key, group) for key, group in ordered),
        tuple(issue for key, group in ordered for issue in _issues(*key, group)),
        tuple(case for key, group in ordered for case in _cases(*key, group, params.cases)),
    )


def draw_days(year: int, month: int, count: int, seed: int) -> list[date]:
    """So many days of a month by chance, in turn of Thursday to Sunday and of Monday to Wednesday.

    The same seed gives the same days, and more days hold those of fewer.
    """
    whole = [date(year, month, day + 1) for day in range(calendar.monthrange(year, month)[1])]
    halves = [
        [day for day in whole if day.weekday() >= FIRST_HALF],
        [day for day in whole if day.weekday() < FIRST_HALF],
    ]
    for number, half in enumerate(halves):
        random.Random(f"{seed} {year} {month} {number}").shuffle(half)
    taken = [halves[turn % 2].pop(0) for turn in range(count) if halves[turn % 2]]
    return sorted(taken)


def _sample(told: Sequence[Heard], params: ComplianceParams) -> tuple[list[Heard], tuple[date, ...]]:
    """The messages of the days that are drawn; what tells no day is always looked at."""
    months = Counter((each.sender, each.sent_on.year, each.sent_on.month) for each in told if each.sent_on)
    looked: list[Heard] = []
    days: set[date] = set()
    drawn: dict[tuple[int, int, int], list[date]] = {}
    for each in told:
        if each.sent_on is None:
            looked.append(each)
            continue
        month = each.sent_on.year, each.sent_on.month
        few = months[each.sender, *month] < params.small_below
        count = params.days_cardit if each.message == "CARDIT" else params.days_small if few else params.days
        if (*month, count) not in drawn:
            drawn[*month, count] = draw_days(*month, count, params.seed or 0)
        days |= {*drawn[*month, count]}
        if each.sent_on in drawn[*month, count]:
            looked.append(each)
    return looked, tuple(sorted(days))


def _overview(sender: str, message: str, group: Sequence[Heard]) -> Overview:
    usable = sum(each.noun is not None for each in group)
    faultless = sum(not each.findings for each in group)
    return Overview(sender, message, len(group), usable, faultless, sum(len(each.findings) for each in group))


def _issues(sender: str, message: str, group: Sequence[Heard]) -> list[Issue]:
    faults = Counter((found.code, found.level) for each in group for found in each.findings)
    hit = Counter(key for each in group for key in {(found.code, found.level) for found in each.findings})
    ordered = sorted(faults.items(), key=lambda row: (-row[1], row[0]))
    return [
        Issue(sender, message, code, level, count, hit[code, level], CODES[code]) for (code, level), count in ordered
    ]


def _cases(sender: str, message: str, group: Sequence[Heard], most: int) -> list[Case]:
    shown: dict[str, list[Case]] = {issue.code: [] for issue in _issues(sender, message, group)}
    for each in group:
        for found in each.findings:
            if len(shown[found.code]) < most:
                document = each.document or found.subject
                shown[found.code].append(
                    Case(sender, message, found.code, document, each.place, found.row, found.message, found.fix)
                )
    return [case for cases in shown.values() for case in cases]
