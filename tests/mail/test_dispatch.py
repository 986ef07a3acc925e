"""A closed dispatch is whole: its receptacles are 1 to n, the last is marked, the weights add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.mail.dispatch import Dispatch, check_dispatch, check_series
from entrepost.mail.receptacle import Receptacle
from tests.mail.bags import CLOSED, SERIES, at, bag, two_bags


def codes(given: Dispatch) -> list[str]:
    return [finding.code for finding in check_dispatch(given)]


def of(*bags: Receptacle) -> Dispatch:
    return replace(two_bags(), receptacles=bags, weight_g=sum(each.weight_g for each in bags))


def numbered(*serials: int, series: str = SERIES, closed_at: datetime = CLOSED) -> list[Dispatch]:
    return [Dispatch(f"{series}{closed_at.year % 10}{serial:04d}", closed_at, 0, ()) for serial in serials]


def test_a_dispatch_says_what_its_identifier_says() -> None:
    given = two_bags()
    assert (given.origin, given.destination) == ("NLHAGI", "USJFKA")
    assert (given.mail_category, given.mail_class, given.mail_subclass) == ("A", "U", "UN")
    assert (given.series, given.serial, given.year) == ("NLHAGIUSJFKAAUN", 17, 2026)
    assert codes(given) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (of(bag(1, False), bag(3, True)), "dispatch_receptacles_gap"),
        (of(bag(1, False), bag(1, False), bag(2, True)), "dispatch_receptacles_gap"),
        (of(bag(1, False), bag(2, False)), "dispatch_last_flag"),
        (of(bag(1, True), bag(2, True)), "dispatch_last_flag"),
        (of(bag(1, True), bag(2, False)), "dispatch_last_flag"),
        (of(), "dispatch_last_flag"),
        (of(Receptacle(f"{SERIES}60017001900010", 1000)), "dispatch_last_unknown"),
        (of(bag(1, False), bag(2, True, dispatch=18)), "dispatch_receptacle_foreign"),
        (of(replace(bag(1, True), weight_g=1200)), "receptacle_weight_differs"),
        (replace(two_bags(), weight_g=22_501), "dispatch_weight_differs"),
        (replace(two_bags(), closed_at=at("2027-01-01T00:10:00+01:00")), "dispatch_year_differs"),
    ],
)
def test_what_does_not_fit_together_has_a_code(given: Dispatch, code: str) -> None:
    assert codes(given) == [code]


def test_the_order_of_receptacles_says_nothing() -> None:
    assert codes(of(bag(3, True), bag(1, False), bag(2, False))) == []


def test_each_receptacle_may_be_off_by_a_hundred_grams() -> None:
    assert codes(replace(two_bags(), weight_g=22_500)) == codes(replace(two_bags(), weight_g=22_100)) == []


def test_an_unknown_subclass_is_said_once_not_of_each_receptacle() -> None:
    bags = tuple(
        replace(each, receptacle_id=each.receptacle_id.replace("AUN", "AUZ")) for each in two_bags().receptacles
    )
    given = replace(two_bags(), dispatch_id="NLHAGIUSJFKAAUZ60017", receptacles=bags)
    assert codes(given) == ["mail_subclass_unknown"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dispatch_id": "nlhagiusjfkaaun60017"}, "20 capitals"),
        ({"closed_at": datetime(2026, 3, 2)}, "zone"),  # noqa: DTZ001 - without a zone is the point
        ({"weight_g": -1}, "cannot weigh"),
    ],
)
def test_a_dispatch_cannot_be_made_of_nonsense(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(MisuseError, match=reason):
        replace(two_bags(), **changes)  # type: ignore[arg-type]
    with pytest.raises(MalformedCodeError, match="S8"):
        replace(two_bags(), dispatch_id="17")


def test_a_gap_in_a_series_is_an_alarm() -> None:
    findings = check_series(numbered(1, 2, 5, 7))
    assert [(finding.code, finding.subject, finding.message) for finding in findings] == [
        ("dispatch_missing", f"{SERIES} 2026", "0003 to 0004 are missing before 0005"),
        ("dispatch_missing", f"{SERIES} 2026", "0006 is missing before 0007"),
    ]


def test_a_series_may_be_watched_from_some_serial_on() -> None:
    assert check_series(numbered(4, 5, 6, 3), first=5) == []
    assert [finding.code for finding in check_series(numbered(6), first=5)] == ["dispatch_missing"]


def test_a_serial_that_comes_twice_is_found() -> None:
    assert [finding.code for finding in check_series(numbered(1, 2, 2, 3))] == ["dispatch_doubled"]


def test_series_and_years_count_for_themselves() -> None:
    next_year = at("2027-01-04T18:00:00+01:00")
    assert check_series([*numbered(1, 2), *numbered(1, series="NLHAGIUSJFKACCN")]) == []
    assert check_series([*numbered(1, 2), *numbered(1, closed_at=next_year)]) == []
