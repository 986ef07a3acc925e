"""entrepost exchange: two operators write to each other over a folder, from the first table to the last receipt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.mail.partner import Channel, Direction
from entrepost.messages import plain
from entrepost.messages.itmatt import Itmatt
from entrepost.tables.partners import write_partners
from tests.cli.shell import Answer, entrepost
from tests.messages.advance import LAMP
from tests.operations.exchanging.world import FIRST, PARTNERS

WAYS: tuple[Direction, ...] = ("in", "out")


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """CNA and DEA, each with its own store; what goes out of one comes in at the other."""
    for own, other, place in (("CNA", "DEA", "b a"), ("DEA", "CNA", "a b")):
        table = replace(
            PARTNERS,
            operators=tuple(replace(each, own=each.operator == own) for each in PARTNERS.operators),
            addresses=tuple(replace(each, place="" if each.operator == own else place) for each in PARTNERS.addresses),
            channels=tuple(Channel(other, way, "*", FIRST, syntax="json") for way in WAYS),
        )
        write_partners(table, tmp_path / own / "partners")
    monkeypatch.setenv("ENTREPOST_EXCHANGE_FOLDER", str(tmp_path / "mail"))
    return tmp_path / "CNA", tmp_path / "DEA"


def exchange(folder: Path, *words: str) -> Answer:
    return entrepost("exchange", *words, folder=folder)


def test_two_operators_exchange_advance_data_over_a_folder(offices: tuple[Path, Path]) -> None:
    here, there = offices
    assert "to   DEA  *  json over folder, live" in exchange(here, "partners", "partners").out
    assert exchange(there, "partners", "partners").code == 0
    assert exchange(here, "partners").out == exchange(here, "partners", "partners").out
    bad = plain.to_plain(Itmatt(LAMP)) | {"item_id": "LX000000014US"}
    lines = [json.dumps(each, default=str) for each in (plain.to_plain(Itmatt(LAMP)), bad)]
    (here / "data.jsonl").write_text("\n".join(lines))
    queued = exchange(here, "send", "data.jsonl", "--to", "DEFRAA", "--json").facts
    assert queued["sent"][0]["reference"] == "00000001"
    assert exchange(here, "run", "--json").facts["interchanges out"] == 1
    ran = exchange(there, "run")
    assert (ran.code, "         1 messages applied" in ran.out) == (3, True)
    assert exchange(here, "run", "--json").facts["receipts in"] == 1
    assert "out DEA      ITMATT   refused              1" in exchange(here, "status").out
    assert "was not issued by CNA" in exchange(here, "dead").out
    assert exchange(there, "dead", "--json").facts["came"][0]["document"] == "LX000000014US"


def test_a_refused_message_is_mended_and_replayed(offices: tuple[Path, Path]) -> None:
    here, there = offices
    exchange(here, "partners", "partners")
    exchange(there, "partners", "partners")
    bad = plain.to_plain(Itmatt(LAMP)) | {"item_id": "LX000000014US"}
    (here / "data.jsonl").write_text(json.dumps(bad))
    exchange(here, "send", "data.jsonl", "--to", "DEFRAA")
    exchange(here, "run")
    exchange(there, "run")
    (name,) = [each["entry"] for each in exchange(there, "dead", "--json").facts["came"]]
    assert exchange(there, "replay", name).code == 3
    (there / "mended.json").write_bytes(plain.write(Itmatt(LAMP)))
    mended = exchange(there, "replay", name, "--mended", "mended.json")
    assert (mended.code, mended.out) == (0, f"{name}  applied\n")
    exchange(there, "run")
    exchange(here, "run")
    assert "out DEA      ITMATT   accepted             1" in exchange(here, "status").out
    assert exchange(there, "dead").out == "nothing is dead\n"


def test_what_has_no_channel_or_no_partner_is_said(offices: tuple[Path, Path]) -> None:
    here, _ = offices
    assert exchange(here, "partners", "partners").code == 0
    (here / "data.jsonl").write_text(json.dumps(plain.to_plain(Itmatt(LAMP))))
    lost = exchange(here, "send", "data.jsonl", "--to", "FRCDGA")
    assert (lost.code, "exchange_unrouted" in lost.err, lost.out) == (3, True, "nothing queued\n")
    assert exchange(here, "status").out == "nothing was exchanged yet\n"
    (here / "partners" / "operators.csv").write_text("operator,name,countries,time_zone,own\n")
    broken = exchange(here, "partners", "partners")
    assert (broken.code, "partner_own" in broken.err) == (3, True)
    assert exchange(here, "run").code == 0, "what was loaded before still holds"
