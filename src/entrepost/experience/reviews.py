"""Reviews of orders as they come: checked row by row, and turned into waits, lateness and lanes."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, Level, finding_code
from entrepost.base.schema import get_schema
from entrepost.experience.satisfaction import lane_of
from entrepost.tables.frames import conform
from entrepost.tables.text import fill

CELL_MISSING = finding_code("review_cell_missing", "A review lacks its order, score, or the date of order or review.")
SCORE_BAD = finding_code("review_score_bad", "A review's score is not a whole number from 1 to 5.")
DATE_UNREADABLE = finding_code("review_date_unreadable", "A date of a review cannot be read, or states no offset.")
BACKWARDS = finding_code("review_backwards", "A review, delivery or promise is dated before the order was placed.")
REPEATED = finding_code("review_repeated", "An order has a later review, or the same one again; the latest counts.")
LANE_MISSING = finding_code("review_lane_missing", "A review lacks origin or country; it counts, but for no lane.")

ROW = "row"
ORDER = ("tenant", "seller", "order_id")
INSTANTS = ("reviewed_at", "placed_at", "delivered_at", "promised_by")
NEEDED = ("order_id", "score", "reviewed_at", "placed_at")
DAY_SECONDS = 86_400


def read_reviews(source: str | Path | pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """The sound rows of the table `reviews`, and what is wrong with the others.

    Parameters
    ----------
    source : path or DataFrame
        CSV (plain or gzipped), Parquet, or a frame, with the columns of the table; cells may be text.

    Raises
    ------
    UnreadableInputError
        When the file as a whole cannot be read, or lacks a column that reviews cannot be without.
    """
    frame, subject = (source, "") if isinstance(source, pl.DataFrame) else (_read_file(Path(source)), Path(source).name)
    if absent := [name for name in (*NEEDED, "delivered_at") if name not in frame.columns]:
        found = ", ".join(frame.columns)
        raise UnreadableInputError(f"{subject or 'reviews'}: columns are missing: {', '.join(absent)}; found {found}")
    reviews = _typed(frame)
    findings: list[Finding] = []
    spoilt = pl.Series(ROW, [], dtype=pl.Int64)
    for code, field, bad, message, fix in (*_cell_checks(), *_time_checks()):
        found_rows = reviews.filter(bad & ~pl.col(ROW).is_in(spoilt.implode()))
        findings += _findings(found_rows, subject, (code, field, message, fix), "error")
        spoilt = pl.concat([spoilt, found_rows.get_column(ROW)])
    sound = reviews.filter(~pl.col(ROW).is_in(spoilt.implode()))
    latest = sound.sort("reviewed_at", maintain_order=True).unique(ORDER, keep="last", maintain_order=True).sort(ROW)
    repeated = sound.join(latest, on=ROW, how="anti")
    said = (REPEATED, "order_id", pl.lit("the order has a later review"), "send one review an order")
    findings += _findings(repeated, subject, said, "warning")
    laneless = latest.filter(pl.col("origin").is_null() | pl.col("country").is_null())
    said = (LANE_MISSING, "origin", pl.lit("origin or country is missing"), "fill both, so that the lane is known")
    findings += _findings(laneless, subject, said, "warning")
    return latest.select(get_schema("reviews").names), sorted(findings, key=lambda finding: finding.row)


def measure_reviews(reviews: pl.DataFrame) -> pl.DataFrame:
    """The wait, the lateness and the lane of each review.

    Parameters
    ----------
    reviews : DataFrame
        Sound rows of the table `reviews`.

    Returns
    -------
    DataFrame
        `score`; `wait_days` from order to delivery; `late_days`, 0 where the promise was kept or none was
        given; `before`: written before delivery; `undelivered`; `lane`, null where unknown; `reviewed_at`.
        What is not delivered has waited, and is late, until the review was written.
    """
    arrived = pl.coalesce("delivered_at", "reviewed_at")
    late = (arrived - pl.col("promised_by")).dt.total_seconds() / DAY_SECONDS
    return reviews.select(
        "score",
        "reviewed_at",
        lane_of(),
        wait_days=(arrived - pl.col("placed_at")).dt.total_seconds() / DAY_SECONDS,
        late_days=late.clip(0.0, None).fill_null(0.0),
        before=pl.col("delivered_at").is_null() | (pl.col("reviewed_at") < pl.col("delivered_at")),
        undelivered=pl.col("delivered_at").is_null(),
    )


Check = tuple[str, str, pl.Expr, pl.Expr, str]
"""Code, field, which rows are bad, the message, how to fix it."""


def _cell_checks() -> list[Check]:
    missing: list[Check] = [
        (CELL_MISSING, name, pl.col(_given(name)).is_null(), pl.lit(f"{name} is missing"), "fill the cell")
        for name in NEEDED
    ]
    score: Check = (
        SCORE_BAD,
        "score",
        pl.col("score").is_null(),
        fill("score {} is not a whole number from 1 to 5", _given("score")),
        "map the scores to 1 to 5",
    )
    dates: list[Check] = [
        (
            DATE_UNREADABLE,
            name,
            pl.col(name).is_null() & pl.col(_given(name)).is_not_null(),
            fill(f"{name} {{}} is not an instant with its offset", _given(name)),
            "write it like 2026-01-05T14:30:00+08:00",
        )
        for name in INSTANTS
    ]
    return [*missing, score, *dates]


def _time_checks() -> list[Check]:
    return [
        (
            BACKWARDS,
            name,
            (pl.col(name) < pl.col("placed_at")).fill_null(False),
            fill(f"{name} {{}} lies before placed_at {{}}", pl.col(name).cast(pl.String), _text("placed_at")),
            "correct the dates, or their zones",
        )
        for name in ("reviewed_at", "delivered_at", "promised_by")
    ]


def _findings(rows: pl.DataFrame, subject: str, said: tuple[str, str, pl.Expr, str], level: Level) -> list[Finding]:
    """A finding for each row: about the file and its line, or, in a frame, about the order."""
    code, field, message, fix = said
    told = rows.select(ROW, "order_id", message=message)
    return [
        Finding(code, field, text, subject or str(order or "reviews"), row + 2 if subject else 0, fix, level)
        for row, order, text in told.iter_rows()
    ]


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _given(name: str) -> str:
    """The column that keeps a cell as it was given."""
    return f"{name}_given"


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of the table, what cannot be read as null; cells as given beside them; the row's number."""
    absent = [pl.lit(None, pl.String).alias(name) for name in INSTANTS if name not in frame.columns]
    frame = frame.with_columns(pl.col(pl.String).str.strip_chars().replace("", None), *absent)
    given = frame.select(pl.col(name).cast(pl.String).alias(_given(name)) for name in (*INSTANTS, *NEEDED[:2]))
    score = pl.col("score").cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    whole = score.is_between(1, 5) & (score == score.round())
    instants = [
        pl.col(name).str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
        for name in INSTANTS
        if frame.schema[name] == pl.String
    ]
    frame = frame.with_columns(*instants, score=pl.when(whole).then(score).cast(pl.Int64))
    return pl.concat([conform(frame, "reviews"), given], how="horizontal").with_row_index(ROW).cast({ROW: pl.Int64})


def _read_file(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        # A row with too many or too few cells, or bytes that are no text, is a finding of its own later on.
        return pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True, encoding="utf8-lossy")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableInputError(f"{path.name} cannot be read: {str(error).splitlines()[0]}") from None
