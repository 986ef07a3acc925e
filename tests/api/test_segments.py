"""`/v1/segments`: activated, the quotes of the account obey them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from entrepost.service.rule_file import load_rules
from tests.api.world import World
from tests.operations.shop import lamp


def quoted(world: World, key: str = "main", **wanted: Any) -> Any:
    (told,) = world.ask("POST", "/v1/quotes", key, json={"orders": [lamp()], **wanted}).json()["data"]
    return told


def test_activated_quotes_obey_them_until_they_are_ended(planned: World) -> None:
    path = f"/v1/segments/{planned.names['plan']}"
    assert quoted(planned)["service"] == "PACKET"
    active = planned.ask("POST", f"{path}/activate").json()
    assert active["is_active"]
    obeyed = quoted(planned)
    assert obeyed["service"] == "SLOW"
    assert obeyed["explanation"].startswith("By the rule 'everything: by the mail that costs least")
    assert quoted(planned, policy="balanced")["service"] == "PACKET", "who names a policy is asked no rules"
    assert quoted(planned, "other")["service"] == "PACKET"
    assert not planned.ask("POST", f"{path}/deactivate").json()["is_active"]
    assert quoted(planned)["service"] == "PACKET"
    assert planned.ask("POST", f"{path}/deactivate").status_code == 422


def test_they_are_told_rule_by_rule_and_exported_as_a_file_that_choose_obeys(planned: World, tmp_path: Path) -> None:
    path = f"/v1/segments/{planned.names['plan']}"
    told = planned.ask("GET", path).json()
    (rule,) = told["rules"]
    assert (rule["words"], rule["stocked"], rule["cells"], rule["share"]) == ("everything", False, 1, 1.0)
    answer = planned.ask("GET", f"{path}/export")
    assert answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    assert load_rules(tmp_path / "rules.toml")[0][0].services == ("PACKET", "SLOW")
    listed = planned.ask("GET", "/v1/segments").json()["data"]
    assert planned.names["plan"] in [each["segments"] for each in listed]


def test_another_account_can_neither_see_nor_activate_them(planned: World) -> None:
    path = f"/v1/segments/{planned.names['plan']}"
    for method, more in (("GET", ""), ("GET", "/export"), ("POST", "/activate"), ("POST", "/deactivate")):
        assert planned.ask(method, f"{path}{more}", "other").status_code == 404
    assert planned.ask("GET", "/v1/segments", "other").json()["data"] == []
