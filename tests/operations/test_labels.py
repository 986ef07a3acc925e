"""The labels of a file."""

from __future__ import annotations

from pathlib import Path

from entrepost.operations.labels import read_labels

SAMPLE = Path(__file__).parents[2] / "docs/guides/labels.csv"


def test_every_item_of_the_file_is_drawn_with_the_form_that_it_must_carry() -> None:
    labels = read_labels(SAMPLE, "customs")
    assert [printed.sheets[0].title[:5] for printed in labels.draw()] == ["CN 22", "CN 22", "CN 22", "CP 72"]


def test_a_broken_row_is_told_and_the_others_are_drawn(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(SAMPLE.read_text(encoding="utf-8") + "RB123456811CN,too,few\n", encoding="utf-8")
    labels = read_labels(path)
    assert [(each.code, each.row) for each in labels.rows.findings] == [("row_unreadable", 7)]
    assert len(list(labels.draw())) == 4
