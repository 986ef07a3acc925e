from __future__ import annotations

from pathlib import Path

from tests.cli.shell import entrepost


def test_a_key_is_made_shown_and_revoked(tmp_path: Path) -> None:
    made = entrepost("access", "key", "shop", "--scope", "orders:read", "--json", folder=tmp_path).facts
    assert made["scopes"] == ["orders:read"]
    shown = entrepost("access", "show", folder=tmp_path)
    assert shown.out.split() == [made["key"], "shop"]
    assert entrepost("access", "revoke", made["key"], folder=tmp_path).code == 0
    assert "(over)" in entrepost("access", "show", folder=tmp_path).out
    assert made["secret"].rpartition(".")[2] not in entrepost("access", "show", "--json", folder=tmp_path).out


def test_somebody_is_invited_by_a_token(tmp_path: Path) -> None:
    answer = entrepost("access", "invite", "anna@example.org", folder=tmp_path)
    assert answer.code == 0
    assert "anna@example.org is invited as admin" in answer.out
    assert "\n  epi." in answer.out
    assert entrepost("access", "show", folder=tmp_path).out == "nobody, and no key\n"


def test_a_scope_or_role_that_is_none_is_1(tmp_path: Path) -> None:
    assert entrepost("access", "key", "shop", "--scope", "all", folder=tmp_path).code == 1
    assert entrepost("access", "invite", "a@b.de", "--role", "owner", folder=tmp_path).code == 1
