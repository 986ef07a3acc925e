"""The nouns of who may do what keep their secrets to themselves."""

from __future__ import annotations

from entrepost.operations.records import ApiKey, Invitation, Person, Session
from tests.operations.shop import NOW


def test_no_noun_tells_its_secret_when_it_is_printed() -> None:
    nouns = (
        Person("main", "anna", "Anna", "admin", "SECRET", NOW),
        Session("main", "SECRET", "anna", "SECRET", NOW, NOW, NOW),
        ApiKey("main", "k1", "SECRET", "shop", "*", "anna", NOW),
        Invitation("main", "SECRET", "anna", "admin", "bo", NOW, NOW),
    )
    assert "SECRET" not in repr(nouns)
