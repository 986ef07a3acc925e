"""Events and statuses as whole numbers, which the compiled fold takes and gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from entrepost.mail.status import ACTORS, Status, action_required
from entrepost.reference.event_code import list_event_codes
from entrepost.reference.reason import reason_class_of
from entrepost.tables.frames import INSTANT

Integers = np.ndarray[Any, np.dtype[np.int64]]

NEVER = np.iinfo(np.int64).min
"""The instant that is missing."""

UNKNOWN = -1
"""The number of a code that nobody knows."""

CODES = {code.code: code.index for code in list_event_codes()}
SHOWN = {int(each): each.shown for each in Status}
KINDS = {int(each): each.kind for each in Status}

TIME, EVENT, REASON, REASON_CLASS, FACILITY = range(5)
"""Columns of an event."""

STATUS, WHY, SINCE, LAST, WAIT_ENDED, COUNT, ANOMALIES = range(7)
"""Columns of a status."""

PENDING = (int(Status.PENDING), 0, NEVER, NEVER, NEVER, 0, 0)
INSTANTS = {"since": SINCE, "last_event_at": LAST, "wait_ended_at": WAIT_ENDED}


class Reasons:
    """A number for each reason that was met, 0 for none; a number once given stays."""

    def __init__(self) -> None:
        self._numbers = {"": 0}

    def number(self, texts: pl.Series) -> pl.Series:
        """The number of each text; a new text gets the next one."""
        for text in texts.drop_nulls().unique().to_list():
            self._numbers.setdefault(text, len(self._numbers))
        return texts.fill_null("").replace_strict(self._numbers, return_dtype=pl.Int64)

    def text(self, numbers: pl.Series) -> pl.Series:
        """The text of each number."""
        texts = {number: text for text, number in self._numbers.items()}
        return numbers.replace_strict(texts, return_dtype=pl.String)

    def classify(self, numbers: pl.Series) -> pl.Series:
        """The class of each number's reason, as `reference.reason.reason_class_of` has it."""
        classes = {number: int(reason_class_of(text)) for text, number in self._numbers.items()}
        return numbers.replace_strict(classes, return_dtype=pl.Int64)


def code_events(events: pl.DataFrame, reasons: Reasons) -> Integers:
    """Events (code, time, facility, reason) as rows of numbers."""
    reason = reasons.number(events.get_column("reason"))
    columns = events.select(
        time=pl.col("time").cast(pl.Int64),
        event=pl.col("code").replace_strict(CODES, default=UNKNOWN, return_dtype=pl.Int64),
        reason=reason,
        reason_class=reasons.classify(reason),
        facility=pl.col("facility").fill_null("").hash().reinterpret(signed=True),
    )
    return columns.to_numpy(order="c")


def number_standing(standing: pl.DataFrame, reasons: Reasons) -> Integers:
    """Where items stand (state, reason, instants, events, anomalies) as rows of numbers; nulls are pending."""
    columns = standing.select(
        pl.col("state").fill_null(PENDING[STATUS]),
        reasons.number(standing.get_column("reason")),
        *(pl.col(name).cast(pl.Int64).fill_null(NEVER) for name in INSTANTS),
        *(pl.col(name).fill_null(0) for name in ("events", "anomalies")),
    )
    return columns.to_numpy(order="c")


def name_standing(folded: Integers, reasons: Reasons) -> pl.DataFrame:
    """Rows of numbers as columns: state, reason, instants, events, anomalies."""
    return pl.DataFrame(
        [
            pl.Series("state", folded[:, STATUS]),
            reasons.text(pl.Series("reason", folded[:, WHY])),
            *[_instants(name, folded[:, column]) for name, column in INSTANTS.items()],
            pl.Series("events", folded[:, COUNT]),
            pl.Series("anomalies", folded[:, ANOMALIES]),
        ]
    )


def word_states(standing: pl.DataFrame) -> list[pl.Series]:
    """The words that people read of `state` and `reason`: status, kind (of an end), action_required."""
    state = standing.get_column("state")
    texts = standing.get_column("reason")
    classes = {text: int(reason_class_of(text)) for text in ["", *texts.unique().to_list()]}
    reason_class = texts.replace_strict(classes, return_dtype=pl.Int64)
    turn = action_required.on(pl.DataFrame({"status": state, "reason_class": reason_class}))
    return [
        state.replace_strict(SHOWN, return_dtype=pl.String).alias("status"),
        state.replace_strict(KINDS, return_dtype=pl.String).alias("kind"),
        turn.replace_strict(dict(enumerate(ACTORS)), return_dtype=pl.String).alias("action_required"),
    ]


def _instants(name: str, micros: Integers) -> pl.Series:
    series = pl.Series(name, micros)
    return series.set(series == NEVER, None).cast(INSTANT)
