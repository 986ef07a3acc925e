"""Ten thousand requests that mean harm, over all routes: no 5xx, no effect, nothing that runs in a browser."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter

import pytest

from entrepost.operations.spreadsheet import LEADS, NUMBER
from tests.durability.conftest import ProgressLine
from tests.hostile.judge import send, wrong_page
from tests.hostile.requests import FORMS, make_request, routes_of
from tests.hostile.target import Target

REQUESTS, SEED = 10_000, 11


def test_every_form_of_a_page_has_its_case(target: Target) -> None:
    forms = {path for method, path, _ in routes_of(target) if method == "POST" and not path.startswith("/v1/")}
    assert forms == set(FORMS)


@pytest.mark.campaign
def test_requests_that_mean_harm_have_no_effect(
    target: Target, campaign_scale: float, progress_line: ProgressLine
) -> None:
    routes, chance, count = routes_of(target), random.Random(SEED), round(REQUESTS * campaign_scale)
    canary, files = target.canary(), target.strange_files()
    wrong, statuses = [], Counter[str]()
    for number in range(count):
        route = routes[number % len(routes)]
        sent = make_request(target, route, chance)
        status, found = send(target, sent)
        wrong += [f"{number}: {what}: {sent}" for what in found]
        print("\n".join(wrong[len(wrong) - len(found) :]), end="\n" if found else "")
        statuses[f"{'page' if sent.is_page else 'api'} {status // 100}xx"] += 1
        target.mend(route[1], status)
        progress_line("requests that mean harm", number + 1, count)
    print(f"{count:,} requests over {len(routes)} routes, seed {SEED}: {dict(sorted(statuses.items()))}")
    assert wrong == []
    assert (target.canary(), target.strange_files()) == (canary, files)
    assert min(statuses["page 2xx"], statuses["api 2xx"]) > count / 10


@pytest.mark.campaign
def test_what_was_stored_of_them_runs_nowhere(target: Target) -> None:
    """Runs after the requests: what was accepted of them stands in lists, and in the files of rejected rows."""
    wrong = []
    for path in ("/", "/orders", "/items", "/exceptions", "/planner", "/settings", "/settings/keys", "/settings/audit"):
        answer = target.look(path)
        assert answer.status_code == 200
        wrong += [f"{path}: {what}" for what in wrong_page(answer.text)]
    for batch in target.batches():
        text = target.look(f"/orders/batches/{batch}/rejected.csv").text.removeprefix("\ufeff")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        wrong += [f"{batch}: {cell}" for cell in cells if cell.startswith(LEADS) and not NUMBER.fullmatch(cell)]
        wrong += [f"{batch}: {what}" for what in wrong_page(target.look(f"/orders/batches/{batch}").text)]
    assert wrong == []
