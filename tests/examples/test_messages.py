"""The example of two posts runs, and says what it promises."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "messages.py"


def test_two_posts_understand_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(SCRIPT))["main"]()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "NLHAGIUSJFKAAUN60017 with 2 bags, closed 2026-03-02 18:00:00+01:00"
    assert [line[:27] for line in said[1:3]] == ['{ "message": "RESDES", "doc', '{ "message": "EMSEVT", "doc']
    assert "LOC+1+USJFKA" in said[3]
