"""Messages applied to the books of a post, each with its line in the audit: what was applied twice shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entrepost.operations.audit import write_down
from entrepost.operations.exchanging.inbox import Applier, Appliers, Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.receipts import APPLIED


def audited(appliers: Appliers) -> Appliers:
    """The same appliers, which write down in their transaction what they applied."""
    return {message: _audited(applier) for message, applier in appliers.items()}


def _audited(applier: Applier) -> Applier:
    def apply(books: Any, desk: Desk, incoming: Sequence[Incoming]) -> Sequence[Verdict]:
        verdicts = applier(books, desk, incoming)
        for each, verdict in zip(incoming, verdicts, strict=True):
            if verdict.state == APPLIED:
                write_down(books, desk.tenant, "exchange", "applied", each.row.entry)
        return verdicts

    return apply
