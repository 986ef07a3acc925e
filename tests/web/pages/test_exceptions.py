"""What needs somebody now, and what people do about it."""

from __future__ import annotations

import re

from entrepost.web.pages.exceptions import write_chance
from tests.web.inside import ANNA, CARL, OTHER, VERA, Tower


def first_of(tower: Tower) -> str:
    found = re.search(r'href="(/exceptions/[0-9a-f]{24})"', tower.enter(VERA).look("/exceptions"))
    assert found
    return found[1]


def test_the_list_is_ranked_with_the_next_action_and_what_it_saves(silent: Tower) -> None:
    html = silent.enter(VERA).look("/exceptions")
    assert "Ask Frankfurt (DEFRAA) whether the departure of" in html
    assert "Need somebody now" in html
    assert "Departure not there · CNSHAA&gt;DEFRAA" in html


def test_one_is_told_with_its_items_and_who_only_looks_has_no_forms(silent: Tower) -> None:
    html = silent.enter(VERA).look(first_of(silent))
    assert html.count('href="/items/LX') > 1
    assert "Take care of it" not in html
    assert silent.enter(VERA).send(first_of(silent), do="open").status_code == 403


def test_a_clerk_assigns_notes_closes_and_opens_it(silent: Tower) -> None:
    carl, path = silent.enter(CARL), first_of(silent)
    assert carl.send(path, do="assign", person=CARL).headers["location"] == path
    carl.send(path, do="note", text="Called <b>Frankfurt</b>.")
    html = carl.look(path)
    assert "Called &lt;b&gt;Frankfurt&lt;/b&gt;." in html
    assert f'<option value="{CARL}" selected>' in html
    assert path in carl.look("/exceptions?view=mine")
    assert path not in silent.enter(VERA).look("/exceptions?view=mine")
    assert carl.send(path, do="close", reason="solved", text="").headers["location"] == "/exceptions"
    assert path in carl.look("/exceptions?view=closed")
    assert path not in carl.look("/exceptions")
    carl.send(path, do="open")
    assert path in carl.look("/exceptions")


def test_what_makes_no_sense_and_what_is_not_there_is_told(silent: Tower) -> None:
    anna = silent.enter(ANNA)
    assert anna.send(first_of(silent), do="burn").status_code == 422
    assert anna.send(first_of(silent), do="close", reason="x").status_code == 422
    anna.look("/exceptions/nonsense", status=404)


def test_another_account_sees_none_of_them(silent: Tower) -> None:
    otto = silent.enter(OTHER, "other")
    assert "Nothing needs anybody now" in otto.look("/exceptions")
    otto.look(first_of(silent), status=404)


def test_chances_are_written_as_people_say_them() -> None:
    assert (write_chance(1e-4), write_chance(0.5)) == ("1 in 10,000", "50 %")
