"""From the events of a frame to facts: what was scanned when, each once, item by item.

A *fact* is that an item was scanned with a code, at a place, by an hour. Facts are a set: the order of
events does not matter, nor whether one comes twice or late, and facts of two readings put together are
those of one reading of all. So they are kept beside a learned network (`operations.histories_kept`), and
what has come since is added to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.journey.learning.stages import CODES, REASONS
from entrepost.reference.event_code import list_event_codes
from entrepost.tables.frames import INSTANT

CODE_UNKNOWN = finding_code("learn_code_unknown", "Events have a code that nobody knows; they are left out.")
ROW_INCOMPLETE = finding_code("learn_row_incomplete", "Events lack their item or their time; they are left out.")
TIME_EARLY = finding_code("learn_time_early", "Events are said to have happened before 1990; they are left out.")
REPEATED = finding_code("learn_repeated", "Events are there more than once; they count once.")

ITEM = ("tenant", "seller", "item_id")
JOURNEY = ("service", "route", "area")
TEXTS = (*ITEM, *JOURNEY, "code", "facility", "reason")
INSTANTS = ("time", "recorded_at", "placed_at")
ITEMS = {**dict.fromkeys((*ITEM, *JOURNEY), pl.String()), "placed_at": INSTANT}
"""The columns of items: names, then what is known of each."""

UNSCANNED = len(CODES)
"""The code of a fact that says no more than that an item was ordered."""

EARLIEST_US = 631_152_000_000_000
"""1990; what is said to have happened earlier did not."""

SHOWN = 20
"""So many codes, routes or places of one kind of finding are named."""

HOUR_BITS, PLACE_BITS, CODE_BITS = np.uint64(32), np.uint64(8), np.uint64(3)
PLACES_MOST = 2**24 - 2
Keys = NDArray[np.uint64]
Offsets = NDArray[np.int64]


@dataclass(frozen=True)
class Facts:
    """Items in the order of their names, and the facts of each: item `i` has `keys[offsets[i]:offsets[i + 1]]`.

    A key holds from its highest bits the hour since 1970 (32), the number of the place in `places` and one
    (24; 0: no place), the code (5) and the reason (3), so an item's keys lie in the order of time.
    """

    items: pl.DataFrame
    offsets: Offsets
    keys: Keys
    places: tuple[str, ...]


@dataclass(frozen=True)
class Gathered:
    """Facts known at an instant, what the events say that is not known yet, and what is wrong with them."""

    facts: Facts
    later: pl.LazyFrame = field(default_factory=pl.LazyFrame)
    findings: tuple[Finding, ...] = field(default=())


def no_facts() -> Facts:
    """Nothing known of any item."""
    return Facts(pl.DataFrame(schema=ITEMS), np.zeros(1, np.int64), np.empty(0, np.uint64), ())


def gather(events: pl.DataFrame, as_of: datetime) -> Gathered:
    """The facts of events that were known at an instant; the others as they came.

    Parameters
    ----------
    events : DataFrame
        item_id, code, time; optionally tenant, seller, facility, reason, recorded_at, placed_at, and service,
        route, area as `chosen` has them. A row without a code says that an item was ordered.
    as_of : datetime
        What happened or became known later is not known.

    Raises
    ------
    MisuseError
        Where a column that is needed is not there, or cannot be what it is named.
    """
    typed = to_typed(events)
    found = _check_rows(typed)
    sound = typed.lazy().filter(_is_sound())
    since = pl.when(pl.col("code").is_null()).then("placed_at").otherwise(pl.max_horizontal("time", "recorded_at"))
    is_known = since <= pl.lit(as_of).cast(INSTANT)
    facts, repeats = _to_facts(sound.filter(is_known))
    if repeats:
        fix = "nothing needs to be done; to read less, leave out what was sent before"
        found.append(Finding(REPEATED, "time", f"{repeats:,} events", "events", fix=fix, level="warning"))
    later = sound.filter(~is_known).with_columns(pl.col(TEXTS).cast(pl.String))
    return Gathered(facts, later, tuple(found))


def to_typed(events: pl.DataFrame) -> pl.DataFrame:
    """The columns that are read, texts as texts and instants in UTC; those that are not there are null."""
    missing = [name for name in ("item_id", "code", "time") if name not in events.columns]
    if missing:
        raise MisuseError(f"events has no column {', '.join(missing)}; learning needs item_id, code and time")
    texts = [_text(events, name) for name in TEXTS]
    return events.select(*texts, *(_instant(events, name) for name in INSTANTS))


def _text(events: pl.DataFrame, name: str) -> pl.Expr:
    if name not in events.columns:
        return pl.lit(None, pl.String).alias(name)
    return pl.col(name) if isinstance(events.schema[name], pl.Categorical) else pl.col(name).cast(pl.String)


def _instant(events: pl.DataFrame, name: str) -> pl.Expr:
    dtype = events.schema.get(name, pl.Null())
    column = pl.col(name) if name in events.columns else pl.lit(None)
    if dtype == pl.String:
        return column.str.to_datetime(time_unit="us", time_zone="UTC", strict=False).alias(name)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        column = column.dt.replace_time_zone("UTC")
    elif isinstance(dtype, pl.Datetime):
        column = column.dt.convert_time_zone("UTC")
    elif dtype not in (pl.Date, pl.Null):
        raise MisuseError(f"events: {name} is {dtype}; give instants, such as datetimes with their zone")
    return column.cast(INSTANT).alias(name)


def _is_sound() -> pl.Expr:
    """Whether a row says something that is read: a scan with its time, or that an item was ordered."""
    scanned = pl.col("code").is_in(CODES) & (pl.col("time").dt.epoch("us") >= EARLIEST_US)
    ordered = pl.col("code").is_null() & (pl.col("placed_at").dt.epoch("us") >= EARLIEST_US)
    return pl.col("item_id").is_not_null() & (scanned | ordered)


def _check_rows(typed: pl.DataFrame) -> list[Finding]:
    """What is wrong with single rows, counted."""
    has_code = pl.col("code").is_not_null()
    lacks = has_code & (pl.col("item_id").is_null() | pl.col("time").is_null())
    early = has_code & (pl.col("time").dt.epoch("us") < EARLIEST_US)
    counts = typed.lazy().select(lacks=lacks.sum(), early=early.sum()).collect()
    known = [code.code for code in list_event_codes()]
    strange = typed.lazy().filter(has_code & ~pl.col("code").is_in(known)).group_by(pl.col("code").cast(pl.String))
    found = []
    for code, count in strange.len().sort("len", "code", descending=[True, False]).head(SHOWN).collect().iter_rows():
        fix = "map it to a code of the UPU"
        found.append(Finding(CODE_UNKNOWN, "code", f"{count:,} events of {code!r}", "events", 0, fix, "warning"))
    for code, name, fix in (
        (ROW_INCOMPLETE, "lacks", "give each event its item_id and its time"),
        (TIME_EARLY, "early", "correct the clocks of the places that send them"),
    ):
        count = counts.item(0, name)
        if count:
            found.append(Finding(code, "time", f"{count:,} events", "events", fix=fix, level="warning"))
    return found


def _to_facts(sound: pl.LazyFrame) -> tuple[Facts, int]:
    """The facts of sound rows, and how many rows repeat one."""
    numbers = {code: at for at, code in enumerate(CODES)}
    when = pl.when(pl.col("code").is_null()).then("placed_at").otherwise("time").dt.epoch("us")
    reason = pl.col("reason").replace_strict(
        {name: max(at, 1) for at, name in enumerate(REASONS)}, default=0, return_dtype=pl.Int8
    )
    known = sound.select(
        pl.col(*ITEM, "facility", *JOURNEY).cast(pl.Categorical),
        pl.col("placed_at"),
        code=pl.col("code").cast(pl.String).replace_strict(numbers, default=UNSCANNED, return_dtype=pl.UInt8),
        hour=(-(-when // HOUR_US)).cast(pl.Int32),
        reason=reason.fill_null(0),
    ).collect()
    if known.is_empty():
        return no_facts(), 0
    item, items = _number_items(known)
    places = known.get_column("facility").drop_nulls().unique().cast(pl.String).sort().to_list()[:PLACES_MOST]
    place = known.get_column("facility").replace_strict(
        {name: at + 1 for at, name in enumerate(places)}, default=0, return_dtype=pl.Int32
    )
    hour, code, why = (known.get_column(name).to_numpy() for name in ("hour", "code", "reason"))
    loose = pack(hour, place.fill_null(0).to_numpy(), code, why)
    offsets, keys = arrange(item, loose, items.height)
    return Facts(items, offsets, keys, tuple(places)), known.height - keys.size


def _number_items(known: pl.DataFrame) -> tuple[NDArray[np.uint32], pl.DataFrame]:
    """The number of each row's item, and the items in the order of their names with what is told of them.

    Comparing the numbers of categories is much quicker than comparing texts.
    """
    told = known.select(pl.col(*ITEM, *JOURNEY).to_physical(), "placed_at")
    senders = told.select(ITEM[:2]).unique(maintain_order=True).with_row_index("sender")
    sender = told.select(ITEM[:2]).join(senders, on=ITEM[:2], how="left", nulls_equal=True, maintain_order="left")
    key = sender.get_column("sender").cast(pl.UInt64) * 2**32 + told.get_column("item_id")
    rows = pl.DataFrame({"key": key}).with_row_index("row").group_by("key").agg(pl.col("row").min())
    names = known[rows.get_column("row")].select(pl.col(ITEM).cast(pl.String)).with_columns(rows.get_column("key"))
    names = names.sort(ITEM).with_row_index("item")
    item = pl.DataFrame({"key": key}).join(names.select("key", "item"), on="key", how="left", maintain_order="left")
    number = item.get_column("item").to_numpy()
    news = _list_news(number, told, names.height)
    some = known[news].select(pl.col(JOURNEY).cast(pl.String), "placed_at").with_columns(item=pl.Series(number[news]))
    return number, _with_told(names.select(ITEM), some)


def _with_told(names: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The named items with what rows tell of each; the first in the order of texts where they differ."""
    first = told.group_by("item").agg(pl.col(*JOURNEY, "placed_at").min()).sort("item")
    return pl.concat([names, first.drop("item")], how="horizontal").select(
        pl.col(name).cast(ITEMS[name]) for name in ITEMS
    )


def _list_news(item: NDArray[np.uint32], told: pl.DataFrame, count: int) -> NDArray[np.int64]:
    """The first row of each item, and those that tell something else of it than that one."""
    columns = [told.get_column(name).cast(pl.Int64).fill_null(-1).to_numpy() for name in (*JOURNEY, "placed_at")]
    first = np.full(count, -1, dtype=np.int64)
    news = np.zeros(item.size, dtype=np.bool_)
    for column in columns:
        _mark_news(item, first, news, column)
    found: NDArray[np.int64] = np.flatnonzero(news)
    return found


@nb.njit(cache=True)
def _mark_news(
    item: NDArray[np.uint32], first: NDArray[np.int64], news: NDArray[np.bool_], column: NDArray[np.int64]
) -> None:
    for row in range(item.size):
        if first[item[row]] < 0:
            first[item[row]] = row
            news[row] = True
        news[row] |= column[row] != column[first[item[row]]]


def pack(hour: NDArray[Any], place: NDArray[Any], code: NDArray[Any], reason: NDArray[Any]) -> Keys:
    """The keys of facts; see `Facts`."""
    keys: Keys = hour.astype(np.uint64) << HOUR_BITS
    for part, bits in ((place, PLACE_BITS), (code, CODE_BITS)):
        keys |= part.astype(np.uint64) << bits
    keys |= reason.astype(np.uint64)
    return keys


@nb.njit(cache=True)
def arrange(item: NDArray[Any], loose: Keys, count: int) -> tuple[Offsets, Keys]:
    """The facts of numbered items, each once, in the order of items and time."""
    offsets = np.zeros(count + 1, dtype=np.int64)
    for row in range(item.size):
        offsets[item[row] + 1] += 1
    offsets = np.cumsum(offsets)
    keys = np.empty(item.size, dtype=np.uint64)
    free = offsets[:-1].copy()
    for row in range(item.size):
        keys[free[item[row]]] = loose[row]
        free[item[row]] += 1
    return offsets, keys[: tidy(offsets, keys)]


@nb.njit(cache=True)
def tidy(offsets: Offsets, keys: Keys) -> int:
    """Sort each item's keys, drop those that repeat one, and move all together; how many are left."""
    end, begin = 0, 0
    for item in range(offsets.size - 1):
        some = keys[begin : offsets[item + 1]]
        some.sort()
        begin, first = offsets[item + 1], end
        for key in some:
            if end == first or key != keys[end - 1]:
                keys[end] = key
                end += 1
        offsets[item + 1] = end
    return end


def hours_of(keys: Keys) -> NDArray[np.int32]:
    """The hour since 1970 of each key."""
    return (keys >> HOUR_BITS).astype(np.int32)


def places_of(keys: Keys) -> NDArray[np.int32]:
    """The number of each key's place and one; 0 for none."""
    return ((keys >> PLACE_BITS) & np.uint64(2**24 - 1)).astype(np.int32)


def codes_of(keys: Keys) -> NDArray[np.uint8]:
    """The number of each key's code."""
    return ((keys >> CODE_BITS) & np.uint64(31)).astype(np.uint8)


def reasons_of(keys: Keys) -> NDArray[np.int8]:
    """The number of each key's reason; 0 for none."""
    return (keys & np.uint64(7)).astype(np.int8)


def join_facts(one: Facts, other: Facts) -> Facts:
    """The facts of both, each once; of what is told of an item differently the first in the order of texts."""
    if not one.keys.size or not other.keys.size:
        return one if one.keys.size else other
    places = sorted({*one.places, *other.places})[:PLACES_MOST]
    both = pl.concat([one.items, other.items])
    names = both.select(ITEM).unique().sort(ITEM).with_row_index("item")
    item = (
        both.select(ITEM).join(names, on=ITEM, how="left", nulls_equal=True, maintain_order="left").get_column("item")
    )
    number = {name: at + 1 for at, name in enumerate(places)}
    loose = np.concatenate([_renumber(facts, number) for facts in (one, other)])
    sizes = np.concatenate([np.diff(facts.offsets) for facts in (one, other)])
    offsets, keys = arrange(np.repeat(item.to_numpy(), sizes), loose, names.height)
    items = _with_told(names.select(ITEM), both.with_columns(item=item))
    return Facts(items, offsets, keys, tuple(places))


def _renumber(facts: Facts, number: dict[str, int]) -> Keys:
    """The keys with the numbers that places have elsewhere."""
    if list(number)[: len(facts.places)] == list(facts.places):
        return facts.keys
    new = np.array([0, *(number.get(name, 0) for name in facts.places)], dtype=np.uint64)
    kept = facts.keys & ~np.uint64((2**24 - 1) << 8)
    found: Keys = kept | new[places_of(facts.keys)] << PLACE_BITS
    return found


def drop_before(facts: Facts, hour: int) -> Facts:
    """The facts of items of which anything happened at or after an hour."""
    kept = hours_of(facts.keys[facts.offsets[1:] - 1]) >= hour
    if kept.all():
        return facts
    sizes = np.diff(facts.offsets)
    keys = facts.keys[np.repeat(kept, sizes)]
    offsets = np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.int64)
    return Facts(facts.items.filter(pl.Series(kept)), offsets, keys, facts.places)
