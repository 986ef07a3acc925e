"""How long a step takes: a shifted lognormal given by three figures that a person can read."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MisuseError


@dataclass(frozen=True, slots=True)
class Duration:
    """Hours of a step: never below `hours_min`, half within `hours_p50`, nine in ten within `hours_p90`."""

    hours_min: float
    hours_p50: float
    hours_p90: float

    def __post_init__(self) -> None:
        if not 0 <= self.hours_min <= self.hours_p50 <= self.hours_p90:
            shown = f"{self.hours_min}, {self.hours_p50}, {self.hours_p90}"
            raise MisuseError(f"a duration needs 0 <= hours_min <= hours_p50 <= hours_p90, not {shown}")

    def scaled(self, factor: float) -> Duration:
        """The same shape, every figure multiplied."""
        return Duration(self.hours_min * factor, self.hours_p50 * factor, self.hours_p90 * factor)
