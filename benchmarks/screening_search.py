"""Search of the lists: recall of planted variants at false alarms among ordinary names, and names a second.

The peer is rapidfuzz as its documentation recommends for many against many: `process.cdist` over the whole list, all
names brought into plain lower-case letters first, which is not timed. Each side is given the threshold at which it has
the same share of false alarms. Before anything is timed our index must find, with equal scores, nearly all of what our
own scorer finds in a scan of the whole list.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.comparison import Say, load_peer, require_equal
from benchmarks.name_variants import CHANGES
from benchmarks.ordinary_names import draw_names
from entrepost.customs.names.index import NameIndex, index_names
from entrepost.customs.names.search import scan_names, search_names
from entrepost.customs.screening import HOLDS
from entrepost.reference.sanctions import Listed
from entrepost.reference.sanctions_ofac import read_ofac
from entrepost.reference.sanctions_un import read_un

ORDINARY, PLANTED, SCANNED, SPEED = 4_000, 600, 40, 10_000
TINY = (200, 20, 3, 300)
SEED = 7
ALARMS = (5.0, 10.0, 20.0)
"""False alarms per 1,000 ordinary names at which recalls are compared."""
MUST_SPEED = 10_000.0
MUST_FIND = 0.95
"""Of what a scan finds: the index looks only at names that share enough words."""
LEAST = 50.0
Figures = NDArray[np.float64]


def search_lists(folder: Path, tiny: bool, say: Say) -> dict[str, Any]:
    """Measure recall, false alarms and speed on the lists of a folder."""
    ordinary_count, planted_count, scanned, speed = TINY if tiny else (ORDINARY, PLANTED, SCANNED, SPEED)
    entries = read_lists(folder)
    names = [(place, name.name) for place, entry in enumerate(entries) for name in entry.names]
    owners = np.array([place for place, _ in names])
    index = index_names([name for _, name in names])
    say(f"{len(entries):,} entries with {index.size:,} names")
    ordinary = draw_names(ordinary_count, SEED)
    share = check_index(index, [*draw_names(scanned // 2, SEED + 1), *_sample(names, scanned // 2)])
    say(f"  the index finds {share:.1%} of what a scan of every name finds, with the same scores")
    found: dict[str, Any] = {"entries": len(entries), "names": index.size, "found_of_scan": round(share, 4)}
    planted = plant(entries, planted_count)
    found["recall"] = compare_recall(index, owners, ordinary, planted, say)
    found["speed"] = time_search(index, [name for _, name in names], draw_names(speed, SEED + 2), say)
    return found


def read_lists(folder: Path) -> list[Listed]:
    """The entries of both lists."""
    ofac, _ = read_ofac([folder / f"ofac_{part}.csv.gz" for part in ("sdn", "alt", "add")])
    un, _ = read_un(folder / "un_consolidated.xml.gz")
    return [*ofac, *un]


def _sample(names: list[tuple[int, str]], count: int) -> list[str]:
    return [name for _, name in random.Random(SEED).sample(names, count)]


def check_index(index: NameIndex, names: list[str]) -> float:
    """The share that our index finds of what a scan of every name finds above the score that holds an item.

    What it finds must have the scan's very score, and nothing may be found that the scan does not.
    """
    scores = scan_names(index, names)
    scanned = set(zip(*(part.tolist() for part in np.nonzero(scores >= HOLDS)), strict=True))
    found = search_names(index, names, HOLDS)
    rows = list(found.iter_rows())
    require_equal(all(scores[asked, place] == score for asked, place, score in rows), "a scan has other scores")
    share = len(rows) / max(1, len(scanned))
    require_equal(share >= MUST_FIND, f"the index finds {share:.1%} of what a scan finds")
    return share


def plant(entries: list[Listed], count: int) -> dict[str, list[tuple[int, str]]]:
    """Variants of the main names of people with two parts or more: for each kind of change, entry and name."""
    chance = random.Random(SEED)
    people = [
        place for place, each in enumerate(entries) if each.kind == "person" and len(each.names[0].name.split()) > 1
    ]
    chosen = chance.sample(people, min(count, len(people)))
    planted: dict[str, list[tuple[int, str]]] = {}
    for kind, change in CHANGES.items():
        changed = [
            (place, entries[place].names[0].name, change(entries[place].names[0].name, chance)) for place in chosen
        ]
        planted[kind] = [(place, new) for place, old, new in changed if new != old]
    return planted


def compare_recall(
    index: NameIndex, owners: Any, ordinary: list[str], planted: dict[str, list[tuple[int, str]]], say: Say
) -> dict[str, Any]:
    """The recall of each kind of change, ours and the peer's, at equal shares of false alarms."""
    asked = [*ordinary, *(name for each in planted.values() for _, name in each)]
    meant = np.array([-1] * len(ordinary) + [place for each in planted.values() for place, _ in each])
    sides = {"ours": _our_best(index, owners, asked, meant), "rapidfuzz": _peer_best(index, owners, asked, meant)}
    rows: dict[str, Any] = {}
    for alarms in ALARMS:
        row: dict[str, Any] = {}
        for who, (highest, of_meant) in sides.items():
            threshold = np.quantile(highest[: len(ordinary)], 1 - alarms / 1000, method="higher") + 1e-9
            row[who] = {"threshold": round(float(threshold), 2)} | _recalls(
                planted, of_meant[len(ordinary) :], threshold
            )
        rows[f"{alarms:g}"] = row
        for who, figures in row.items():
            say(
                f"  {alarms:4g} false alarms per 1,000: {who:10} "
                + "  ".join(f"{k} {v:.3g}" for k, v in figures.items())
            )
    at_hold = float((sides["ours"][0][: len(ordinary)] >= HOLDS).mean() * 1000)
    held = _recalls(planted, sides["ours"][1][len(ordinary) :], HOLDS)
    say(
        f"  at score {HOLDS:g}: {at_hold:.1f} false alarms per 1,000; "
        + "  ".join(f"{k} {v:.3f}" for k, v in held.items())
    )
    return {"at_alarms": rows, "at_hold": {"score": HOLDS, "false_alarms_per_1000": round(at_hold, 2), **held}}


def _recalls(planted: dict[str, list[tuple[int, str]]], scores: Figures, threshold: float) -> dict[str, float]:
    found, place = {}, 0
    for kind, names in planted.items():
        found[kind] = round(float((scores[place : place + len(names)] >= threshold).mean()), 4)
        place += len(names)
    return found | {"all": round(float((scores >= threshold).mean()), 4)}


def _our_best(index: NameIndex, owners: Any, asked: list[str], meant: Any) -> tuple[Figures, Figures]:
    """The highest score of each name asked for with anybody, and with whom it means."""
    found = search_names(index, asked, LEAST)
    highest, of_meant = np.zeros(len(asked)), np.zeros(len(asked))
    places, scores = found["asked"].to_numpy(), found["score"].to_numpy()
    np.maximum.at(highest, places, scores)
    right = owners[found["found"].to_numpy()] == meant[places]
    np.maximum.at(of_meant, places[right], scores[right])
    return highest, of_meant


def _peer_best(index: NameIndex, owners: Any, asked: list[str], meant: Any) -> tuple[Figures, Figures]:
    fuzz = load_peer("rapidfuzz.fuzz")
    listed = _plain(_listed(index))
    highest, of_meant = np.zeros(len(asked)), np.zeros(len(asked))
    for first in range(0, len(asked), 500):
        scores = _cdist(_plain(asked[first : first + 500]), listed, fuzz.token_sort_ratio)
        highest[first : first + 500] = scores.max(axis=1)
        own = owners[None, :] == meant[first : first + 500, None]
        of_meant[first : first + 500] = np.where(own, scores, 0).max(axis=1)
    return highest, of_meant


def _listed(index: NameIndex) -> list[str]:
    return list(index.names)


def _plain(names: list[str]) -> list[str]:
    from entrepost.customs.names.fold import to_latin

    process = load_peer("rapidfuzz.utils").default_process
    return [process(to_latin(name)) for name in names]


def _cdist(asked: list[str], listed: list[str], scorer: Callable[..., float], cutoff: float = 0.0) -> Any:
    process = load_peer("rapidfuzz.process")
    return process.cdist(asked, listed, scorer=scorer, workers=os.cpu_count(), score_cutoff=cutoff, dtype=np.float32)


def time_search(index: NameIndex, listed: list[str], asked: list[str], say: Say) -> dict[str, float]:
    """Names a second, ours and the peer's (which is given a tenth of the names), on all processors."""
    fuzz = load_peer("rapidfuzz.fuzz")
    search_names(index, asked[:100], HOLDS)
    begin = perf_counter()
    search_names(index, asked, HOLDS)
    ours = len(asked) / (perf_counter() - begin)
    few, plain = _plain(asked[: len(asked) // 10]), _plain(listed)
    begin = perf_counter()
    _cdist(few, plain, fuzz.token_sort_ratio, HOLDS)
    peer = len(few) / (perf_counter() - begin)
    kept = "kept" if ours >= MUST_SPEED else "MISSED"
    say(f"  {ours:,.0f} names a second, must {MUST_SPEED:,.0f}: {kept}; rapidfuzz cdist {peer:,.0f}")
    return {"ours_names_per_s": round(ours), "peer_names_per_s": round(peer), "ratio": round(ours / peer, 2)}
