"""Instants out of text: ISO 8601 or a stated format, with the offset of the place, or a zone for those without."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.tables.frames import INSTANT

UNIX = {"unix": 1_000_000, "unix_ms": 1_000}
"""Formats that count seconds or milliseconds since 1970, with the microseconds that one is."""

YEARS = (1970, 2199)
"""Instants in other years are mistakes."""

YEARS_BEGIN_END = (datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[1] + 1, 1, 1, tzinfo=UTC))

FAULT_FORM: Final = "form"
FAULT_ZONE: Final = "zone"
_ISO = (
    r"^(?<day>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?<time>\d{2}:\d{2})(?::(?<second>\d{2}(?:[.,]\d{1,9})?))?\s*(?<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?$"
)


def parse_instants(
    values: pl.Series, time_format: str = "", zone: str | pl.Series = "", end_of_day: bool = False
) -> pl.DataFrame:
    """Read instants.

    Parameters
    ----------
    values : Series
        Text, or instants that are instants already. Null stays null.
    time_format : str
        Empty for ISO 8601; `unix` or `unix_ms`; or a `strftime` format, in which `%z` is the offset.
    zone : str or Series
        IANA zone of those that state no offset, of all or of each; empty: they are a fault.
    end_of_day : bool
        Whether a bare ISO date means the end of that day instead of its beginning.

    Returns
    -------
    DataFrame
        `instant`, `offset_minutes` (Int64, of the place's clock) and `fault`: `form` where there is no
        such instant, `zone` where the offset is not known, otherwise null.
    """
    if isinstance(values.dtype, pl.Datetime):
        return _from_datetimes(values, zone)
    texts = values.cast(pl.String).rename("text").to_frame()
    if time_format in UNIX:
        parsed = _parse_unix(texts, UNIX[time_format])
    elif time_format:
        parsed = _parse_format(texts, time_format)
    else:
        parsed = _parse_iso(texts, end_of_day)
    return _with_instant(parsed, zone)


def _from_datetimes(values: pl.Series, zone: str | pl.Series) -> pl.DataFrame:
    frame = values.rename("local").to_frame()
    stated = values.dtype.time_zone  # type: ignore[attr-defined]
    if stated == "UTC" and values.is_between(*YEARS_BEGIN_END, closed="left").all():
        return frame.select(
            instant=pl.col("local").cast(INSTANT),
            offset_minutes=pl.when(pl.col("local").is_not_null()).then(pl.lit(0, pl.Int64)),
            fault=pl.lit(None, pl.String),
        )
    if stated == "UTC":
        good = pl.col("local").dt.year().is_between(*YEARS)
        return frame.select(
            instant=pl.when(good).then(pl.col("local").cast(INSTANT)),
            offset_minutes=pl.when(good).then(pl.lit(0, pl.Int64)),
            fault=pl.when(~good).then(pl.lit(FAULT_FORM)),
        )
    offset = pl.lit(None, pl.Int64) if stated is None else _offset_of_zone(pl.col("local"))
    local = pl.col("local").dt.replace_time_zone(None).cast(pl.Datetime("us"))
    return _with_instant(frame.select(local=local, offset_minutes=offset, given=pl.col("local").is_not_null()), zone)


def _parse_iso(texts: pl.DataFrame, end_of_day: bool) -> pl.DataFrame:
    parts = texts.with_columns(pl.col("text").str.extract_groups(_ISO).alias("part")).unnest("part")
    clock = (
        pl.col("time").fill_null("00:00") + ":" + pl.col("second").fill_null("00").str.replace(",", ".", literal=True)
    )
    local = (pl.col("day") + " " + clock).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    if end_of_day:
        local = pl.when(pl.col("time").is_null()).then(local + pl.duration(days=1)).otherwise(local)
    return parts.select(
        local=local, offset_minutes=_offset_minutes(pl.col("offset")), given=pl.col("text").is_not_null()
    )


def _parse_format(texts: pl.DataFrame, time_format: str) -> pl.DataFrame:
    """Dates alone begin at midnight; an offset in the text is taken out of it before."""
    has_offset = "%z" in time_format
    text = pl.col("text")
    offset = text.str.extract(r"([Zz]|[+-]\d{2}:?\d{2})$") if has_offset else pl.lit(None, pl.String)
    if has_offset:
        text = text.str.replace(r"\s*([Zz]|[+-]\d{2}:?\d{2})$", "")
    local = _to_datetime(text, time_format.replace("%z", "").rstrip())
    try:
        return texts.select(local=local, offset_minutes=_offset_minutes(offset), given=pl.col("text").is_not_null())
    except pl.exceptions.PolarsError as error:
        raise MisuseError(f"{time_format!r} is not a format of dates: {str(error).splitlines()[0]}") from None


def _to_datetime(text: pl.Expr, time_format: str) -> pl.Expr:
    hours = ("%H", "%I", "%T", "%R", "%k", "%l", "%X", "%r")
    if any(directive in time_format for directive in hours):
        return text.str.to_datetime(time_format, time_unit="us", strict=False)
    return text.str.to_date(time_format, strict=False).cast(pl.Datetime("us"))


def _parse_unix(texts: pl.DataFrame, microseconds: int) -> pl.DataFrame:
    count = pl.col("text").str.extract(r"^(\d{1,14})(?:\.0+)?$").cast(pl.Int64)
    local = (count * microseconds).cast(pl.Datetime("us"))
    return texts.select(local=local, offset_minutes=pl.lit(0, pl.Int64), given=pl.col("text").is_not_null())


def _offset_minutes(offset: pl.Expr) -> pl.Expr:
    digits = offset.str.replace(":", "", literal=True)
    minutes = digits.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
    minutes += digits.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    signed = pl.when(digits.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return pl.when(offset.str.to_uppercase() == "Z").then(pl.lit(0, pl.Int64)).otherwise(signed)


def _with_instant(parsed: pl.DataFrame, zone: str | pl.Series) -> pl.DataFrame:
    local, offset = pl.col("local"), pl.col("offset_minutes")
    if isinstance(zone, pl.Series):
        parsed = parsed.with_columns(zone.alias("zone"))
        for name in filter(None, zone.unique().to_list()):
            of_zone = pl.when(pl.col("zone") == name).then(_zone_minutes(local, name))
            parsed = parsed.with_columns(offset_minutes=offset.fill_null(of_zone))
    elif zone:
        parsed = parsed.with_columns(offset_minutes=offset.fill_null(_zone_minutes(local, zone)))
    sound = local.dt.year().is_between(*YEARS) & (offset.abs() <= 15 * 60).fill_null(True)
    fault = (
        pl.when(~pl.col("given")).then(None)
        .when(local.is_null() | ~sound).then(pl.lit(FAULT_FORM))
        .when(offset.is_null()).then(pl.lit(FAULT_ZONE))
    )  # fmt: skip
    instant = (local - pl.duration(minutes=offset)).dt.replace_time_zone("UTC").cast(INSTANT)
    ready = parsed.with_columns(fault=fault)
    good = pl.col("fault").is_null()
    return ready.select(
        instant=pl.when(good).then(instant), offset_minutes=pl.when(good & pl.col("given")).then(offset), fault="fault"
    )


def _zone_minutes(local: pl.Expr, zone: str) -> pl.Expr:
    """Minutes ahead of UTC; a time that a change of the clock leaves out counts as if it had not changed yet."""

    def placed(value: pl.Expr) -> pl.Expr:
        return value.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")

    placed_local = pl.coalesce(placed(local), placed(local - pl.duration(hours=1)))
    return _offset_of_zone(placed_local)


def _offset_of_zone(value: pl.Expr) -> pl.Expr:
    return (value.dt.base_utc_offset() + value.dt.dst_offset()).dt.total_minutes()
