"""A consignment is one routing: legs that meet, receptacles once, weights that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.mail.consignment import Consignment, Handover, Leg, Unit, check_consignment
from tests.mail.bags import CLOSED, at, two_bags, two_flights

FIRST, SECOND = two_flights().legs
ONE, TWO = two_bags().receptacles


def codes(given: Consignment) -> list[str]:
    return [finding.code for finding in check_consignment(given)]


def test_a_consignment_goes_from_its_first_leg_to_its_last() -> None:
    given = replace(two_flights(), units=(Unit("AKE12345BA", (ONE.receptacle_id,)),))
    assert (given.origin, given.destination) == ("AMS", "JFK")
    assert given.dispatch_ids == ("NLHAGIUSJFKAAUN60017",)
    assert codes(given) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consignment_id": "BA-2026/117"}, "consignment_id_not_s32"),
        ({"legs": ()}, "consignment_legless"),
        ({"legs": (SECOND, FIRST)}, "consignment_legs_apart"),
        ({"legs": (FIRST, replace(SECOND, departs_at=at("2026-03-03T09:19:00+00:00")))}, "consignment_legs_apart"),
        ({"receptacles": (), "weight_g": 0}, "consignment_empty"),
        ({"receptacles": (ONE, ONE), "weight_g": 25_000}, "consignment_receptacle_doubled"),
        (
            {"receptacles": (ONE,), "weight_g": 12_500, "units": (Unit("U", (TWO.receptacle_id,)),)},
            "consignment_unit_strange",
        ),
        ({"mail_category": "B", "receptacles": (ONE,), "weight_g": 12_500}, "consignment_category_differs"),
        ({"weight_g": 22_501}, "consignment_weight_differs"),
    ],
)
def test_what_does_not_fit_together_has_a_code(changes: dict[str, object], code: str) -> None:
    assert codes(replace(two_flights(), **changes)) == [code]  # type: ignore[arg-type]


def test_without_legs_it_is_nowhere() -> None:
    given = replace(two_flights(), legs=())
    assert (given.origin, given.destination) == ("", "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consignment_id": " NLA000012345"}, "without blanks"),
        ({"completed_at": datetime(2026, 3, 2)}, "zone"),  # noqa: DTZ001 - without a zone is the point
        ({"mail_category": ""}, "A, B, C and D"),
        ({"mail_category": "AB"}, "A, B, C and D"),
        ({"weight_g": -1}, "cannot weigh"),
    ],
)
def test_a_consignment_cannot_be_made_of_nonsense(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(MisuseError, match=reason):
        replace(two_flights(), **changes)  # type: ignore[arg-type]


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(MalformedCodeError, match="35 printable"):
        replace(two_flights(), consignment_id="")
    with pytest.raises(MalformedCodeError, match="instead of 5"):
        replace(two_flights(), waybill="12512345676")


def test_a_leg_has_a_mode_and_goes_forward_in_time() -> None:
    with pytest.raises(MisuseError, match="mode 'zeppelin'"):
        replace(FIRST, mode="zeppelin")
    with pytest.raises(MisuseError, match="before it departs"):
        replace(FIRST, arrives_at=at("2026-03-03T08:59:00+01:00"))
    with pytest.raises(MisuseError, match="zone"):
        Leg("air", "BA", "BA431", "AMS", "LHR", CLOSED.replace(tzinfo=None), CLOSED)


def test_a_handover_is_a_span_of_time_at_a_place() -> None:
    assert replace(two_flights(), tendered=Handover("AMS", CLOSED, CLOSED)).delivered is None
    with pytest.raises(MisuseError, match="earlier one first"):
        Handover("AMS", FIRST.arrives_at, FIRST.departs_at)
