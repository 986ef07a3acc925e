"""The sentence of a refusal."""

from __future__ import annotations

import polars as pl

from entrepost.service import eligibility
from entrepost.service.refusal import FIELD, SENTENCES, describe


def test_only_refused_rows_are_told_and_keep_their_place() -> None:
    frame = pl.DataFrame(
        {
            "reason_code": [0, eligibility.WEIGHT_ABOVE, 0, eligibility.WEIGHT_ABOVE],
            "weight_g": [1, 2300, 5, 1_234_567],
            "weight_max_g": [2000] * 4,
        }
    )
    assert describe(frame).to_list() == [
        None,
        "The item weighs 2,300 g, the limit is 2,000 g.",
        None,
        "The item weighs 1,234,567 g, the limit is 2,000 g.",
    ]


def test_nothing_refused_needs_no_other_columns() -> None:
    assert describe(pl.DataFrame({"reason_code": [0, 0]})).to_list() == [None, None]
    assert describe(pl.DataFrame({"reason_code": []}, schema={"reason_code": pl.Int64})).to_list() == []


def test_money_is_shown_with_the_digits_of_its_currency() -> None:
    frame = pl.DataFrame(
        {
            "reason_code": [eligibility.VALUE_ABOVE],
            "converted_value_minor": [1234],
            "value_limit_minor": [1000],
            "network_currency": ["JPY"],
        }
    )
    assert describe(frame).to_list() == ["The item is worth JPY 1234, the limit is JPY 1000."]
    dinars = frame.with_columns(network_currency=pl.lit("KWD"))
    assert describe(dinars).to_list() == ["The item is worth KWD 1.234, the limit is KWD 1.000."]


def test_every_reason_has_one_sentence() -> None:
    assert sorted(SENTENCES) == list(range(1, eligibility.ROUTE_MISSING + 1))
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")
        assert FIELD.search(sentence)
