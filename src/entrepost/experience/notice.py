"""When a recipient is told: the range of days that holds now against the one that he was told last."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from entrepost.base.errors import MisuseError
from entrepost.base.rule import rule


class Standing(IntEnum):
    """What can be said of an item; each from `READY` on ends the recipient's wait."""

    UNKNOWN = 0
    EXPECTED = 1
    READY = 2
    DELIVERED = 3
    RETURNED = 4
    LOST = 5


class News(IntEnum):
    """What a notice is about; `NONE`: nothing is told."""

    NONE = 0
    FIRST = 1
    LATER = 2
    EARLIER = 3
    NARROWER = 4
    READY = 5
    DELIVERED = 6
    RETURNED = 7
    LOST = 8
    FOUND = 9


RANGED = (News.FIRST, News.LATER, News.EARLIER, News.NARROWER, News.FOUND)
"""News that tell a range of days; the others tell that the wait is over."""

READY_SHIFT = News.READY - Standing.READY
"""Between a standing that ends the wait and the news of it."""

STANDINGS = {
    ("ready_for_pickup", ""): Standing.READY,
    ("delivered", ""): Standing.DELIVERED,
    ("returned", ""): Standing.RETURNED,
    ("ended", "lost"): Standing.LOST,
    **dict.fromkeys((("returning", ""), ("ended", "")), Standing.UNKNOWN),
    **{("ended", kind): Standing.UNKNOWN for kind in ("cancelled", "seized", "destroyed")},
}
"""Of statuses with their kinds: what a recipient can be told of them; of all others, the range that holds.

Why an item was cancelled, seized or destroyed, and what follows, is for its seller to say, not for a machine.
"""


@dataclass(frozen=True, slots=True)
class NoticeParams:
    """When a change is worth a notice. All defaults are *assumed*.

    Attributes
    ----------
    later_days_min : int
        The end of the range moves past the day told by at least so many days.
    narrow_days_max : int
        A range of at most so many days is told where it is less than half of the one told.
    quiet_hours : int
        So long after a notice no further range is told; that the wait is over is told at once.
    open_span_days : int
        A range told by its end alone counts as so many days.
    stale_days : int
        What happened longer ago than this is no news: a contact brought in late hears nothing of it.
    """

    later_days_min: int = 1
    narrow_days_max: int = 1
    quiet_hours: int = 24
    open_span_days: int = 3
    stale_days: int = 7

    def __post_init__(self) -> None:
        least = {"later_days_min": 1, "narrow_days_max": 1, "quiet_hours": 0, "open_span_days": 1, "stale_days": 0}
        low = [f"{name} must be at least {figure}" for name, figure in least.items() if getattr(self, name) < figure]
        if low:
            raise MisuseError("; ".join(low))


@rule(
    later_days=(-10_000, 10_000),
    ahead_days=(-10_000, 10_000),
    told_span_days=(1, 1_000),
    span_days=(1, 1_000),
    later_days_min=(1, 1_000),
    narrow_days_max=(1, 1_000),
)
def range_news(
    later_days: int,
    ahead_days: int,
    told_span_days: int,
    span_days: int,
    later_days_min: int,
    narrow_days_max: int,
) -> int:
    """How a range of days changed for who was told the last one: `News`, NONE where it makes no difference to him.

    `later_days` is how much later it ends, `ahead_days` how long before the first day told it ends. A range
    that begins later and ends no later is no news: every day of it was told.
    """
    if later_days >= later_days_min:
        return News.LATER.value
    if ahead_days >= 1:
        return News.EARLIER.value
    if span_days <= narrow_days_max and 2 * span_days < told_span_days:
        return News.NARROWER.value
    return News.NONE.value


@rule(
    told=(Standing.UNKNOWN, Standing.LOST),
    standing=(Standing.UNKNOWN, Standing.LOST),
    moved=(News.NONE, News.FOUND),
    told_hours=(0, 1_000_000),
    quiet_hours=(0, 100_000),
)
def notice_news(told: int, standing: int, moved: int, told_hours: int, quiet_hours: int) -> int:
    """What the recipient is told now: `News`, NONE for nothing.

    `told` is the standing that he was told last, so many hours ago, `standing` the present one, and `moved`
    what `range_news` makes of the two ranges. After *delivered* and *returned* nothing is told any more; what
    was told lost may be found.
    """
    over = told in (Standing.DELIVERED, Standing.RETURNED)
    if over or standing == Standing.UNKNOWN or standing < told < Standing.LOST:
        return News.NONE.value
    if standing >= Standing.READY:
        return News.NONE.value if standing == told else standing + READY_SHIFT
    if told == Standing.UNKNOWN:
        return News.FIRST.value
    if told == Standing.LOST:
        return News.FOUND.value
    if told_hours < quiet_hours:
        return News.NONE.value
    return moved


def standing_after(news: int) -> int:
    """What is told of an item by such a notice."""
    if news == News.NONE:
        return int(Standing.UNKNOWN)
    return int(Standing.EXPECTED) if news in RANGED else int(news) - READY_SHIFT
