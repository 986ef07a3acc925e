"""Rates of exchange from a place that the operator names: a file, a folder of files, or a URL; looked at every day.

`ENTREPOST_RATES` names it; without it nothing is read and nobody is asked. What was read is kept among the user's
reference figures, so that all processes of a machine know it, and know it still when the place is away. Rates of the
last `KEEP_DAYS` are kept; those of thirty years come along.

Nobody looks at what a machine reads by itself: a rate that is more than twice the last one, or less than half of it, is
left out and told. `entrepost reference add fx` takes it, as somebody says so.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.reference.added import folder_of, keep, list_added
from entrepost.reference.fx import FEED, QUOTE_DAYS, known_rates
from entrepost.reference.fx_file import ByDay, Read, read_bytes, read_file, write_text

JUMPED = finding_code("exchange_rate_jumped", "A rate of exchange is more than twice the last one, or less than half.")

AGAIN = timedelta(hours=24)
AFTER_FAILURE = timedelta(hours=1)
CLAIMED = timedelta(minutes=10)
"""So long nobody else looks while one does."""
KEEP_DAYS = 400
AHEAD_DAYS = 2
"""Rates of later days are passed over: a mistyped year would stand for all that come."""
JUMP = 2
ENDINGS = (".csv", ".zip")
LOOKED = "looked.json"

Fetch = Callable[[str], bytes]
"""Gets what a URL answers; raises `UnreadableInputError`."""


@dataclass(frozen=True, slots=True)
class Looked:
    """When a place was looked at, when it is again, what was taken of it, and what is wrong (empty: nothing)."""

    source: str
    stamp: str
    looked_at: datetime
    again_at: datetime
    rates: int = 0
    last: date | None = None
    wrong: str = ""


def named_source() -> str:
    """The place that the operator named; empty: none."""
    return os.environ.get("ENTREPOST_RATES", "").strip()


def find_looked() -> Looked | None:
    """What is known of the last look at the place that is named now."""
    try:
        told = json.loads((folder_of(FEED) / LOOKED).read_text(encoding="utf-8"))
        instants = {name: datetime.fromisoformat(told[name]) for name in ("looked_at", "again_at")}
        looked = Looked(**told | instants | {"last": date.fromisoformat(told["last"]) if told["last"] else None})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return looked if looked.source == named_source() else None


def look_again(now: datetime, fetch: Fetch) -> Looked | None:
    """Read the place that is named where it is time; None where it is not, or where none is named.

    It is time a day after it was read, an hour after that went wrong, and whenever a file there is another one.
    """
    source, before = named_source(), find_looked()
    stamp = "" if _is_url(source) else _stamp(source)
    if not source or (before and before.stamp == stamp and before.looked_at <= now < before.again_at):
        return None
    claim = Looked(source, stamp, now, now + CLAIMED)
    try:
        _write(claim)
        told = _take(source, now, fetch)
    except (UnreadableInputError, OSError) as error:
        told = replace(before or claim, wrong=str(error)[:300] or type(error).__name__)
    pause = AFTER_FAILURE if told.wrong else AGAIN
    done = replace(told, stamp=stamp, looked_at=now, again_at=now + pause)
    with suppress(OSError):  # where nothing can be written, `done` says so already
        _write(done)
    return done


def _take(source: str, now: datetime, fetch: Fetch) -> Looked:
    """Read the place and keep what it says, with what was kept before."""
    read = read_bytes(fetch(source), source) if _is_url(source) else _read_path(Path(source))
    first, last = now.date() - timedelta(days=KEEP_DAYS), now.date() + timedelta(days=AHEAD_DAYS)
    kept = _read_kept()
    for code, by_day in read.rates.items():
        told = {day: rate for day, rate in by_day.items() if first <= day <= last}
        kept.setdefault(code, {}).update(_sound(code, told, read, source))
    late = {code: {day: rate for day, rate in by_day.items() if day >= first} for code, by_day in kept.items()}
    days = [day for by_day in late.values() for day in by_day]
    if not days:
        raise UnreadableInputError(f"{source} states no rate of the last {KEEP_DAYS} days")
    _keep({code: by_day for code, by_day in late.items() if by_day})
    return Looked(source, "", now, now, len(days), max(days), _say(read.findings))


def _sound(code: str, by_day: ByDay, read: Read, source: str) -> ByDay:
    """The rates that are near the one before; the others become findings."""
    before: Fraction | None = None
    sound: ByDay = {}
    for day, rate in sorted(by_day.items()):
        known = None if before else known_rates().find_last(code, day - timedelta(days=1), QUOTE_DAYS)
        before = known.rate if known else before
        if before and not before / JUMP <= rate <= before * JUMP:
            message = f"{code} is {float(rate):g} on {day} after {float(before):g}"
            fix = "entrepost reference add fx FILE, if it is so"
            read.findings.append(Finding(JUMPED, "rate", message, source, fix=fix))
        else:
            sound[day] = before = rate
    return sound


def _say(findings: list[Finding]) -> str:
    more = f", and {len(findings) - 1:,} more" if len(findings) > 1 else ""
    return f"{findings[0].message}{more}" if findings else ""


def _keep(rates: dict[str, ByDay]) -> None:
    """Keep it as the newest; the file before stays for who is reading it."""
    text, before = write_text(rates), list_added(FEED)
    if before and before[-1].read_text(encoding="utf-8") == text:
        return
    keep(FEED, text)
    for old in list_added(FEED)[:-2]:
        old.unlink(missing_ok=True)


def _read_kept() -> dict[str, ByDay]:
    paths = list_added(FEED)
    return read_file(paths[-1]).rates if paths else {}


def _read_path(path: Path) -> Read:
    """A file, or those of a folder, of which the last by name counts most."""
    if not path.is_dir():
        return read_file(path)
    read = Read()
    for file in _files_of(path):
        one = read_file(file)
        read.findings += one.findings
        for code, by_day in one.rates.items():
            read.rates.setdefault(code, {}).update(by_day)
    return read


def _files_of(path: Path) -> Iterator[Path]:
    yield from (each for each in sorted(path.iterdir()) if each.suffix.lower() in ENDINGS) if path.is_dir() else (path,)


def _stamp(source: str) -> str:
    """What is another text when a file is another one."""
    try:
        facts = [(each.name, each.stat().st_size, each.stat().st_mtime_ns) for each in _files_of(Path(source))]
    except OSError:
        return "away"
    return repr(facts)


def _is_url(source: str) -> bool:
    return "://" in source


def _write(looked: Looked) -> None:
    folder = folder_of(FEED)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", delete=False, encoding="utf-8") as part:
        json.dump(asdict(looked), part, default=str)
    Path(part.name).replace(folder / LOOKED)
