"""A satisfaction is a file that a person can read, and comes back from it as it was."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.experience.satisfaction import Evidence
from entrepost.experience.satisfaction_file import (
    DEFAULT,
    default_satisfaction,
    format_satisfaction,
    read_satisfaction,
    write_satisfaction,
)
from tests.experience.reviews_scene import TRUTH


def test_what_is_written_is_read_as_it_was(tmp_path: Path) -> None:
    evidence = Evidence(200, date(2026, 1, 5), date(2026, 2, 1), -1.1, -1.2, -1.3, 10.0, 30.0)
    wait = replace(TRUTH.wait, errors=(0.0, *([0.1 / 3] * 11)))
    learned = replace(TRUTH, wait=wait, source='200 reviews of "shop"', evidence=evidence)
    for satisfaction in (TRUTH, learned, default_satisfaction()):
        write_satisfaction(satisfaction, tmp_path / "satisfaction.toml")
        assert read_satisfaction(tmp_path / "satisfaction.toml") == satisfaction


def test_the_file_calls_it_an_association() -> None:
    assert "an association, not a cause" in format_satisfaction(TRUTH)


def test_every_figure_of_the_default_is_called_assumed() -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    figures = re.findall(r"^\w+ = [\d\[-]", text, re.MULTILINE)
    assert len(figures) == 9
    blocks = re.split(r"\n\n|(?<=\n)(?=# More)", text)
    assert all("ssumed" in block for block in blocks if re.search(r"^\w+ = [\d\[-]", block, re.MULTILINE))
    assert default_satisfaction().source == "assumed"
    assert default_satisfaction().evidence is None


def test_the_default_loses_the_same_for_each_day_of_wait() -> None:
    wait = default_satisfaction().wait
    assert (np.diff(wait.losses) / np.diff(wait.days)).tolist() == pytest.approx([0.03] * 11)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("source = ", "sauce = ", "sauce"),
        ("undelivered = 0.5\n", "", "undelivered is missing"),
        ("[before]", "[befor", "cannot be read"),
        ("kept = 0.2", 'kept = "much"', "much"),
        ("kept = 0.2", "kept = 3.0", "kept <= late"),
        ("losses = [0.6,", "losses = [9.6,", "never fall"),
        ("cut_points = [-3.4,", "cut_points = [", "four rising"),
        ("[lanes]", "[lanes]\nX = 3", "X must be a table"),
    ],
)
def test_a_file_that_cannot_be_says_why(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = format_satisfaction(TRUTH)
    assert old in text
    (tmp_path / "satisfaction.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UnreadableInputError, match=message):
        read_satisfaction(tmp_path / "satisfaction.toml")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"nowhere\.toml"):
        read_satisfaction(tmp_path / "nowhere.toml")
