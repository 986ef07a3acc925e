"""How scans are believed to go missing and to come late, and when the network's own word is no longer taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from entrepost.base.errors import MisuseError

MILLION = 1_000_000

FINAL_CODES = ("EMI", "EMH", "EDH")
"""Each of these ends an item's wait; they hardly ever go missing."""

PlaceCode = tuple[str, str]
"""A facility and the code of a scan."""


@dataclass(frozen=True)
class EtaParams:
    """What the forecast of an item under way assumes beyond the network folder; every default is assumed.

    Scans
        `unscanned_per_million` of the scans are never sent, of those that end the wait
        `final_unscanned_per_million`; a place reports `report_hours` late on average, the delays
        exponential. What the histories show of a place is drawn towards this as by `faith` scans.
    Fallbacks
        When no more than `least_per_million` of the items would be silent and still come, the network
        is not believed any more, and the next wider distribution is taken.
    Reach
        Events older than `lookback_days` are not followed step by step.
    """

    unscanned_per_million: int = 50_000
    final_unscanned_per_million: int = 1_000
    report_hours: float = 6.0
    faith: int = 50
    least_per_million: float = 1.0
    lookback_days: int = 90

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if "per_million" in each.name and not 0 < value < MILLION:
                raise MisuseError(f"{each.name} is {value}; give more than 0 and less than {MILLION}")
        if not 0 <= self.report_hours <= 168:
            raise MisuseError(f"report_hours is {self.report_hours}; give 0 to 168")
        if self.faith < 1 or not 7 <= self.lookback_days <= 400:
            raise MisuseError("give faith of at least 1 scan, and 7 to 400 lookback_days")


@dataclass(frozen=True)
class Scanning:
    """The probability of a missed scan by place and code, and the mean delay of a place's reports.

    A place or code that is not named has the figures of `params`.
    """

    params: EtaParams = field(default_factory=EtaParams)
    unscanned: Mapping[PlaceCode, float] = field(default_factory=lambda: MappingProxyType({}))
    report_hours: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def find_unscanned(self, place: str, code: str) -> float:
        """The probability that a scan is never sent."""
        found = self.unscanned.get((place, code))
        return self.usual(code) if found is None else found

    def find_report_hours(self, place: str) -> float:
        """The mean delay with which a place reports."""
        return self.report_hours.get(place, self.params.report_hours)

    def usual(self, code: str) -> float:
        """The probability that a scan is never sent where nothing is known of its place."""
        final = code in FINAL_CODES
        return (self.params.final_unscanned_per_million if final else self.params.unscanned_per_million) / MILLION
