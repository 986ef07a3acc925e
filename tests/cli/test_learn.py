from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.experience.satisfaction_file import read_satisfaction
from entrepost.network.feed import write_network
from entrepost.network.load import load_network
from tests.cli.shell import entrepost
from tests.experience.reviews_scene import TRUTH, draw_reviews
from tests.journey.histories import simulate_history, uncertain_offices


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with network/ and the histories of 300 items, as CSV and as Parquet."""
    network = uncertain_offices()
    write_network(network, tmp_path / "network")
    history = simulate_history(network, 300)
    history.write_csv(tmp_path / "events.csv")
    history.write_parquet(tmp_path / "events.parquet")
    return tmp_path


def learn(folder: Path, events: str = "events.csv", *more: str) -> dict[str, object]:
    answer = entrepost("learn", events, "--network", "network", "--out", "learned", *more, "--json", folder=folder)
    assert answer.code == 0, answer.err
    facts: dict[str, object] = answer.facts
    return facts


def test_the_result_is_a_network_folder_that_says_what_stands_behind_it(folder: Path) -> None:
    facts = learn(folder, "events.csv", "--as-of", "2026-05-05")
    assert (facts["items"], facts["steps"], facts["findings"]) == (300, 8, [])
    learned = load_network(folder / "learned")
    assert learned.processing[1].source == "learned 2026-05-05 from 300 observations, 0 under way"
    assert learned.processing[1].hours_p50 != uncertain_offices().processing[1].hours_p50


def test_a_file_says_the_same_in_any_form(folder: Path) -> None:
    learn(folder, "events.csv", "--as-of", "2026-05-05")
    one = load_network(folder / "learned")
    learn(folder, "events.parquet", "--as-of", "2026-05-05")
    assert load_network(folder / "learned") == one


def test_a_day_before_all_events_learns_nothing_and_says_so(folder: Path) -> None:
    facts = learn(folder, "events.csv", "--as-of", "2025-01-01")
    assert "learn_history_empty" in str(facts["findings"])
    assert load_network(folder / "learned") == uncertain_offices()


def test_columns_of_a_carrier_are_mapped(folder: Path) -> None:
    events = pl.read_parquet(folder / "events.parquet")
    other = events.select(parcel="item_id", what="code", when=pl.col("time").dt.to_string("iso:strict"), at="facility")
    other.write_csv(folder / "carrier.csv")
    (folder / "carrier.toml").write_text(
        '[columns]\nitem_id = "parcel"\ncode = "what"\ntime = "when"\nfacility = "at"\n', encoding="utf-8"
    )
    facts = learn(folder, "carrier.csv", "--mapping", "carrier.toml", "--as-of", "2026-05-05")
    assert facts["items"] == 300
    assert "from 300 observations" in load_network(folder / "learned").processing[2].source


def test_journeys_are_taken_from_a_store(carried: Path) -> None:
    facts = learn(carried, "entrepost.db", "--as-of", "2026-06-01")
    assert facts["items"] == 4
    sources = [row.source for row in load_network(carried / "learned").processing]
    assert any("observation" in source for source in sources)


def test_of_a_file_that_has_grown_only_the_news_are_read(folder: Path) -> None:
    """Learned in two parts, the network is the one learned at once, to the last byte."""
    whole = pl.read_parquet(folder / "events.parquet").sort("recorded_at")
    whole.write_csv(folder / "events.csv")
    learn(folder, "events.csv", "--as-of", "2026-05-05")
    at_once = {path.name: path.read_bytes() for path in (folder / "learned").iterdir()}
    whole.head(1000).write_csv(folder / "growing.csv")
    facts = learn(folder, "growing.csv", "--as-of", "2026-02-20")
    assert (facts["read"], facts["since"]) == (1000, None)
    whole.write_csv(folder / "growing.csv")
    facts = learn(folder, "growing.csv", "--as-of", "2026-05-05")
    assert (facts["read"], facts["since"]) == (whole.height - 1000, "2026-02-20T00:00:00+00:00")
    assert {path.name: path.read_bytes() for path in (folder / "learned").iterdir()} == at_once


def test_an_earlier_day_another_file_and_a_broken_memory_are_read_anew_and_that_is_said(folder: Path) -> None:
    whole = learn(folder, "events.csv", "--as-of", "2026-03-01")
    assert (whole["since"], whole["findings"]) == (None, [])
    learn(folder, "events.csv", "--as-of", "2026-05-05")
    earlier = learn(folder, "events.csv", "--as-of", "2026-03-01")
    assert "learn_kept_unusable" in str(earlier["findings"])
    assert earlier["events"] == whole["events"]
    assert "learn_kept_unusable" in str(learn(folder, "events.parquet", "--as-of", "2026-05-05")["findings"])
    (folder / "learned" / "history.parquet").write_bytes(b"nonsense")
    assert "learn_kept_unusable" in str(learn(folder, "events.parquet", "--as-of", "2026-05-05")["findings"])
    assert learn(folder, "events.parquet", "--as-of", "2026-05-05")["since"] is not None


def test_of_a_store_without_news_nothing_is_read_again(carried: Path) -> None:
    first = learn(carried, "entrepost.db", "--as-of", "2026-06-01")
    learned = load_network(carried / "learned")
    second = learn(carried, "entrepost.db", "--as-of", "2026-06-01")
    assert (first["since"], second["since"]) == (None, "2026-06-01T00:00:00+00:00")
    assert second["read"] == second["items"]
    assert second["read"] < first["read"]
    assert load_network(carried / "learned") == learned


BAD = {
    "backward": (pl.col("code") == "EXA", {"time": pl.col("time") - pl.duration(hours=20)}, "learn_clock_backward"),
    "early": (pl.col("code") == "EMA", {"time": pl.col("placed_at") - pl.duration(hours=2)}, "learn_before_acceptance"),
    "places": (pl.col("facility") == "DEFRAA", {"facility": pl.lit("XXXXXX")}, "learn_place_unknown"),
    "codes": (pl.col("code") == "EXA", {"code": pl.lit("QQQ")}, "learn_code_unknown"),
}


@pytest.mark.parametrize("kind", [*BAD, "doubled", "one item", "empty"])
def test_bad_histories_give_findings_and_a_network(folder: Path, kind: str) -> None:
    events = pl.read_parquet(folder / "events.parquet")
    if kind in BAD:
        where, cells, code = BAD[kind]
        changed = [pl.when(where).then(value).otherwise(pl.col(name)).alias(name) for name, value in cells.items()]
        events = events.with_columns(changed)
    elif kind == "doubled":
        events, code = pl.concat([events, events]), "learn_repeated"
    elif kind == "one item":
        events, code = events.filter(pl.col("order_id") == "x0"), "learn_steps_sparse"
    else:
        events, code = events.head(0), "learn_history_empty"
    events.write_csv(folder / "bad.csv")
    facts = learn(folder, "bad.csv", "--as-of", "2026-05-05")
    assert code in str(facts["findings"])
    learned = load_network(folder / "learned")
    if kind == "empty":
        assert learned == uncertain_offices()
    if kind == "one item":
        sources = {row.source for row in learned.processing}
        assert sources == {"learned 2026-05-05 from 1 observation, 0 under way, drawn to what was said before"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("events.txt",), "events can be"),
        (("nothing.csv",), "nothing.csv"),
        (("events.csv", "--as-of", "soon"), "not a date"),
    ],
)
def test_what_cannot_be_is_told(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    answer = entrepost("learn", *arguments, "--network", "network", "--out", "learned", folder=folder)
    assert answer.code == 1
    assert said in answer.err


def test_reviews_are_learned_alone_or_beside_events(folder: Path) -> None:
    reviews = draw_reviews(TRUTH, 300, seed=1)
    reviews.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z")).write_csv(folder / "reviews.csv")
    facts = learn(folder, "--reviews=reviews.csv")
    assert facts["reviews"] == {"used": 300, "findings": 0}
    assert load_network(folder / "learned") == uncertain_offices()
    assert read_satisfaction(folder / "learned" / "satisfaction.toml").evidence.reviews == 300
    both = learn(folder, "events.csv", "--reviews", "reviews.csv", "--as-of", "2026-05-05")
    assert (both["items"], both["reviews"]) == (300, facts["reviews"])


def test_nothing_to_learn_from_is_told(folder: Path) -> None:
    answer = entrepost("learn", "--network", "network", "--out", "learned", folder=folder)
    assert (answer.code, "nothing to learn from" in answer.err) == (1, True)
