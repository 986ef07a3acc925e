"""The guide to the exchange does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entrepost.operations.exchanging.partners import put_partners
from entrepost.wiring import open_store
from tests.operations.exchanging.world import PARTNERS
from tests.operations.shop import FixedClock
from tests.tidy.source import ROOT

GUIDE = ROOT / "docs" / "guides" / "exchange.md"


def test_the_guide_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("entrepost.db", FixedClock())
    put_partners(store, "main", PARTNERS)
    store.close()
    script = "\n".join(re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL))
    exec(script + "store.close()", {})
    assert capsys.readouterr().out == "0 interchanges queued\n"
