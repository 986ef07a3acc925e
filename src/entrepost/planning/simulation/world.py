"""The world that a simulation runs in, and how far it differs from what the promise assumes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import blake2b

from entrepost.base.errors import MisuseError

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class World:
    """What happens to items beyond what the network folder says; every default is assumed.

    Durations
        `factor_spread`: the durations of each step at each place are multiplied by a factor drawn
        evenly from 1 - spread to 1 + spread. It stays the same for a seed. With `mirror_of` the factors are those of
        that seed mirrored at 1: what was slow there is quick here, and as much.
    Shocks shared by many items
        `facility_slow_day_per_million` days of a facility, and `country_slow_day_per_million` days of
        a country's customs and last mile, are slow: work begun on them takes `slow_day_factor` times
        as long. `offloaded_per_million` dated departures carry no mail; `late_per_million` leave up to
        `late_hours_most` hours late.
    Capacities
        `capacities`: whether departures carry only their `capacity_kg` and facilities finish only their
        `throughput_items_hour`; who is there first is served first.
        `missed_per_million`: ready items that miss a departure for other reasons than capacity; None
        takes missed_1 and missed_2 from the folder, as the promise does.
    Scans
        `unscanned_per_million_most`: for each place and event code the probability that a scan is never
        sent is drawn evenly from 0 to this; `final_unscanned_per_million_most` is the same for the
        scans that end the wait (EMI, EMH, EDH). `report_hours_most`: the mean delay of a place's reports
        is drawn evenly from 0 to this; the delays of its events are exponential.
    """

    factor_spread: float = 0.3
    mirror_of: int | None = None
    facility_slow_day_per_million: int = 30_000
    country_slow_day_per_million: int = 15_000
    slow_day_factor: float = 2.0
    offloaded_per_million: int = 10_000
    late_per_million: int = 80_000
    late_hours_most: int = 24
    capacities: bool = True
    missed_per_million: int | None = 20_000
    unscanned_per_million_most: int = 100_000
    final_unscanned_per_million_most: int = 2_000
    report_hours_most: float = 12.0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if "per_million" in each.name and value is not None and not 0 <= value <= MILLION:
                raise MisuseError(f"{each.name} is {value}; give 0 to {MILLION}")
        if not 0 <= self.factor_spread < 1:
            raise MisuseError(f"factor_spread is {self.factor_spread}; give 0 or more and less than 1, such as 0.3")
        if not 1 <= self.slow_day_factor <= 20:
            raise MisuseError(f"slow_day_factor is {self.slow_day_factor}; give 1 to 20")
        if not 0 <= self.late_hours_most <= 168 or not 0 <= self.report_hours_most <= 168:
            raise MisuseError("late_hours_most and report_hours_most are hours from 0 to 168")

    def draw_factor(self, seed: int, place: str, step: str) -> float:
        """By how much the durations of a step at a place differ from what is assumed."""
        if not self.factor_spread:
            return 1.0
        drawn, sign = (seed, 1) if self.mirror_of is None else (self.mirror_of, -1)
        return 1 + sign * self.factor_spread * (2 * draw_even(drawn, "factor", place, step) - 1)

    def draw_unscanned(self, seed: int, place: str, code: str) -> float:
        """The probability that a scan of this code at this place is never sent."""
        most = self.final_unscanned_per_million_most if code in FINAL_CODES else self.unscanned_per_million_most
        return most / MILLION * draw_even(seed, "unscanned", place, code)

    def draw_report_hours(self, seed: int, place: str) -> float:
        """The mean delay with which a place reports."""
        return self.report_hours_most * draw_even(seed, "report", place)


FINAL_CODES = ("EMI", "EMH", "EDH")
"""The first of these ends an item's wait."""

AS_ASSUMED = World(
    factor_spread=0.0,
    facility_slow_day_per_million=0,
    country_slow_day_per_million=0,
    slow_day_factor=1.0,
    offloaded_per_million=0,
    late_per_million=0,
    late_hours_most=0,
    capacities=False,
    missed_per_million=None,
    unscanned_per_million_most=0,
    final_unscanned_per_million_most=0,
    report_hours_most=0.0,
)
"""The promise's own steps: nothing happens that the network folder does not say, and every scan is sent."""

WORLDS = {"default": World(), "as_assumed": AS_ASSUMED}
"""Worlds by name."""


def get_world(world: str | World) -> World:
    """The world of that name, or the one given; raises `MisuseError` for an unknown name."""
    if isinstance(world, World):
        return world
    if world not in WORLDS:
        raise MisuseError(f"there is no world {world!r}; use one of {', '.join(WORLDS)}, or give a World")
    return WORLDS[world]


BETWEEN = "\x1f"
"""Stands between texts that are hashed together."""


def hash_text(*texts: str) -> int:
    """64 bits that name some texts, the same on every machine; `hash.hash_texts` does it for a column."""
    joined = BETWEEN.join(texts).encode()
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "little")


def draw_even(seed: int, *texts: str) -> float:
    """An even draw from 0 to 1 that belongs to a seed and some texts."""
    return hash_text(str(seed), *texts) / 2**64
