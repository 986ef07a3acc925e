from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.network.feed import write_network
from tests.cli.shell import entrepost
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, lost_departure, quiet_office

AT = NOW.isoformat()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with network/, and events in which an office is quiet, and in which a departure is lost."""
    write_network(uncertain_offices(), tmp_path / "network")
    quiet_office().write_parquet(tmp_path / "quiet.parquet")
    lost_departure(0.4)[0].write_parquet(tmp_path / "lost.parquet")
    return tmp_path


def test_what_to_do_is_said_first_with_what_it_saves(folder: Path) -> None:
    answer = entrepost("exceptions", "quiet.parquet", "--network", "network", "--now", AT, folder=folder)
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0].startswith("1 exceptions among 220 items under way; about 0.1 of them")
    assert "Ask Frankfurt (DEFRAA) for the scans since Monday 2 March 16:00" in lines[1]
    assert lines[2].strip().startswith("acting now saves ")


def test_everything_goes_to_files_and_as_much_as_asked_to_the_terminal(folder: Path) -> None:
    command = ("exceptions", "quiet.parquet", "--network", "network", "--now", AT, "--top", "0", "--json")
    answer = entrepost(*command, "--out", "out.csv", folder=folder)
    assert answer.code == 0, answer.err
    assert answer.facts["exceptions"] == []
    assert answer.facts["under_way"] == 220
    written = pl.read_csv(folder / "out.csv")
    assert written["kind"].to_list() == ["partner_quiet"]
    assert pl.read_csv(folder / "out-items.csv").height == written["items"][0]


def test_what_is_inside_what_names_the_dispatch(folder: Path) -> None:
    items = lost_departure(0.4)[1]
    pl.DataFrame({"subject": items, "container": ["CNSHAADEFRAAAUN60041"] * len(items)}).write_csv(folder / "held.csv")
    command = ("exceptions", "lost.parquet", "--network", "network", "--now", AT, "--containment", "held.csv")
    answer = entrepost(*command, "--json", folder=folder)
    assert answer.code == 0, answer.err
    assert answer.facts["exceptions"][0]["subject"] == "CNSHAADEFRAAAUN60041"


def test_findings_are_said_on_standard_error(folder: Path) -> None:
    answer = entrepost("exceptions", "quiet.parquet", "--network", "network", "--now", "2020-01-01", folder=folder)
    assert answer.code == 0
    assert "exceptions_empty" in answer.err
    assert answer.out.startswith("0 exceptions among 0 items")


def test_an_instant_that_cannot_be_read_is_refused(folder: Path) -> None:
    answer = entrepost("exceptions", "quiet.parquet", "--network", "network", "--now", "Tuesday", folder=folder)
    assert answer.code == 1
    assert "--now 'Tuesday' is not an instant" in answer.err


def test_a_store_is_looked_through_too(carried: Path) -> None:
    answer = entrepost(
        "exceptions", "entrepost.db", "--network", "network", "--now", "2026-01-09T12:00Z", "--json", folder=carried
    )
    assert answer.code == 0, answer.err
    assert answer.facts["exceptions"] == []
    refused = entrepost("exceptions", "entrepost.db", "--containment", "x.csv", folder=carried)
    assert (refused.code, "leave the other files out" in refused.err) == (1, True)


def test_columns_of_a_carrier_are_mapped(folder: Path) -> None:
    events = pl.read_parquet(folder / "quiet.parquet")
    names = {"parcel": "item_id", "what": "code", "at": "facility"}
    when = {name: pl.col(name).dt.to_string("iso:strict") for name in ("time", "recorded_at")}
    events.select(**names, **when).write_csv(folder / "carrier.csv")
    (folder / "carrier.toml").write_text(
        '[columns]\nitem_id = "parcel"\ncode = "what"\ntime = "time"\nfacility = "at"\nrecorded_at = "recorded_at"\n'
    )
    common = ("exceptions", "carrier.csv", "--network", "network", "--now", AT, "--json")
    answer = entrepost(*common, "--mapping", "carrier.toml", folder=folder)
    assert answer.code == 0, answer.err
    assert answer.facts["under_way"] > 0, "a carrier does not say by which route; some of it is seen all the same"
    (finding,) = answer.facts["findings"]
    assert "exceptions_route_unknown" in finding
    assert entrepost(*common, "--mapping", "nowhere.toml", folder=folder).code == 1
