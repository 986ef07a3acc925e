"""Rows of the exchange with what a test does not care about filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entrepost.operations.exchange_records import CameMessage, Sent, SentMessage
from tests.operations.shop import NOW

SENT = Sent(
    *("main", "AAA_BBB_1", "AAA", "BBB", "BBB", "1", "folder", "edifact", "open", ""),
    messages=1,
    size_bytes=100,
    attempts=0,
    created_at=NOW,
    due_at=NOW,
)
TOLD = SentMessage(*("main", "AAA_BBB_1 1", "AAA_BBB_1", "BBB", "1", "EMSEVT", "D1", "original", "open", ""), NOW)
ARRIVED = CameMessage(
    *("main", "BBB 1 1", "BBB 1", "BBB", "BBB", "1", "EMSEVT", "D1", "original", "BBB EMSEVT D1", "d1", "applied", ""),
    told_at=NOW,
    created_at=NOW,
    applied_at=NOW,
)


def sent(name: str, **changed: Any) -> Sent:
    return replace(SENT, sent=name, **changed)


def told(name: str, **changed: Any) -> SentMessage:
    return replace(TOLD, entry=name, **changed)


def arrived(name: str, **changed: Any) -> CameMessage:
    return replace(ARRIVED, entry=name, **changed)
