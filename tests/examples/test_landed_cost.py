"""The example of landed cost runs as it stands: every item is told, screened and printed."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "landed_cost.py"


def test_every_item_is_told_screened_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    runpy.run_path(str(SCRIPT))["main"](tmp_path)
    told = capsys.readouterr().out
    assert "RB123456785CN: 1550 minor units of EUR, at_sale" in told
    assert "held: none" in told
    assert "4 labels in labels.pdf" in told
    assert (tmp_path / "labels.pdf").read_bytes().startswith(b"%PDF")
