from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.shell import entrepost


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_orders_of_a_file_get_their_service_and_nothing_is_kept(shop: Path) -> None:
    answer = entrepost("quote", "orders.csv", "--network", "network", folder=shop)
    assert answer.code == 0, answer.err
    chosen = {row["order_id"]: row for row in rows(answer.out)}
    assert {row["service"] for row in chosen.values()} == {"PACKET"}
    assert chosen["o1"]["charge_minor"] == "6100"
    assert chosen["o1"]["wait_hours_p90"] == "82"
    paid = [int(chosen["o1"][f"{name}_minor"]) for name in ("charge", "duty", "tax", "fees")]
    assert int(chosen["o1"]["landed_minor"]) == sum(paid) > 6100
    assert not (shop / "entrepost.db").exists()


def test_every_service_is_told_with_its_reason(shop: Path) -> None:
    answer = entrepost("quote", "orders.csv", "--network", "network", "--all", "--json", folder=shop)
    quotes = [json.loads(line) for line in answer.out.splitlines()]
    refused = [row for row in quotes if not row["eligible"]]
    assert {row["service"] for row in refused} == {"LOCAL"}
    assert all(row["reason"] for row in refused)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_orders_come_through_a_pipe(shop: Path, form: str) -> None:
    lines = (shop / "orders.csv").read_text()
    given = (
        lines if form == "csv" else "\n".join(json.dumps({k: v for k, v in row.items() if v}) for row in rows(lines))
    )
    answer = entrepost("quote", "-", "--network", "network", folder=shop, given=given)
    assert answer.code == 0, answer.err
    assert len(rows(answer.out)) == 4


def test_a_bad_row_of_a_file_is_told_and_the_others_are_quoted(shop: Path) -> None:
    path = shop / "orders.csv"
    path.write_text(path.read_text().replace(",DE,", ",XX,", 1))
    answer = entrepost("quote", "orders.csv", "--network", "network", folder=shop)
    assert answer.code == 3
    assert len(rows(answer.out)) == 3
    assert "orders.csv:2: " in answer.err


def test_promises_of_the_store_are_given_once(shop: Path) -> None:
    entrepost("intake", "orders.csv", "--network", "network", folder=shop)
    first = entrepost("quote", "--network", "network", "--json", folder=shop)
    again = entrepost("quote", "--network", "network", "--json", folder=shop)
    assert first.facts == {"orders": 4, "promised": 4, "unserved": 0, "items": 4}
    assert again.facts == {"orders": 0, "promised": 0, "unserved": 0, "items": 0}


@pytest.mark.parametrize("policy", ["cheapest", "no-such.toml"])
def test_an_unknown_policy_is_refused(shop: Path, policy: str) -> None:
    answer = entrepost("quote", "orders.csv", "--network", "network", "--policy", policy, folder=shop)
    assert answer.code == 1
    assert policy in answer.err
