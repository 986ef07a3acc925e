"""Whatever people send, and whatever goes wrong with it, the log names nobody."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from entrepost.api.logs import CarefulFormatter, set_up_logs
from tests.api.world import World, world_at
from tests.operations.shop import LAMP_NO, csv_text, lamp

NAME, EMAIL, STREET = "Annabella Quintero", "annabella@example.org", "Calle Luna 77"
PERSON = {"recipient_name": NAME, "recipient_email": EMAIL, "recipient_line1": STREET}


@pytest.fixture
def careful(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, as a server writes it."""
    caplog.handler.setFormatter(CarefulFormatter())
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_line_of_the_log_names_a_person_an_item_or_a_key(tmp_path: Path, careful: pytest.LogCaptureFixture) -> None:
    with world_at(str(tmp_path / "shop.db"), tmp_path) as world:
        ask_everything(world)
        secrets = [key for key in world.keys.values() if key]
    lines = careful.text.splitlines()
    ours = [json.loads(line) for line in lines if '"request"' in line]
    assert {each["status"] for each in ours} >= {200, 401, 404, 422}
    assert all(each["tenant"] in ("", "main", "other") for each in ours)
    for word in (NAME, EMAIL, STREET, LAMP_NO, "annabella", "Quintero", *secrets):
        assert word not in careful.text


def ask_everything(world: World) -> None:
    """Send what names a person in paths, queries, headers and bodies, sound and not."""
    world.ask("GET", f"/v1/items/{LAMP_NO}")
    world.ask("GET", f"/v1/people/{EMAIL}")
    world.ask("GET", f"/v1/orders/{NAME}/{STREET}")
    world.ask("GET", f"/track?numbers={LAMP_NO}&name={NAME}")
    world.ask("GET", "/v1/keys", NAME, headers={"X-Note": STREET, "X-Request-ID": EMAIL})
    world.ask("POST", "/v1/orders", json={"orders": [lamp(order_id="l1") | PERSON]})
    world.ask("POST", "/v1/orders", json={"orders": [lamp(order_id="l2", weight_g=NAME) | PERSON]})
    world.ask("POST", "/v1/orders", json={"orders": NAME, "email": EMAIL})
    world.ask("POST", "/v1/privacy/exports", json={"email": EMAIL})
    world.ask("POST", "/v1/privacy/erasures", json={"email": EMAIL, "asked_by": "case 1"})
    bad = csv_text(lamp(order_id="l3", weight_g=STREET) | PERSON)
    named, csv = {"kind": "orders", "name": NAME}, {"content-type": "text/csv"}
    world.ask("POST", "/v1/batches", content=bad, params=named, headers=csv)


def test_an_error_is_told_by_its_kind_and_place_and_quotes_nothing() -> None:
    formatter, logger = CarefulFormatter(), logging.getLogger("uvicorn.error")
    try:
        int(NAME)
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
        record = logger.makeRecord(logger.name, logging.ERROR, "", 0, f"failed for {NAME}", (), told)
    line = json.loads(formatter.format(record))
    assert (line["error"], NAME in str(line)) == ("builtins.ValueError", False)
    assert line["at"][-1].endswith("test_an_error_is_told_by_its_kind_and_place_and_quotes_nothing")


def test_others_lines_are_told_without_what_they_were_filled_with() -> None:
    logger = logging.getLogger("uvicorn.error")
    record = logger.makeRecord(logger.name, logging.WARNING, "", 0, "bad request from %s", (EMAIL,), None)
    assert json.loads(CarefulFormatter().format(record))["says"] == "bad request from %s"


def test_a_process_has_one_place_where_it_says_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("entrepost.api", "uvicorn.error"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    set_up_logs()
    set_up_logs()
    assert [len(logging.getLogger(name).handlers) for name in ("entrepost.api", "uvicorn.error")] == [1, 1]
    for name in ("entrepost.api", "entrepost.web", "uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).propagate = True
        logging.getLogger(name).handlers.clear()
