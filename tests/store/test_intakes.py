"""Bookmarks and findings come back as they were kept."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from entrepost.operations.faults import FINDINGS
from entrepost.operations.store import Intake, Store
from tests.operations.shop import NOW

MARK = Intake("hash", "main", "orders", "o.csv", 28, NOW)


def test_a_bookmark_is_replaced_by_its_next_state(store: Store) -> None:
    store.put_intake(MARK)
    moved = replace(MARK, position=5, read=5, finished_at=NOW)
    store.put_intake(moved)
    assert store.list_intakes() == [moved]
    assert store.find_intake("hash") == moved
    assert store.find_intake("other") is None


def test_a_finding_is_kept_once(store: Store) -> None:
    row = ("cell_missing", "city", "empty", "o.csv", 2, "fill it", "error", "{}")
    findings = pl.DataFrame([row, row], schema=FINDINGS, orient="row")
    store.add_findings(findings, "main", "hash")
    store.add_findings(findings, "main", "hash")
    store.add_findings(findings, "main", "other")
    assert store.list_findings().height == 2
    assert store.list_findings("hash").select(list(FINDINGS)).rows() == [row]
    assert store.list_findings("hash").get_column("found_at")[0] == NOW
