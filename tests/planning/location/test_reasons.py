"""Why there is no answer: the message names what is in the way, and doing what it says cures it."""

from __future__ import annotations

import math

import pytest

from entrepost.planning.facility import FacilityProblem, locate

NO = math.inf


@pytest.mark.parametrize(
    ("rules", "says", "cure"),
    [
        (
            {"cost": [[1, 1]], "demand": [3, 4], "capacity": [5]},
            "all regions need 7, all allowed sites hold 5 (site 0): 2 more capacity is needed",
            {"capacity": [7]},
        ),
        (
            {"cost": [[1, NO], [2, NO]]},
            "no allowed site may serve region 1: allow a pair",
            {"cost": [[1, 5], [2, NO]]},
        ),
        (
            {"cost": [[1, 1, 1], [1, NO, NO]], "demand": [1, 4, 3], "capacity": [5, 9]},
            "regions 1, 2 need 7, but the only sites that may serve them (site 0) hold 5: 2 more capacity there",
            {"capacity": [7, 9]},
        ),
        (
            {"cost": [[1, 1]] * 3, "demand": [4, 4], "capacity": [3, 3, 3], "count": 2},
            "the 2 largest sites hold 6 of 8: open at least 3",
            {"count": 3},
        ),
        (
            {"cost": [[1, 1]] * 2, "count": 1, "forced": [0, 1]},
            "2 sites are forced, but only 1 may be opened",
            {"count": 2},
        ),
        (
            {"cost": [[1, 1]] * 2, "count": 2, "forbidden": [0]},
            "2 sites shall be opened, but only 1 are allowed",
            {"count": 1},
        ),
        (
            {"cost": [[1, 1]] * 2, "demand": [1, 5], "capacity": [4, 4], "single": True},
            "region 1 needs 5, but no site that may serve it holds more than 4: split the region",
            {"single": False},
        ),
        (
            {"cost": [[1, 1]] * 2, "demand": [1, 2], "least": [2, 2], "forced": [0, 1]},
            "must serve at least 4, but all regions need only 3: lower their least volumes by 1",
            {"least": [2, 1]},
        ),
        (
            {"cost": [[1, 1]], "demand": [1, 2], "least": [4], "forced": [0]},
            "site 0 is forced and must serve at least 4, but can serve at most 3",
            {"least": [3]},
        ),
        (
            {"cost": [[1, 1]], "demand": [1, 2], "least": [5]},
            "site 0 cannot reach the least volume within the capacity and the demand of 3",
            {"least": [3]},
        ),
        ({"cost": [[1, 1]], "forbidden": [0]}, "every site is forbidden", {"forbidden": []}),
        (
            {"cost": [[1, 1, 1]] * 2, "demand": [2, 2, 2], "capacity": [3, 3], "single": True},
            "no choice of sites keeps all volumes and rules at once; without one site for each region there is one",
            {"single": False},
        ),
        (
            {"cost": [[1, 1]] * 2, "demand": [2, 3], "capacity": [4, 4], "least": [3, 3]},
            "without least volumes there is one",
            {"least": [0, 0]},
        ),
    ],
)
def test_the_reason_is_named_and_what_it_says_cures_it(rules: dict, says: str, cure: dict) -> None:
    found = locate(FacilityProblem(**rules))
    assert found.status == "infeasible"
    assert math.isinf(found.value)
    assert any(says in reason for reason in found.reasons), found.reasons
    assert locate(FacilityProblem(**rules | cure)).status == "proved"


def test_a_message_names_a_dozen_regions_and_no_more() -> None:
    found = locate(FacilityProblem([[NO] * 30]))
    assert found.reasons[0].count(",") == 12
