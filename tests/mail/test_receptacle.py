"""What does not fit together in a receptacle is found before it leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.mail.receptacle import Count, Receptacle, check_receptacle
from tests.mail.bags import PACKET, REGISTERED, bag


def codes(given: Receptacle) -> list[str]:
    return [finding.code for finding in check_receptacle(given)]


def test_a_receptacle_says_what_its_identifier_says() -> None:
    given = replace(bag(3, True), counts=(Count("P", 40), Count("E", 2)), item_ids=(PACKET,))
    assert (given.serial, given.last, given.dispatch_id, given.items) == (3, True, "NLHAGIUSJFKAAUN60017", 42)
    assert codes(given) == []


def test_items_that_were_not_counted_are_not_zero() -> None:
    assert bag(1, True).items is None
    assert replace(bag(1, True), counts=(Count("", 0),)).items == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weight_g": 1101}, "receptacle_weight_differs"),
        ({"receptacle_id": "NLHAGIUSJFKAAUN60017001000301", "weight_g": 30_100}, "receptacle_heavy"),
        ({"item_ids": (REGISTERED,)}, "receptacle_flag_differs"),
        ({"item_ids": ("RB123456786NL",), "receptacle_id": "NLHAGIUSJFKAAUN60017001010010"}, "s10_malformed"),
        ({"item_ids": ("EE999999995KR",)}, "s10_class_differs"),
        ({"receptacle_id": "NLHAGIUSJFKAAUN60017001000000"}, "receptacle_weight_missing"),
        ({"receptacle_id": "NLHAGIUSJFKAAUZ60017001000010"}, "mail_subclass_unknown"),
    ],
)
def test_what_does_not_fit_together_has_a_code(changes: dict[str, object], code: str) -> None:
    assert codes(replace(bag(1, False), **changes)) == [code]  # type: ignore[arg-type]


def test_a_hundred_grams_more_or_less_are_nothing() -> None:
    assert codes(replace(bag(1, False), weight_g=1100)) == codes(replace(bag(1, False), weight_g=900)) == []


def test_what_was_not_weighed_differs_from_nothing() -> None:
    assert codes(replace(bag(1, False), weight_g=0)) == []


def test_a_pallet_may_weigh_more_than_a_bag() -> None:
    assert codes(replace(bag(1, False, 301_000), kind="PX")) == []


def test_registered_items_belong_where_the_identifier_says_so_or_does_not_know() -> None:
    for flag in "19":
        given = replace(bag(1, False), receptacle_id=f"NLHAGIUSJFKAAUN600170010{flag}0010", item_ids=(REGISTERED,))
        assert codes(given) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"receptacle_id": "nlhagiusjfkaaun60017001000010"}, "29 capitals"),
        ({"kind": "SACK"}, "not one of BG"),
        ({"weight_g": -1}, "cannot weigh"),
    ],
)
def test_a_receptacle_cannot_be_made_of_nonsense(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(MisuseError, match=reason):
        replace(bag(1, False), **changes)  # type: ignore[arg-type]


def test_an_identifier_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedCodeError, match="29, such as"):
        Receptacle("BAG 7", 1000)
    with pytest.raises(MisuseError, match="P, G, E"):
        Count("X", 1)
