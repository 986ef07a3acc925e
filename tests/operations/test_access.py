"""Who may do what."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError, NotAllowedError
from entrepost.operations.access import ROLES, SCOPES, Caller, check_scopes, scopes_of


def test_each_role_may_what_the_one_before_it_may() -> None:
    sizes = [len(scopes) for scopes in ROLES.values()]
    assert list(ROLES) == ["viewer", "clerk", "planner", "admin"]
    assert sizes == sorted(sizes)
    assert ROLES["viewer"] < ROLES["clerk"] < ROLES["planner"] < ROLES["admin"] == frozenset(SCOPES)


def test_a_viewer_asks_for_quotes_and_changes_nothing() -> None:
    assert [scope for scope in SCOPES if scope.endswith(":write") and scope in ROLES["viewer"]] == [
        "quotes:write",
        "landed-costs:write",
    ]


def test_only_an_admin_sees_keys_and_people() -> None:
    assert not any(ROLES["planner"] & {"keys:read", "people:read", "audit:read", "webhooks:read"})


def test_a_caller_without_the_scope_is_told_which_it_needs() -> None:
    with pytest.raises(NotAllowedError, match="orders:write"):
        Caller("main", "anna", ROLES["viewer"]).demand("orders:write")


def test_scopes_are_kept_in_one_order_and_a_star_is_all_of_them() -> None:
    assert check_scopes(["items:read", "orders:write", "items:read"]) == "orders:write items:read"
    assert check_scopes("*").split() == list(SCOPES)


@pytest.mark.parametrize("scopes", [[], ["orders"], ["orders:write", "orders:erase"]])
def test_a_scope_that_is_none_is_misuse(scopes: list[str]) -> None:
    with pytest.raises(MisuseError, match="scope"):
        check_scopes(scopes)


def test_a_role_that_is_none_is_misuse() -> None:
    with pytest.raises(MisuseError, match="viewer, clerk, planner, admin"):
        scopes_of("owner")
