"""The command asks the gate for every item of a file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shell import entrepost
from tests.operations.test_loading import BAG, ITEMS, MESSAGES

GATE = ("customs", "gate", "items.csv", "messages.csv", "--now", "2026-06-02T12:00:00+00:00")


def test_what_is_kept_out_is_told_with_the_receptacles_that_it_blocks(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(ITEMS)
    (tmp_path / "messages.csv").write_text(MESSAGES)
    answer = entrepost(*GATE, folder=tmp_path)
    assert answer.code == 3
    assert answer.out.splitlines()[1].startswith(f"assessed,{BAG},DE,open,assessed,")
    assert f"receptacle {BAG} must not be closed: 2 of its items may not be loaded" in answer.err
    assert "6 items, 5 kept out" in answer.err
    assert entrepost(*GATE, "--json", folder=tmp_path).facts["blocked"][0]["items"] == 2


def test_a_mode_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(ITEMS)
    (tmp_path / "messages.csv").write_text(MESSAGES)
    answer = entrepost(*GATE, "--mode", "pigeon", folder=tmp_path)
    assert (answer.code, "there is no mode 'pigeon'" in answer.err) == (1, True)
