"""Plans: started, watched, read, their rules activated."""

from __future__ import annotations

import io
import zipfile

from entrepost.operations.active_rules import find_active
from tests.web.desks import make_next
from tests.web.inside import OTHER, PIA, VERA, Tower

QUICK = {"goal": "least", "seconds": "2", "points": "0", "rules": "3"}


def test_a_plan_is_started_watched_and_ended(planning: Tower) -> None:
    pia = planning.enter(PIA)
    path = pia.send("/planner", **QUICK, title="To be ended").headers["location"]
    html = pia.look(path)
    assert "Waits for its turn" in html
    assert "/static/planner.js" in html
    assert planning.awake.is_set()
    pia.send(path, do="cancel")
    assert "Cancelled before it began" in pia.look(path)
    assert pia.send(path, do="remove").headers["location"] == "/planner"
    pia.look(path, status=404)


def test_a_plan_tells_before_and_after_its_rules_its_curve_and_its_pictures(planning: Tower) -> None:
    html = planning.enter(VERA).look(f"/planner/{planning.numbers['plan']}")
    assert "Everything" in html
    assert "By the mail that costs least" in html
    for name in ("pareto", "map-planned", "bridge"):
        assert f'data-picture="spec-{name}"' in html
    assert "The plan opens no warehouse." in html
    assert ">Activate<" not in html, "who only looks activates nothing"
    report = planning.enter(VERA).client.get(f"/planner/{planning.numbers['plan']}/report")
    assert "sandbox" in report.headers["content-security-policy"]
    assert "What to change" in report.text


def test_its_rules_are_activated_and_ended(planning: Tower) -> None:
    pia, plan = planning.enter(PIA), planning.numbers["plan"]
    assert planning.enter(VERA).send(f"/planner/{plan}/rules", do="activate").status_code == 403
    pia.send(f"/planner/{plan}/rules", do="activate")
    active = find_active(planning.store, "main")
    assert active is not None
    assert (active.segments, active.changed_by) == (plan, PIA)
    assert "quotes obey them" in pia.look(f"/planner/{plan}")
    assert f'obey the rules of <a href="/planner/{plan}">' in pia.look("/planner")
    pia.send(f"/planner/{plan}/rules", do="deactivate")
    assert find_active(planning.store, "main") is None
    packed = pia.client.get(f"/planner/{plan}/rules.zip")
    assert "rules.toml" in zipfile.ZipFile(io.BytesIO(packed.content)).namelist()


def test_another_point_of_the_curve_becomes_a_plan_of_its_own(planning: Tower) -> None:
    pia, plan = planning.enter(PIA), planning.numbers["plan"]
    path = pia.send(f"/planner/{plan}", do="pick", point="0").headers["location"]
    assert "Slow: " in pia.look(path)
    assert make_next(planning) == "done"
    assert pia.send(f"/planner/{plan}", do="pick", point="99").status_code == 404


def test_it_is_looked_at_in_other_worlds(planning: Tower) -> None:
    pia, plan = planning.enter(PIA), planning.numbers["plan"]
    pia.send(f"/planner/{plan}", do="worlds")
    assert "Being looked at" in pia.look(f"/planner/{plan}")
    assert make_next(planning) == "done"
    assert "demand +30 %" in pia.look(f"/planner/{plan}")


def test_a_limit_that_cannot_be_kept_says_why(planning: Tower) -> None:
    pia = planning.enter(PIA)
    path = pia.send("/planner", **QUICK | {"goal": "days", "value": "0.01"}).headers["location"]
    assert make_next(planning) == "failed"
    html = pia.look(path)
    assert "There is no plan." in html
    assert "cannot be reached" in html


def test_what_makes_no_sense_is_told(planning: Tower) -> None:
    pia = planning.enter(PIA)
    for wrong in ({"goal": "days", "value": ""}, {"value": "x"}, {"as_of": "tomorrow"}, {"side": "x"}):
        assert pia.send("/planner", **QUICK | wrong).status_code == 422, wrong
    assert pia.send(f"/planner/{planning.numbers['plan']}", do="burn").status_code == 422
    assert planning.enter(VERA).send("/planner", **QUICK).status_code == 403


def test_another_account_sees_none_of_it(planning: Tower) -> None:
    otto, plan = planning.enter(OTHER, "other"), planning.numbers["plan"]
    assert "No plan yet" in otto.look("/planner")
    for path in ("", "/report", "/rules.zip"):
        otto.look(f"/planner/{plan}{path}", status=404)
    assert otto.send(f"/planner/{plan}/rules", do="activate").status_code == 404


def test_a_number_without_end_is_none(planning: Tower) -> None:
    for text in ("9" * 400, "inf", "nan"):
        answer = planning.enter(PIA).send("/planner", **QUICK | {"points": text})
        assert (answer.status_code, "is no number" in answer.text) == (422, True)
