"""Files that were uploaded and are not taken in yet."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from entrepost.base.errors import ExhaustedError, MissingRowError, UnreadableInputError
from entrepost.operations.batches import Surroundings, claim_batch, run_batch
from entrepost.operations.bounds import Bounds
from entrepost.operations.drafts import (
    DRAFTS_MAX,
    begin_draft,
    check_draft,
    find_draft,
    make_room,
    name_draft,
    open_draft,
    recall,
    try_wish,
)
from entrepost.operations.wish import Wish, suggest
from tests.operations.office import HOLDER
from tests.operations.shop import lamp, store_in, write_csv
from tests.operations.test_batches import LEASE

AROUND = Surroundings(frozenset({"CNSHAA"}), {"CNSHAA": "Asia/Shanghai"})
THEIRS = (
    "Order No,Date,Shop,Grams,Office,Country\nA1,05.03.2026,shop,400,CNSHAA,DE\nA2,06.03.2026,shop,heavy,CNSHAA,DE\n"
)


def draft_of(folder: Path, text: str, tenant: str = "main") -> Path:
    path = folder / name_draft(tenant, "My Orders.CSV")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_its_accounts_alone(tmp_path: Path) -> None:
    path = draft_of(tmp_path, THEIRS)
    assert find_draft(tmp_path, "main", path.name) == path
    for tenant, name in (("other", path.name), ("main", "../shop.db"), ("main", path.name + ".toml"), ("main", "x")):
        with pytest.raises(MissingRowError):
            find_draft(tmp_path, tenant, name)


def test_a_kind_that_cannot_be_read_is_refused_by_its_ending() -> None:
    assert name_draft("main", "a.b.csv.gz").endswith(".csv.gz")
    with pytest.raises(UnreadableInputError, match="ending"):
        name_draft("main", "orders.xlsx")


def test_the_first_rows_are_tried_as_they_would_be_read(tmp_path: Path) -> None:
    draft = open_draft(draft_of(tmp_path, THEIRS))
    wish = suggest(draft.columns, draft.head)
    with pytest.raises(UnreadableInputError, match="origin"):
        try_wish(draft, wish, AROUND)
    wish = Wish({**wish.columns, "origin": "Office"}, {}, {}, wish.format, "Europe/Berlin")
    trial = try_wish(draft, wish, AROUND)
    assert (trial.chosen.height, trial.sound) == (2, 1)
    assert trial.findings.select("row", "field").rows() == [(3, "weight_g")]


def test_a_file_is_taken_in_as_wished_and_the_next_one_is_mapped_alike(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    draft = open_draft(draft_of(tmp_path, THEIRS))
    wish = Wish({**suggest(draft.columns, draft.head).columns, "origin": "Office"}, {}, {}, "%d.%m.%Y", "Europe/Berlin")
    begin_draft(store, HOLDER, draft, wish, "orders.csv")
    claimed = claim_batch(store, LEASE)
    assert claimed is not None
    done = run_batch(store, claimed, tmp_path, AROUND)
    assert (done.state, done.accepted, done.rejected) == ("done", 1, 1)
    assert store.list_orders()["order_id"].to_list() == ["A1"]
    assert not list(tmp_path.glob(f"{draft.path.name}*"))
    assert recall(tmp_path, "main", (*draft.columns, "#wrong")) == wish
    assert recall(tmp_path, "other", draft.columns) is None


def test_rows_are_the_persons_accounts_whatever_they_say(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    path = write_csv(tmp_path, lamp() | {"tenant": "other"})
    draft = open_draft(draft_of(tmp_path, path.read_text(encoding="utf-8")))
    begin_draft(store, HOLDER, draft, suggest(draft.columns, draft.head), "x")
    claimed = claim_batch(store, LEASE)
    assert claimed is not None
    run_batch(store, claimed, tmp_path, AROUND)
    assert store.list_orders()["tenant"].to_list() == ["main"]


def test_files_that_nobody_takes_in_go_after_a_day(tmp_path: Path) -> None:
    old, kept, others = (draft_of(tmp_path, THEIRS, tenant) for tenant in ("main", "main", "other"))
    for path in (old, kept, others):
        os.utime(path, (0, 0))
    make_room(tmp_path, "main", {kept.name})
    assert (old.exists(), kept.exists(), others.exists()) == (False, True, True)


def test_an_account_has_room_for_so_many_files(tmp_path: Path) -> None:
    for _ in range(DRAFTS_MAX):
        draft_of(tmp_path, THEIRS)
    make_room(tmp_path, "other", set())
    with pytest.raises(ExhaustedError, match="wait a day"):
        make_room(tmp_path, "main", set())


def test_a_file_is_within_its_bounds_before_anybody_looks_at_it(tmp_path: Path) -> None:
    path = tmp_path / name_draft("main", "a.csv.gz")
    path.write_bytes(gzip.compress(THEIRS.encode() * 50_000))
    check_draft(path, AROUND)
    with pytest.raises(UnreadableInputError, match="unpacked"):
        check_draft(path, Surroundings(bounds=Bounds(bytes_max=1_000_000)))
