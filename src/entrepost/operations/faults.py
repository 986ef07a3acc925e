"""Findings about rows, gathered column by column: a row with an error is rejected, the others go on."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.findings import CODES
from entrepost.operations.chunk import ROW, Broken

INDEX = "#index"
"""Column of a frame under check: the place of a row in it."""

FINDINGS = {
    "code": pl.String(),
    "field": pl.String(),
    "message": pl.String(),
    "subject": pl.String(),
    "row": pl.Int64(),
    "fix": pl.String(),
    "level": pl.String(),
    "raw": pl.String(),
}
"""Columns of findings in frames: those of `Finding`, and the rejected row as it was (JSON; empty: none)."""


class Faults:
    """What is wrong with the rows of one frame, which has the columns `#index` and `#row`."""

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._parts: list[pl.DataFrame] = []
        self._settled: pl.Series | None = None

    def settle(self) -> None:
        """Rows that are rejected by now get no further findings: what is missing in them follows from the first."""
        self._settled = self.rejected.implode()

    def add(
        self, bad: pl.DataFrame, code: str, field: str, message: pl.Expr | str, fix: str = "", level: str = "error"
    ) -> None:
        """Report a finding for each row of `bad`; the message may be an expression over its columns."""
        if code not in CODES:
            raise MisuseError(f"finding code {code!r} is not declared")
        if self._settled is not None and bad.height:
            bad = bad.filter(~pl.col(INDEX).is_in(self._settled))
        if bad.height:
            text = pl.lit(message) if isinstance(message, str) else message
            self._parts.append(
                bad.select(
                    INDEX,
                    pl.lit(code).alias("code"),
                    pl.lit(field).alias("field"),
                    text.alias("message"),
                    pl.lit(self._subject).alias("subject"),
                    pl.col(ROW).alias("row"),
                    pl.lit(fix).alias("fix"),
                    pl.lit(level).alias("level"),
                )
            )

    @property
    def rejected(self) -> pl.Series:
        """The index of each row that has an error."""
        errors = [part.filter(pl.col("level") == "error").get_column(INDEX) for part in self._parts]
        return pl.concat(errors).unique() if errors else pl.Series(INDEX, [], dtype=pl.UInt32)

    def sound(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of a frame that have no error by now."""
        rejected = self.rejected
        return frame.filter(~pl.col(INDEX).is_in(rejected.implode())) if rejected.len() else frame

    def findings(self, raw: pl.DataFrame) -> pl.DataFrame:
        """All findings, in the order of the rows; `raw` has the rows as they came in, in the checked frame's order."""
        if not self._parts:
            return pl.DataFrame(schema=FINDINGS)
        gathered = pl.concat(self._parts).sort(INDEX, maintain_order=True)
        touched = gathered.select(pl.col(INDEX).unique(maintain_order=True))
        texts = raw.drop(ROW, strict=False)[touched.get_column(INDEX)]
        touched = touched.with_columns(texts.select(pl.struct(pl.all()).struct.json_encode().alias("raw")).to_series())
        return gathered.join(touched, on=INDEX, how="left", maintain_order="left").select(list(FINDINGS))


def broken_findings(broken: Iterable[Broken], subject: str) -> pl.DataFrame:
    """The rows that could not be read, as findings."""
    rows = [(each.code, "", each.message, subject, each.row, each.fix, "error", each.raw) for each in broken]
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")
