"""The exported rule file: choosing by it gives for every order what its segment says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from entrepost.network.network import Network
from entrepost.network.warehouse import Stock
from entrepost.planning.segmentation.cells import (
    FIGURES,
    MarketSegments,
    NamedPolicy,
    SegmentMarket,
    market_problem,
    segment_market,
)
from entrepost.planning.segmentation.rules import to_rules
from entrepost.planning.segments import Question, Segment, Segmentation, SegmentParams
from entrepost.service.choice import choose
from entrepost.service.policy import RuleFile
from entrepost.service.rule_file import load_rules
from tests.planning.scenes import many_orders
from tests.planning.segment_markets import brisk_and_slow
from tests.worlds import one_warehouse

COUNTRY = len(FIGURES)


def well_stocked() -> Network:
    """One warehouse with plenty of LAMPs and MUGs."""
    network = one_warehouse()
    return replace(network, stock=tuple(Stock("DEFRAW", "shop", sku, 900) for sku in ("LAMP", "MUG")))


def lamps_and_mugs() -> pl.DataFrame:
    """Twelve orders: LAMPs and MUGs of 100 to 1,200 g, the last one of an article that was never sold."""
    orders = many_orders(12)
    skus = ["LAMP", "MUG"] * 5 + ["LAMP", "NEW"]
    return orders.with_columns(sku=pl.Series(skus), weight_g=pl.Series([100 * (each + 1) for each in range(12)]))


def by_hand(*segments: Segment) -> MarketSegments:
    """Segments of the brisk and the slow, told by hand."""
    first = market_problem(*brisk_and_slow())
    policies = (NamedPolicy(stocked=False, services=("PACKET",)), NamedPolicy(stocked=True, services=("PACKET",)))
    market = SegmentMarket(first.cells, first.problem, policies, "LOCAL")
    found = Segmentation(
        segments, "proved", 0.0, 1.0, tuple(first.problem.names), first.problem.labels, 0.0, SegmentParams()
    )
    return MarketSegments(found, market)


def articles() -> pl.DataFrame:
    """LAMPs are brisk in Frankfurt, MUGs rare."""
    place = {"seller": "shop", "region": "DE-60", "area": "DE"}
    return pl.DataFrame(
        [
            {**place, "sku": "LAMP", "cell": "DE-60|shop|daily/250/none"},
            {**place, "sku": "MUG", "cell": "DE-60|shop|rarely/2000/none"},
        ]
    )


def chosen_by(folder: Path, found: MarketSegments, orders: pl.DataFrame) -> pl.DataFrame:
    rules = to_rules(found, articles())
    (folder / "rules.toml").write_text(rules.text, encoding="utf-8")
    for name, frame in rules.files.items():
        frame.write_csv(folder / name)
    return choose(well_stocked(), orders, RuleFile(folder / "rules.toml"))


def test_an_order_is_served_as_its_segment_says(tmp_path: Path) -> None:
    items_year = FIGURES.index("items_year")
    light, brisk = Question(FIGURES.index("weight_g"), 650.0), Question(items_year, 104.0)
    found = by_hand(
        Segment(((light, True), (brisk, False)), 1, 2, 1.0, 0.0),
        Segment(((light, True), (brisk, True)), 0, 2, 1.0, 0.0),
        Segment(((light, False),), 0, 4, 1.0, 0.0),
    )
    orders = lamps_and_mugs()
    chosen = chosen_by(tmp_path, found, orders)
    figures = dict.fromkeys(FIGURES, 0.0)
    for order, row in zip(orders.iter_rows(named=True), chosen.iter_rows(named=True), strict=True):
        sold = 500.0 if order["sku"] == "LAMP" else 5.0 if order["sku"] == "MUG" else 0.0
        own = {**figures, "weight_g": float(order["weight_g"]), "items_year": sold}
        number = int(found.found.place([[*own.values(), 1.0]])[0])
        wanted = "LOCAL" if found.policy(number).stocked else "PACKET"
        assert (order["order_id"], row["service"]) == (order["order_id"], wanted)
        assert f"By the rule '{'up to' if order['weight_g'] <= 650 else 'heavier than'}" in row["explanation"]


def test_segments_that_were_found_become_rules_that_can_be_read(tmp_path: Path) -> None:
    found = segment_market(market_problem(*brisk_and_slow()))
    chosen = chosen_by(tmp_path, found, lamps_and_mugs())
    assert chosen["service"].to_list() == ["LOCAL", "PACKET"] * 5 + ["LOCAL", "PACKET"]
    rules, facts = load_rules(tmp_path / "rules.toml")
    assert (len(rules), len(facts)) == (2, 3)


def test_an_article_that_was_sold_only_elsewhere_counts_as_it_sells_there(tmp_path: Path) -> None:
    found = segment_market(market_problem(*brisk_and_slow()))
    rules = to_rules(found, articles())
    assert list(rules.files) == ["facts-seller-region-sku.csv", "facts-seller-area-sku.csv", "facts-seller-sku.csv"]
    assert rules.files["facts-seller-sku.csv"].rows() == [("shop", "LAMP", 500.0), ("shop", "MUG", 5.0)]


def test_a_market_of_one_segment_needs_no_facts() -> None:
    found = segment_market(market_problem(*brisk_and_slow()), SegmentParams(leaves_max=1))
    rules = to_rules(found, articles())
    assert rules.files == {}
    assert "when" not in rules.text


@pytest.mark.parametrize("name", ['say "so"', "back\\slash", "new\nline"])
def test_names_are_written_so_that_they_can_be_read(name: str, tmp_path: Path) -> None:
    from entrepost.planning.segmentation.words import Vocabulary

    found = segment_market(market_problem(*brisk_and_slow()), SegmentParams(leaves_max=1))
    path = tmp_path / "rules.toml"
    path.write_text(to_rules(found, articles(), Vocabulary({"PACKET": name})).text, encoding="utf-8")
    assert len(load_rules(path)[0]) == 1


def test_what_a_region_orders_is_asked_of_the_region_alone(tmp_path: Path) -> None:
    """An article that was never sold there is still ordered from a region of which is known how much it orders."""
    dense = Question(FIGURES.index("region_items_year"), 500.0)
    found = by_hand(Segment(((dense, False),), 1, 2, 1.0, 0.0), Segment(((dense, True),), 0, 2, 1.0, 0.0))
    rules = to_rules(found, articles())
    assert list(rules.files) == ["facts-region.csv"]
    assert rules.files["facts-region.csv"].columns == ["region", "region_items_year"]
    chosen = chosen_by(tmp_path, found, lamps_and_mugs().with_columns(sku=pl.lit("MUG")))
    assert set(chosen["service"]) == {"LOCAL"}
