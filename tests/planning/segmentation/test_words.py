"""Segments in words."""

from __future__ import annotations

from entrepost.planning.segmentation.cells import NamedPolicy, market_problem, segment_market
from entrepost.planning.segmentation.words import Vocabulary, list_bounds, list_segments, say_among, say_segment
from entrepost.planning.segments import Question, Segment, Segmentation, SegmentParams
from tests.planning.segment_markets import brisk_and_slow

NAMES = ("weight_g", "items_year", "unit_value_minor", "country")
LABELS = {3: ("CA", "DE", "US")}


def said(*asked: tuple[Question, bool]) -> str:
    segment = Segment(asked, 0, 1, 1.0, 0.0)
    found = Segmentation((segment,), "proved", 0.0, 1.0, NAMES, LABELS, 0.0, SegmentParams())
    return say_segment(segment, found, Vocabulary(currency="CNY"))


def test_a_segment_is_said_as_people_say_it() -> None:
    words = said((Question(0, 500.0), True), (Question(3, among=(0, 2)), True), (Question(1, 104.3), False))
    assert words == "to CA and US, up to 500 g, more than 2 a week"


def test_questions_of_one_feature_are_said_once() -> None:
    words = said((Question(0, 2000.0), True), (Question(0, 500.0), False), (Question(0, 1000.0), True))
    assert words == "heavier than 500 g, up to 1,000 g"


def test_money_is_said_in_its_currency() -> None:
    assert said((Question(2, 4950.0), False)) == "worth more than 49.50 CNY"


def test_a_segment_without_a_question_is_everything() -> None:
    assert said() == "everything"


def test_categories_are_narrowed_down() -> None:
    segment = Segment(((Question(3, among=(0, 1)), True), (Question(3, among=(0,)), False)), 0, 1, 1.0, 0.0)
    assert list_bounds(segment, LABELS)[3].among == {1}


def test_many_texts_are_told_by_those_that_are_missing() -> None:
    texts = [f"X{number}" for number in range(30)]
    assert say_among(range(1, 30), texts) == "to all but X0"


def test_the_table_of_segments_tells_their_policies_and_shares() -> None:
    frame = list_segments(segment_market(market_problem(*brisk_and_slow())), Vocabulary({"PACKET": "Tracked packet"}))
    by_stock = {row["stocked"]: row for row in frame.iter_rows(named=True)}
    assert by_stock[True]["served"] == "from stock where it lies, else the mail that costs least, a day at 1.00"
    assert by_stock[False]["served"] == "by the mail that costs least, a day at 1.00"
    assert by_stock[True]["share"] == 2000 / 2020
    assert frame["regret_share"].sum() == 0.0


def test_a_policy_without_a_known_name_is_told_by_its_code() -> None:
    assert Vocabulary().policy(NamedPolicy(stocked=False, services=("EMS",))) == "by EMS"


def test_countries_are_called_by_their_names_where_these_are_given() -> None:
    segment = Segment(((Question(3, among=(1, 2)), True),), 0, 1, 1.0, 0.0)
    found = Segmentation((segment,), "proved", 0.0, 1.0, NAMES, LABELS, 0.0, SegmentParams())
    assert say_segment(segment, found, Vocabulary(texts={"DE": "Germany"})) == "to Germany and US"
    assert say_segment(segment, found, Vocabulary(weight={"US": 9.0, "DE": 3.0})) == "to US and DE"


def test_of_very_many_countries_the_largest_are_named() -> None:
    texts = [f"C{number:02}" for number in range(40)]
    assert say_among(range(20), texts) == "to C00, C01, C02, C03, C04 and 15 more"
    assert say_among(range(25), texts) == "to all but C25, C26, C27, C28, C29 and 10 more"
