"""Findings about rows of a frame, gathered column by column and listed in the order of the rows."""

from __future__ import annotations

import polars as pl

from entrepost.base.findings import Finding, Level

ROW = "#row"
"""Column of a frame under check: where the row stands in its file."""


class RowFindings:
    """What is wrong with the rows of one frame that has the column `#row`."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self._found: list[Finding] = []
        self._errors: list[pl.Series] = []

    def add(
        self, bad: pl.DataFrame, code: str, field: str, message: pl.Expr | str, fix: str, level: Level = "error"
    ) -> None:
        """Report a finding for each row of `bad`; the message may be an expression over its columns."""
        if not bad.height:
            return
        text = pl.lit(message) if isinstance(message, str) else message
        for row, told in bad.select(pl.col(ROW), text.alias("#message")).iter_rows():
            self._found.append(Finding(code, field, told, self.subject, row, fix, level))
        if level == "error":
            self._errors.append(bad.get_column(ROW))

    @property
    def rejected(self) -> pl.Series:
        """The place of each row that has an error."""
        return pl.concat(self._errors).unique() if self._errors else pl.Series(ROW, [], dtype=pl.Int64)

    def to_list(self) -> list[Finding]:
        """All findings, in the order of the rows."""
        return sorted(self._found, key=lambda finding: finding.row)
