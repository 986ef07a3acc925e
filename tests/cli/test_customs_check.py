"""The command tells what is wrong with a file's items, and how good each seller's data are."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.shell import entrepost

HEAD = (
    "item_id,destination,origin,hs_code,description,quantity,unit_value,currency,net_weight_g,seller,weight_g,"
    "sender_name,sender_address,sender_country,recipient_name,recipient_address,recipient_postcode\n"
)
PARTIES = "The shop,1 Long Road,CN,Ann,2 Short Street,60311"
SHIRT = f"LX000000014CN,DE,CN,610910,cotton T-shirt for men,1,15.00,EUR,200,shop,250,{PARTIES}\n"
HEAVY = f"LX000000028CN,DE,CN,610910,cotton T-shirt for men,1,15.00,EUR,900,shop,250,{PARTIES}\n"
VAGUE = f"LX000000031CN,DE,CN,610910,Gift,1,15.00,EUR,200,other,250,{PARTIES}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lines.csv").write_text(HEAD + SHIRT + HEAVY + VAGUE)
    return tmp_path


def test_items_are_rejected_one_by_one_and_every_finding_says_what_to_do(folder: Path) -> None:
    answer = entrepost("customs", "check", "lines.csv", "--date", "2026-06-01", "--out", "found.csv", folder=folder)
    assert answer.code == 3
    assert "lines.csv:3 [net_weight_g] LX000000028CN error declaration_heavier_than_item" in answer.err
    assert "lines.csv: 3 items, 1 rejected, 2 findings" in answer.err
    with (folder / "found.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["code"], row["level"]) for row in rows] == [
        ("3", "declaration_heavier_than_item", "error"),
        ("4", "declaration_description_vague", "warning"),
    ]


def test_the_scores_of_sellers_are_the_answer(folder: Path) -> None:
    answer = entrepost("customs", "check", "lines.csv", "--date", "2026-06-01", folder=folder)
    head, shop, other = answer.out.splitlines()
    assert head.split()[:5] == ["seller", "lane", "items", "rejected", "timely"]
    assert shop.split() == ["shop", "CN>DE", "2", "1", "-", "100", "100", "50", "83"]
    assert other.split() == ["other", "CN>DE", "1", "0", "-", "0", "100", "100", "67"]


def test_programs_get_one_object(folder: Path) -> None:
    answer = entrepost("customs", "check", "lines.csv", "--date", "2026-06-01", "--json", "-q", folder=folder)
    assert (answer.facts["items"], answer.facts["rejected"], len(answer.facts["findings"])) == (3, 1, 2)
    assert [row["seller"] for row in answer.facts["scores"]] == ["shop", "other"]


def test_a_file_without_errors_is_right_and_says_what_was_not_checked(folder: Path) -> None:
    (folder / "lines.csv").write_text(HEAD.replace("recipient_postcode", "note") + SHIRT)
    answer = entrepost("customs", "check", "lines.csv", "--date", "2026-06-01", folder=folder)
    assert answer.code == 0, answer.err
    assert "[recipient_postcode] warning declaration_column_absent" in answer.err


def test_an_identifier_that_was_used_is_found_in_the_file_that_says_so(folder: Path) -> None:
    (folder / "used.csv").write_text("item_id,posted_on\nLX000000014CN,2026-01-05\nLX000000014CN,2024-01-05\n")
    (folder / "lines.csv").write_text(HEAD + SHIRT)
    answer = entrepost("customs", "check", "lines.csv", "--date", "2026-06-01", "--used", "used.csv", folder=folder)
    assert answer.code == 3
    assert "LX000000014CN was used 4 months ago" in answer.err
    (folder / "used.csv").write_text("number\n1\n")
    answer = entrepost("customs", "check", "lines.csv", "--date", "2026-06-01", "--used", "used.csv", folder=folder)
    assert answer.code == 1
    assert "needs the columns item_id and posted_on" in answer.err
