"""Back to the folder: what was learned as rows of the network, each saying what stands behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.gaps import FEW, INFERRED
from entrepost.journey.learning.hazard import Counts
from entrepost.journey.learning.hazard_fit import fit_all
from entrepost.journey.learning.hazard_pool import Floats, Pooled, Priors, shrink, sums
from entrepost.journey.learning.spells import COMPLETED, UNDER_WAY
from entrepost.journey.learning.stages import Learnable, StageTables
from entrepost.network.network import Network

MILLION = 1_000_000
LEARNED = "learned"
"""The key of the source that learned rows name."""

FAITH = 10
"""What the folder says of missed departures weighs as much as so many ready items (assumed)."""

FIGURES = ("hours_min", "hours_p50", "hours_p90")


@dataclass(frozen=True)
class Figures:
    """What was learned of the steps, by their number.

    `shares` of the channels; `lost`: the shares lost; `attempts`: shape (steps, 4), delivery attempts, failed ones,
    items and those laid ready at once; `missed`: records of `spells.MISSED`.
    """

    pooled: Pooled
    priors: Priors
    spells: NDArray[Any]
    missed: NDArray[Any]
    attempts: NDArray[np.int64]
    shares: Floats
    lost: Floats
    day: date


def write_rows(network: Network, tables: StageTables, figures: Figures) -> Network:
    """The network with learned rows; a row of whose kind nothing was seen stays as it is."""
    steps = tables.steps
    known = figures.spells["item"] != INFERRED
    seen, under_way = count_observations(figures.spells[known], len(steps))
    inferred, _ = count_observations(figures.spells[~known], len(steps))
    priors = figures.priors
    hours = np.round(fit_all(figures.pooled.ends, priors.figures, priors.factors, priors.shares), 2)
    failed, ready = _learn_attempts(steps, figures.attempts)
    kinds: Counter[tuple[str, str]] = Counter()
    for number, step in enumerate(steps):
        kinds[step.table, step.name] += int(seen[number] + inferred[number])
    found: dict[str, list[Any]] = {
        table: list(getattr(network, table)) for table in ("processing", "departures", "clearance", "delivery")
    }
    for number, step in enumerate(steps):
        if not kinds[step.table, step.name]:
            continue
        cells: dict[str, Any] = dict(zip(FIGURES, (float(each) for each in hours[number]), strict=True))
        behind = (int(seen[number]), int(under_way[number]), int(inferred[number]), kinds[step.table, step.name])
        cells["source"] = describe(figures.day, *behind)
        if step.table in ("processing", "delivery"):
            cells["lost_per_million"] = _per_million(figures.lost[number])
        if step.table == "delivery":
            cells["attempt_failed_per_million"] = _per_million(failed[number])
            cells["pickup_per_million"] = _per_million(ready[number])
        for row in step.rows:
            found[step.table][row] = replace(found[step.table][row], **cells)
    _write_shares(found["clearance"], steps, figures.shares)
    _write_missed(found["departures"], tables, figures.missed)
    title = {"title": f"learned from events up to {figures.day}", "url": ""}
    rows = {table: tuple(each) for table, each in found.items()}
    return replace(network, sources={**network.sources, LEARNED: title}, **rows)  # type: ignore[arg-type]


def describe(day: date, seen: int, under_way: int, inferred: int, alike: int) -> str:
    """What stands behind a learned row, in words."""
    text = f"{LEARNED} {day} from {seen:,} observation{'' if seen == 1 else 's'}, {under_way:,} under way"
    if inferred:
        text = f"{text}, {inferred:,} inferred"
    others = alike - seen - inferred
    if seen + inferred >= FEW:
        return text
    return f"{text}, {others:,} of its like" if others else f"{text}, drawn to what was said before"


def count_observations(spells: NDArray[Any], steps: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each step how many items completed it, and how many are under way."""
    counted = []
    for outcome in (COMPLETED, UNDER_WAY):
        some = spells[spells["outcome"] == outcome]
        counted.append(np.round(np.bincount(some["step"], some["weight"], minlength=steps)).astype(np.int64))
    return counted[0], counted[1]


def learn_lost(steps: list[Learnable], counts: Counts, scanned: Floats) -> Floats:
    """The share that gets lost, or is sent back: around what was said, by how much more or less their like lose.

    `scanned`: how often the scan that ends each step is sent; so many of those that went through are seen.
    """
    old = np.array([max(step.lost, 1e-6) for step in steps])
    through = counts.lost + (counts.through - counts.lost) / scanned
    expected = through * old
    alike, member = _alike(steps, counts.lost, expected)
    rates, _ = shrink(counts.lost, expected, alike[member])
    found: Floats = np.minimum(old * rates, 0.5)
    return np.where(np.array([step.lost for step in steps]) + counts.lost > 0, found, 0.0)


def _learn_attempts(steps: list[Learnable], attempts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The share of attempts that fail, and of items that are laid ready at once."""
    found = []
    for whole, part, said in ((0, 1, "failed"), (2, 3, "ready")):
        old = np.array([max(getattr(step, said), 1e-6) for step in steps])
        done, expected = attempts[:, part].astype(np.float64), attempts[:, whole] * old
        alike, member = _alike(steps, done, expected)
        rates, _ = shrink(done, expected, alike[member])
        learned = np.minimum(old * rates, 0.95)
        found.append(np.where(np.array([getattr(step, said) for step in steps]) + done > 0, learned, 0.0))
    return found[0], found[1]


def _alike(steps: list[Learnable], done: Floats, expected: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The rates of steps of one name, and for each step the number of its name."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(step.name for step in steps))}
    member = np.array([numbers[step.name] for step in steps])
    size = len(numbers)
    rates, _ = shrink(sums(member, done, size), sums(member, expected, size), np.ones(size))
    return rates, member


def _per_million(share: float) -> int:
    return round(float(share) * MILLION)


def _write_shares(rows: list[Any], steps: list[Learnable], shares: Floats) -> None:
    """The shares of channels; rounding is made good in the greatest of each place, so that their sum stays."""
    groups: dict[int, list[int]] = {}
    for number, step in enumerate(steps):
        if step.table == "clearance":
            groups.setdefault(step.group, []).append(number)
    for members in groups.values():
        at = [steps[number].rows[0] for number in members]
        whole = sum(rows[row].share_per_million for row in at)
        parts = [_per_million(shares[number]) for number in members]
        greatest = int(np.argmax(parts))
        parts[greatest] += whole - sum(parts)
        for row, part in zip(at, parts, strict=True):
            rows[row] = replace(rows[row], share_per_million=part)


def _write_missed(rows: list[Any], tables: StageTables, missed: NDArray[Any]) -> None:
    """The shares of ready items that missed one, or two and more, departures of a leg."""
    size = len(tables.modes)
    if not size or not missed.size:
        return
    ready = np.bincount(missed["mode"], minlength=size).astype(np.float64)
    columns = ("missed_1_per_million", "missed_2_per_million")
    said = [float(np.mean([getattr(row, name) for row in rows])) / MILLION for name in columns]
    found: list[Floats] = []
    for many in (missed["missed"] == 1, missed["missed"] >= 2):
        some = np.bincount(missed["mode"][many], minlength=size).astype(np.float64)
        usual = max((some.sum() + FAITH * said[len(found)]) / (ready.sum() + FAITH), 1e-6)
        rates, _ = shrink(some, ready * usual, np.ones(size))
        found.append(np.minimum(usual * rates, 0.5))
    known = {mode: number for number, mode in enumerate(tables.modes) if ready[number]}
    for at, row in enumerate(rows):
        number = known.get((row.from_facility, row.to_facility, row.mode))
        if number is not None:
            once, twice = (_per_million(share[number]) for share in found)
            rows[at] = replace(row, missed_1_per_million=once, missed_2_per_million=twice)
