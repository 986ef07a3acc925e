"""The guide to stores does what it says, on both of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.operations.shop import lamp, write_csv
from tests.tidy.source import ROOT

GUIDE = ROOT / "docs" / "guides" / "stores.md"


def test_the_guide_can_be_followed(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path, lamp())
    script = "\n".join(re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL))
    assert script.count("postgresql://entrepost@db.example/entrepost") == 1
    exec(script.replace("postgresql://entrepost@db.example/entrepost", place) + "store.close()", {})
    assert capsys.readouterr().out == "1\n0 0 ()\n"
