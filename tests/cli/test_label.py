"""entrepost label: a file for each item or one for all; faults are told by the exit code and lose nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdfium2
import pytest

from tests.cli.shell import entrepost
from tests.documents.labels.made_up import read_codes, render
from tests.documents.labels.printer import print_zpl

SAMPLE = Path(__file__).parents[2] / "docs/guides/labels.csv"
CODES = ["CP123456785CN", "RB123456785CN", "RB123456799CN", "RB123456808CN"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(SAMPLE, tmp_path)
    return tmp_path


@pytest.mark.parametrize("format", ["pdf", "png", "zpl"])
def test_each_item_has_its_file(folder: Path, format: str) -> None:
    answer = entrepost("label", "labels.csv", "--format", format, "--json", folder=folder)
    assert (answer.code, answer.facts["printed"], answer.facts["files"]) == (0, 4, 4), answer.err
    assert sorted(path.name for path in (folder / "labels").iterdir()) == [f"{code}.{format}" for code in CODES]


def test_one_file_holds_all_in_the_order_of_the_rows(folder: Path) -> None:
    assert entrepost("label", "labels.csv", "--out", "all.pdf", folder=folder).code == 0
    codes = [read_codes(page) for page in render((folder / "all.pdf").read_bytes())]
    assert [next(text for kind, text in each if kind == "Code128") for each in codes] == [*CODES[1:], CODES[0]]
    assert entrepost("label", "labels.csv", "--out", "all.zpl", "--format", "zpl", folder=folder).code == 0
    assert len(print_zpl((folder / "all.zpl").read_bytes())) == 4


def test_the_sheets_of_a_set_are_pictures_of_their_own(folder: Path) -> None:
    answer = entrepost("label", "labels.csv", "--form", "customs", "--format", "png", "--json", folder=folder)
    assert (answer.code, answer.facts["files"]) == (0, 7)
    assert (folder / "labels/CP123456785CN-4.png").exists()


def test_a_bad_item_is_told_and_the_others_are_printed(folder: Path) -> None:
    path = folder / "labels.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("الرياض", "").replace("ул. ", "ул. " * 300), encoding="utf-8"
    )
    answer = entrepost("label", "labels.csv", "--out", "all.pdf", folder=folder)
    assert answer.code == 3
    assert "2 of 4 items printed" in answer.out
    assert "recipient_city" in answer.out
    assert "label_text_long" in answer.out
    assert len(pypdfium2.PdfDocument(folder / "all.pdf")) == 2


@pytest.mark.parametrize(
    ("options", "message"), [(("--out", "a.png", "--format", "png"), "one sheet"), (("--out", "a.txt"), "not a .pdf")]
)
def test_a_name_that_cannot_be_is_refused(folder: Path, options: tuple[str, ...], message: str) -> None:
    answer = entrepost("label", "labels.csv", *options, folder=folder)
    assert answer.code == 1
    assert message in answer.err
