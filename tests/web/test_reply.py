"""What is told when something is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entrepost.base.errors import NotYetError
from entrepost.web.desk import Boards
from tests.web.inside import VERA, Tower, tower_in


def test_what_is_not_there_is_told_by_a_page_to_people_and_in_json_to_programs(tower: Tower) -> None:
    person = tower.enter(VERA)
    assert "There is nothing here" in person.look("/nothing", 404)
    assert person.client.get("/v1/nothing", headers={"accept": "text/html"}).json() == {"detail": "Not Found"}
    assert "There is nothing here" in tower.client().get("/nothing", headers={"accept": "text/html"}).text


def test_a_script_is_told_in_json(tower: Tower) -> None:
    answer = tower.client().get("/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"message": "sign in first"})
    refused = tower.enter(VERA).client.post("/sign-out", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["message"][:19]) == (403, "the page is too old")


def test_who_may_not_is_told_so_in_the_frame(tower: Tower) -> None:
    answer = tower.enter(VERA).client.post("/sign-out")
    assert (answer.status_code, "You may not do this" in answer.text) == (403, True)
    assert 'aria-label="Pages"' in answer.text


def test_what_is_still_worked_out_is_asked_for_again_by_the_page_itself(tmp_path: Path) -> None:
    def look(tenant: str) -> Any:
        raise NotYetError(f"this is worked out for {tenant}; look again")

    with tower_in(tmp_path, boards=Boards(look, look)) as tower:
        answer = tower.enter(VERA).client.get("/lanes", headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["refresh"]) == (202, "5")
        assert "This is worked out for main; look again." in answer.text
        assert "every 5 seconds" in answer.text
