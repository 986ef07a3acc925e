"""Nothing acknowledged is lost and nothing applied twice, whatever is lost, late, doubled or cut off."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entrepost.operations.exchanging import inbox, outbox, remembering
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.operations.exchanging import simulation
from tests.operations.exchanging.crashing import CrashingStore, Fate, Time
from tests.operations.exchanging.simulation import play


@pytest.mark.campaign
def test_a_thousand_seeds_end_with_books_that_agree(campaign_scale: float) -> None:
    for seed in range(10_000 if campaign_scale == 1 else 1_000):
        _, wrong = play(seed)
        assert not wrong, f"play it again: python -m {simulation.__name__} --seed {seed}: {wrong[:3]}"


@pytest.mark.campaign
def test_the_same_when_rows_go_as_soon_as_they_are_finished(campaign_scale: float) -> None:
    for seed in range(10_000 if campaign_scale == 1 else 300):
        _, wrong = play(seed, prunes=True)
        assert not wrong, f"play it again: python -m {simulation.__name__} --prune --seed {seed}: {wrong[:3]}"


@pytest.mark.campaign
def test_the_same_in_files_that_a_crash_cuts_off(campaign_scale: float, tmp_path: Path) -> None:
    opened: list[Store] = []

    def shelf(seed: int, name: str, clock: Time, fate: Fate) -> CrashingStore:
        opened.append(open_store(tmp_path / f"{seed} {name}.db", clock))
        return CrashingStore(opened[-1], fate)

    for seed in range(100 if campaign_scale == 1 else 1):
        _, wrong = play(seed, partial(shelf, seed), steps=40 if campaign_scale == 1 else 12)
        assert not wrong, f"seed {seed} in files: {wrong[:3]}"
        while opened:
            opened.pop().close()


NUMBERS = itertools.count(1)
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "what a transport took is taken for accepted": (outbox, "_after", lambda row, *_: replace(row, state="accepted")),
    "every message is new": (inbox, "sort_out", lambda *_: ("", "")),
    "what came before is new again": (inbox, "_recognise", lambda *_: None),
    "receipts are not asked for again": (outbox, "_after", lambda row, *_: replace(row, state="dead")),
    "nobody who waits is told that an item came": (simulation, "wake", lambda *_: None),
    "references do not wait for what caused them": (outbox, "_next_number", lambda *_: next(NUMBERS)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_planted_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, planted = FAULTS[fault]
    monkeypatch.setattr(place, name, planted)
    assert any(play(seed)[1] for seed in range(60))


FORGOTTEN: dict[str, tuple[str, Any]] = {
    "what interchanges came": ("recall_interchanges", lambda *_: {}),
    "what documents said": ("recall_documents", lambda *_: []),
}


@pytest.mark.parametrize("what", FORGOTTEN)
def test_what_must_be_remembered_of_pruned_rows(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, forget = FORGOTTEN[what]
    monkeypatch.setattr(remembering, name, forget)
    assert any(play(seed, prunes=True)[1] for seed in range(100))
