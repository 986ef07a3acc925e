"""Who looks, and that forms come from our pages."""

from __future__ import annotations

from tests.operations.office import ANNA
from tests.web.inside import VERA, Tower


def test_a_form_without_the_token_of_its_page_changes_nothing(tower: Tower) -> None:
    person = tower.enter(VERA)
    for sent in ({}, {"csrf": "guess"}, {"csrf": tower.enter(ANNA).csrf()}):
        assert person.client.post("/sign-out", data=sent).status_code == 403
    assert person.client.get("/").status_code == 200
