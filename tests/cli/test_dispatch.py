"""entrepost dispatch: from an open bag to the flight, at a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from entrepost.network.feed import write_network
from tests.cli.shell import Answer, entrepost
from tests.operations.dispatching.station import NETWORK, SERIES, station
from tests.operations.shop import LAMP_NO, MUG_NO


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The station's store and network in a folder; the lamp and the mug may be loaded."""
    station(tmp_path).close()
    shutil.move(tmp_path / "post.db", tmp_path / "entrepost.db")
    write_network(NETWORK, tmp_path / "network")
    return tmp_path


def dispatch(folder: Path, *words: str) -> Answer:
    return entrepost("dispatch", *words, folder=folder)


def placed(folder: Path, *words: str) -> Answer:
    return dispatch(folder, *words, "--network", "network")


def test_a_bag_is_filled_sealed_closed_given_to_a_flight_and_printed(office: Path) -> None:
    assert (
        placed(office, "open", "cnshaa", "deFRAa", "a", "un", "--tag", "bag 1").out == f"bag 1 is open for {SERIES}\n"
    )
    (office / "items.csv").write_text(f"item_id\n{LAMP_NO}\n{MUG_NO}\n")
    assert dispatch(office, "put", "bag 1", "--from", "items.csv").out == "2 put in, 0 were in it\n"
    assert dispatch(office, "take", "bag 1", MUG_NO).out == "1 taken out\n"
    sealed = placed(office, "seal", "bag 1=12480", "--json").facts
    number = sealed["receptacles"][0]["receptacle_id"]
    assert number.endswith("001000125")
    closed = placed(office, "close", SERIES, "--messages", "told.jsonl")
    assert "is closed: 1 receptacles, 1 items, 12480 g" in closed.out
    told = [json.loads(line)["message"] for line in (office / "told.jsonl").read_text().splitlines()]
    assert told == ["PREDES", "EMSEVT"]
    assert number[:20] in dispatch(office, "list").out
    mended = placed(office, "correct", number[:20], f"{number[:23]}=12000", "--messages", "mended.jsonl")
    assert f"print the label of {number[:23]}100120 in the place of {number[:23]}100125" in mended.out
    assert json.loads((office / "mended.jsonl").read_text())["function"] == "replace"
    assert placed(office, "correct", number[:20], "bag 1").code == 1
    given = placed(office, "consign", number[:20], "--messages", "carrier.jsonl")
    assert given.out.startswith("CNA000000001  ")
    assert placed(office, "documents", number[:20], "--out", "papers").code == 0
    assert placed(office, "documents", "CNA000000001", "--out", "papers").code == 0
    papers = sorted(each.name for each in (office / "papers").iterdir())
    assert papers == ["CNA000000001-delivery.pdf", f"{number[:20]}-bill.pdf", f"{number[:20]}-label.pdf"]
    assert placed(office, "cancel", number[:20]).code == 1
    assert placed(office, "cancel", "CNA000000001").out == "CNA000000001 is cancelled\n"
    assert placed(office, "cancel", number[:20]).out == f"{number[:20]} is cancelled\n"


def test_what_is_refused_is_told_and_the_exit_code_is_3(office: Path) -> None:
    placed(office, "open", "CNSHAA", "DEFRAA", "A", "UN", "--tag", "bag 1")
    odd = dispatch(office, "put", "bag 1", LAMP_NO, "RX000000007CN")
    assert (odd.code, odd.out) == (3, "1 put in, 0 were in it\n")
    assert "content_item_unknown" in odd.err
    assert placed(office, "seal", "bag 2=100").code == 3
    assert placed(office, "seal", "bag 1").code == 1
    assert dispatch(office, "put", "bag 1").code == 1
    assert dispatch(office, "put", "bag 9", LAMP_NO).code == 1
    assert placed(office, "close", SERIES).code == 1


def test_what_nobody_announced_is_reported_as_found_and_data_that_lack_are_not_lodged(office: Path) -> None:
    came = placed(office, "receive", f"{SERIES}60001001100010=damaged", "--messages", "told.jsonl")
    assert (came.code, "arrival_unannounced" in came.err) == (0, True)
    assert json.loads((office / "told.jsonl").read_text())["message"] == "RESDES"
    lodged = placed(office, "lodge", LAMP_NO)
    assert (lodged.code, lodged.out) == (3, "0 lodged\n")
