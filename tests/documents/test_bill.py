"""Bills name every receptacle and item, on as many pages as they need, and their totals agree."""

from __future__ import annotations

import re

import pytest

from entrepost.documents.bill import (
    draw_delivery_bill,
    draw_dispatch_bill,
    draw_item_list,
    tell_delivery_bill,
    tell_dispatch_bill,
    tell_item_list,
)
from tests.documents.labels.made_up import read_text
from tests.documents.made_up_mail import consigned, dispatch, papers
from tests.documents.test_paper import MARKUP


@pytest.mark.parametrize(("kind", "form"), [("AUN", "CN 31"), ("ACN", "CP 87"), ("AEN", "EMS")])
def test_the_bill_of_a_dispatch_is_that_of_its_class(kind: str, form: str) -> None:
    (page,) = read_text(draw_dispatch_bill(papers(kind=kind)))
    assert form in page
    assert f"NLHAGIUSJFKA{kind}60017002100125" in page


def test_a_long_bill_goes_on_over_pages_and_leaves_nothing_out() -> None:
    made = dispatch(bags=80, items=12)
    pages = read_text(draw_dispatch_bill(papers(bags=80, items=12)))
    text = "\n".join(pages)
    assert len(pages) >= 4
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))
    named = set(re.findall(r"LX\d{9}NL", text))
    assert named == {item_id for bag in made.receptacles for item_id in bag.item_ids}
    assert {bag.receptacle_id for bag in made.receptacles} <= set(text.split())


def test_every_total_is_the_sum_of_what_stands_above_it() -> None:
    made, told = dispatch(bags=5, items=7), tell_dispatch_bill(papers(bags=5, items=7))
    weight = f"{made.weight_g // 1000}.{made.weight_g % 1000:03d}"
    bags, formats, items = told["parts"]
    assert (bags["totals"][1], bags["totals"][4], bags["totals"][6]) == ("Total: 5", "35", weight)
    assert sum(round(float(row[6]) * 1000) for row in bags["rows"]) == made.weight_g
    assert formats["totals"] == ("Total", "5", "35", weight)
    assert items["totals"][0] == "Total: 35"
    assert ["Weight kg / Poids", weight] in told["facts"]


@pytest.mark.parametrize(("kind", "form"), [("AUN", "CN 38"), ("BUN", "CN 41"), ("CUN", "CN 37"), ("CTN", "CN 47")])
def test_the_delivery_bill_is_that_of_the_mode_and_names_the_way(kind: str, form: str) -> None:
    told = tell_delivery_bill(consigned(kind=kind))
    assert (told["form"], told["parts"][0]["rows"][0][1]) == (form, "BA431")
    assert ["Air waybill / Lettre de transport", "125-12345675"] in told["facts"]
    if kind == "AUN":
        (page,) = read_text(draw_delivery_bill(consigned()))
        assert "NLA000012345" in page


def test_of_empty_receptacles_is_told_how_many_of_each_kind_and_nothing_of_items() -> None:
    told = tell_delivery_bill(consigned(kind="CTN"))
    whole = next(part for part in told["parts"] if part["title"] == "By kind / Par type")
    bags = [part for part in told["parts"] if part["title"].startswith("Dispatch")]
    assert [part["columns"] for part in bags] == [("No.", "Receptacle / Récipient", "Kind / Type", "Weight kg / Poids")]
    assert sum(int(row[1]) for row in whole["rows"]) == len(bags[0]["rows"]) == int(whole["totals"][1])
    assert whole["totals"][2] == bags[0]["totals"][3]
    assert "Items / Envois" not in str(told)


def test_registered_and_insured_letters_have_their_lists() -> None:
    registered, insured = (
        tell_item_list(papers(letters=each), name) for each, name in (("RB", "registered"), ("VV", "insured"))
    )
    assert (registered["form"], insured["form"]) == ("CN 33", "CN 16")
    assert registered["parts"][0]["totals"][0] == "Total: 6"
    assert tell_item_list(papers(letters="RB"), "insured")["parts"][0]["totals"][0] == "Total: 0"
    (page,) = read_text(draw_item_list(papers(letters="RB"), "registered"))
    assert dispatch(letters="RB").receptacles[0].item_ids[0] in page


def test_nothing_that_is_printed_is_taken_for_markup() -> None:
    from dataclasses import replace

    odd = replace(papers(), operator=MARKUP, offices={"NLHAGI": MARKUP})
    assert draw_dispatch_bill(odd).startswith(b"%PDF-")
