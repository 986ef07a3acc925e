"""What the search for exceptions rests on: how many false ones are borne, and what acting is assumed to do."""

from __future__ import annotations

from dataclasses import dataclass, fields

from entrepost.base.errors import MisuseError

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class ExceptionParams:
    """Settings of `list_exceptions`; every default is assumed.

    What is told
        `false_share`: of the exceptions of each kind at most this share is chance. `chance_most`: no item is told
        whose silence is more probable. `final_unscanned_per_million`: first attempts to deliver that are never
        scanned, before anything is known of the place. `due_least`: an office is quiet only where so many scans
        should have come since its last one. `together_least`: so many silent items of one departure or dispatch
        are one exception. `drift_days`: over so many days a step is compared with what is said of it, and told
        where it is surely slower than `drift_tolerated` times that; at least `drift_least` completions must
        have been expected.
    What acting saves
        `trouble_per_million`: items under way with which something is wrong, before anything is known of their
        silence. `patience_days`: without this list somebody asks so long after the item should have come (its
        promise, or the day by which nine in ten like it have come), of one that is overdue so long after now;
        but never later than `asked_days_most` from now. `review_days`: a slow step is noticed so much later.
        `act_days`: from asking until an item moves. `helped_...`: the share of the trouble of each kind that
        asking ends.
    """

    false_share: float = 0.1
    chance_most: float = 0.01
    final_unscanned_per_million: int = 1_000
    due_least: float = 5.0
    together_least: int = 3
    drift_days: int = 14
    drift_tolerated: float = 1.15
    drift_least: float = 10.0
    trouble_per_million: int = 1_000
    patience_days: float = 3.0
    asked_days_most: float = 30.0
    review_days: float = 14.0
    act_days: float = 1.0
    helped_partner: float = 0.2
    helped_dispatch: float = 0.7
    helped_lane: float = 0.15
    helped_item: float = 0.4

    def __post_init__(self) -> None:
        if not 0 < self.false_share < 1:
            raise MisuseError(f"false_share is {self.false_share}; give a share between 0 and 1, such as 0.1")
        for each in fields(self):
            value = getattr(self, each.name)
            if value < 0:
                raise MisuseError(f"{each.name} is {value}; it cannot be negative")
            if each.name.startswith("helped") and value > 1:
                raise MisuseError(f"{each.name} is {value}; give a share of at most 1")
            if each.name.endswith("per_million") and value > MILLION:
                raise MisuseError(f"{each.name} is {value}; give at most {MILLION}")
        if self.drift_days < 1 or self.together_least < 1:
            raise MisuseError("drift_days and together_least are at least 1")
        if self.drift_tolerated < 1:
            raise MisuseError(f"drift_tolerated is {self.drift_tolerated}; give 1 or more, such as 1.15")
