"""Arrivals: forecasts of real orders, rolled week by week, beside every baseline fitted anew in the same run.

``python -m benchmarks.eta --data DIR --split DATE --until DATE [--json] [--predictions FILE]``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from benchmarks.eta_baselines import BASELINES, fit_baseline
from benchmarks.eta_files import find_end, read_histories
from benchmarks.eta_roll import STAGES, list_made, ours, roll
from benchmarks.eta_scores import DIFFERENCES, METRICS, Losses, differ, score

OURS = "ours"
DIGITS = 6
COLUMNS = ("forecaster", "order_id", "stage", "mean_days", "p10", "p50", "p90")
EXPLAINED = (
    "\nmetrics: days from the purchase, weighted for what the end of the data hides",
    "certain: P50 + P90 pinball of every order, of those not delivered what is certain",
    "kept: the share that came by its P90, of those whose P90 has passed; not delivered is not kept",
    "in brackets: 95 %, weeks drawn again",
)
Scored = dict[str, dict[str, Losses]]
"""The losses of each forecaster and stage."""


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    options = _parser().parse_args(arguments)
    stream = sys.stderr if options.json else sys.stdout

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    begin = perf_counter()
    histories = read_histories(options.data)
    made = list_made(histories, options.split, options.until)
    if made.is_empty():
        say(f"no order was placed from {options.split} to {options.until}")
        return 1
    forecasts = run(histories, made, options.country, say)
    if options.predictions:
        list_predictions(forecasts).write_csv(options.predictions)
    scored = score_all(forecasts, histories)
    for line in describe(scored):
        say(line)
    say(f"{perf_counter() - begin:.0f} s")
    if options.json:
        print(json.dumps(to_dict(scored)))
    return 0


def run(histories: pl.DataFrame, made: pl.DataFrame, country: str, say: Callable[[str], None]) -> pl.DataFrame:
    """The forecasts of all forecasters, `monday` and `made_at` beside them."""
    fits = {OURS: ours(country, say)} | {name: fit_baseline(forecast) for name, forecast in BASELINES.items()}
    parts = [part.select(*COLUMNS) for part in roll(histories, made, fits)]
    return pl.concat(parts).join(made, on=["order_id", "stage"], how="left", maintain_order="left")


def list_predictions(forecasts: pl.DataFrame) -> pl.DataFrame:
    """Ours, in the form in which they are evaluated elsewhere; days are counted from the purchase."""
    mine = forecasts.filter(pl.col("forecaster") == OURS).sort("made_at", "order_id", "stage")
    made_at = pl.col("made_at").dt.to_string("%Y-%m-%d %H:%M:%S")
    return mine.select("order_id", "stage", made_at, pl.col("mean_days", "p10", "p50", "p90").round(DIGITS))


def score_all(forecasts: pl.DataFrame, histories: pl.DataFrame) -> Scored:
    """The losses of each forecaster at each stage."""
    end = find_end(histories)
    groups = forecasts.partition_by("forecaster", "stage", as_dict=True, maintain_order=True)
    scored: Scored = {}
    for (name, stage), group in groups.items():
        scored.setdefault(str(name), {})[str(stage)] = score(group, histories, end)
    return scored


def to_dict(scored: Scored) -> dict[str, object]:
    """What `--json` prints; a baseline has its metrics at purchase, and beside them those of each stage."""
    found = {
        name: {
            stage: {key: float(f"{value:.{DIGITS}g}") for key, value in losses.metrics().items()}
            for stage, losses in stages.items()
        }
        for name, stages in scored.items()
    }
    baselines = {name: {**stages.get("purchase", {}), **stages} for name, stages in found.items() if name != OURS}
    return {"ours": found[OURS], "baselines": baselines}


def describe(scored: Scored) -> Iterator[str]:
    """A table a stage: the metrics, then what is certain, then ours minus each baseline with its interval."""
    for stage in (stage for stage in STAGES if stage in scored[OURS]):
        own = scored[OURS][stage]
        missing = int((own.weight == 0).sum())
        yield f"\n{stage}: {own.weight.size} forecasts, {missing} not delivered by the end of the data"
        yield f"  {'':30}" + "".join(f"{name:>14}" for name in (*METRICS, "certain", "kept"))
        for name, stages in scored.items():
            losses = stages[stage]
            figures = [*losses.metrics().values(), losses.certain.mean(), np.nanmean(losses.kept)]
            yield f"  {name:30}" + "".join(f"{figure:14.3f}" for figure in figures)
        yield f"  ours minus{'':20}" + "".join(f"{name:>26}" for name in DIFFERENCES)
        for name in scored:
            if name != OURS:
                yield f"  {name:30}" + "".join(_difference(own, scored[name][stage], key) for key in DIFFERENCES)
    yield from EXPLAINED


def _difference(own: Losses, other: Losses, name: str) -> str:
    found = differ(own, other, name)
    return f"{found.value:8.3f} ({found.low:6.3f}, {found.high:6.3f})".rjust(26)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eta", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder with orders.csv.gz and what belongs to it")
    parser.add_argument("--split", type=date.fromisoformat, required=True, help="the first day of purchases")
    parser.add_argument("--until", type=date.fromisoformat, required=True, help="the last day of purchases")
    parser.add_argument("--country", default="BR", help="whose days off count")
    parser.add_argument("--predictions", type=Path, help="a file for our forecasts, CSV")
    parser.add_argument(
        "--json", action="store_true", help="one object on standard output, the tables on standard error"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
