"""The gate put to files: an item gets in with its assessment complete, or after silence for as long as was set."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.loading import Judged, judge_loading

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
BAG = "CNSHAADEFRAAAUN60001001100055"
ITEMS = f"""item_id,destination,receptacle_id
assessed,DE,{BAG}
silent,DE,{BAG}
asked,DE,{BAG}
forbidden,US-CA,
never,DE,
elsewhere,CH,
"""
MESSAGES = """item_id,message,time
assessed,LODGE,2026-06-02T08:00:00+08:00
assessed,AC,2026-06-02T09:00:00+08:00
silent,LODGE,2026-06-02T09:00:00+08:00
asked,LODGE,2026-06-01T09:00:00+08:00
asked,RFI,2026-06-01T10:00:00+08:00
forbidden,LODGE,2026-06-01T09:00:00+08:00
forbidden,dnl,2026-06-01T10:00:00+08:00
"""


def judge(folder: Path, messages: str = MESSAGES, mode: str = "air", timeout: int | None = 1440) -> Judged:
    (folder / "items.csv").write_text(ITEMS)
    (folder / "messages.csv").write_text(messages)
    return judge_loading(folder / "items.csv", folder / "messages.csv", mode, NOW, timeout)


def gates(judged: Judged) -> dict[str, str]:
    return dict(judged.items.select("item_id", "gate").iter_rows())


def test_each_item_is_let_in_or_kept_out_with_what_to_do(tmp_path: Path) -> None:
    judged = judge(tmp_path)
    assert gates(judged) == {
        "assessed": "open",
        "silent": "not_assessed",
        "asked": "info_wanted",
        "forbidden": "do_not_load",
        "never": "not_lodged",
        "elsewhere": "not_lodged",
    }
    assert judged.kept_out == 5
    kept = judged.items.row(by_predicate=pl.col("item_id") == "asked", named=True)
    assert (kept["because"], kept["fix"]) == ("more information is wanted", "answer the request")


def test_silence_for_as_long_as_was_set_opens_and_an_open_request_never_does(tmp_path: Path) -> None:
    waited = gates(judge(tmp_path, timeout=60))
    assert (waited["silent"], waited["asked"]) == ("open", "info_wanted")


def test_a_mode_without_a_gate_keeps_out_only_what_must_not_go_or_is_asked_about(tmp_path: Path) -> None:
    by_rail = gates(judge(tmp_path, mode="rail"))
    assert (by_rail["never"], by_rail["forbidden"], by_rail["asked"]) == ("open", "do_not_load", "info_wanted")


def test_a_receptacle_is_blocked_by_what_is_inside(tmp_path: Path) -> None:
    assert judge(tmp_path).blocked.rows() == [(BAG, 2, False)]


def test_bad_rows_are_told_and_lose_nothing_else(tmp_path: Path) -> None:
    bad = MESSAGES + "assessed,WHAT,2026-06-02T09:00Z\nassessed,AC,yesterday\nassessed,AC,2026-06-02T09:00\n"
    judged = judge(tmp_path, bad)
    assert [(each.row, each.field) for each in judged.findings] == [(9, "message"), (10, "time"), (11, "time")]
    assert "offset" in judged.findings[2].fix
    assert gates(judged)["assessed"] == "open"


def test_a_destination_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("item_id,destination\na,Germany\n,DE\nc,DE\n")
    judged = judge_loading(tmp_path / "items.csv", None, "air", NOW)
    assert judged.items["item_id"].to_list() == ["c"]
    assert sorted((each.row, each.field) for each in judged.findings) == [(2, "destination"), (3, "item_id")]


def test_a_column_that_is_wanted_is_named(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("item\na\n")
    with pytest.raises(UnreadableInputError, match="no column item_id, destination"):
        judge_loading(tmp_path / "items.csv", None, "air", NOW)
