"""One module per claim about speed, named `bench_*.py`, with the peer beside us in the same run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """What one side needed for the same work, after both were found to give equal answers."""

    work: str
    side: str
    seconds: float
    units: int
    unit: str

    @property
    def units_per_second(self) -> float:
        """Speed, in units of the work."""
        return self.units / self.seconds
