"""The page about EDIFACT: its code runs, and prints what stands behind it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.tidy.source import ROOT

PAGE = (ROOT / "docs" / "guides" / "edifact.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_of_the_guide_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for block in BLOCKS:
        exec(block, names)
        printed = capsys.readouterr().out.splitlines()
        said = [line.rpartition("# ")[2] for line in block.splitlines() if "# " in line]
        assert said
        assert [line for line in said if line not in printed] == []
