"""How time and memory of facility location grow with the regions: the first generated family, 200 sites.

``python -m benchmarks.facility_growth --generator FILE [--regions N ...] [--csv FILE] [--picture FILE.svg]``.
Each size is solved in a process of its own, compiled before, to 0.1 % or for 120 s. Seconds are of processor time,
so that other work on the machine counts little.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path
from time import process_time

import altair as alt
import polars as pl

from benchmarks.facility import warm_up
from benchmarks.facility_families import load_generator
from benchmarks.facility_results import Figure, figure, write_figures
from benchmarks.report import peak_memory_mb
from entrepost.documents.theme import Picture, colour, finish, named
from entrepost.planning.facility import FacilityProblem, LocateParams, Location, Progress, locate

SITES, SEED, FIXED = 200, 1, 0.1
REGIONS = (2_000, 5_000, 10_000, 20_000, 50_000)
GAPS, SECONDS = (0.02, 0.001), 120.0
LARGEST, MUST_SECONDS = 50_000, 120.0
WORK = "facility location, growth with the regions, 200 sites, fixed x0.1"


def main() -> int:
    """Measure each size, write the file and the picture that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facility_growth", description=__doc__)
    parser.add_argument("--generator", type=Path, required=True, help="the published generator")
    parser.add_argument("--regions", type=int, nargs="*", default=REGIONS)
    parser.add_argument("--csv", type=Path, help="write the figures to this file")
    parser.add_argument("--picture", type=Path, help="draw the figures of the file into this one")
    parser.add_argument("--one", action="store_true", help="measure the first size in this process")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.generator, options.regions[0])))
        return 0
    figures: list[Figure] = []
    for regions in options.regions:
        row = measure_apart(options.generator, regions)
        print(f"{regions:7,} regions: " + ", ".join(f"{name} {value:.4g}" for name, value in row.items()), flush=True)
        figures += describe(regions, row)
    if options.csv and figures:
        write_figures(options.csv, WORK, figures)
    if options.picture and options.csv:
        options.picture.write_text(to_svg(draw(read(options.csv))), encoding="utf-8")
    return 0


def measure_apart(generator: Path, regions: int) -> dict[str, float]:
    """Measure one size in a process that holds nothing else."""
    command = [sys.executable, "-m", "benchmarks.facility_growth", "--one", "--generator", str(generator)]
    answer = subprocess.run([*command, "--regions", str(regions)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def measure(generator: Path, regions: int) -> dict[str, float]:
    """Seconds until each gap was proved, the gap at the end, and the most memory held."""
    warm_up()
    opening, held, demand, cost = load_generator(generator)(SITES, regions, SEED, FIXED, 1.0)
    problem = FacilityProblem(cost, opening, demand, held)
    reached: dict[float, float] = {}
    begin = process_time()

    def watch(now: Progress | Location) -> None:
        for gap in GAPS:
            if now.gap <= gap:
                reached.setdefault(gap, process_time() - begin)
        if process_time() - begin > SECONDS and isinstance(now, Progress):
            raise KeyboardInterrupt

    found = locate(problem, LocateParams(GAPS[-1]), watch)
    watch(found)
    row = {f"seconds to {gap:.1%}": reached.get(gap, float("inf")) for gap in GAPS}
    return {**row, "gap": found.gap, "memory_mb": peak_memory_mb()}


def describe(regions: int, row: dict[str, float]) -> list[Figure]:
    """Rows of the file for one size."""
    must = MUST_SECONDS if regions == LARGEST else None
    units = {"gap": "", "memory_mb": "MB"}
    return [
        figure(
            f"{regions} regions, {name}", value, units.get(name, "s"), must if name.startswith("seconds to 2") else None
        )
        for name, value in row.items()
    ]


def read(path: Path) -> pl.DataFrame:
    """Regions, measure and value of each row of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        parts = [(*row["measure"].split(" regions, "), float(row["value"])) for row in csv.DictReader(file)]
    columns = {"regions": pl.Int64, "measure": pl.String, "value": pl.Float64}
    rows = [(int(regions), name, value) for regions, name, value in parts]
    return pl.DataFrame(rows, columns, orient="row").filter(pl.col("value").is_finite())


def to_svg(picture: Picture) -> str:
    """The picture by itself, as an SVG file."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg({**picture.to_dict(), "width": 640, "background": "white"})
    return svg


def draw(rows: pl.DataFrame) -> Picture:
    """Seconds and memory by regions, on scales in which a straight line is a power."""
    names = {f"seconds to {gap:.1%}": f"Seconds to {gap:.1%}" for gap in GAPS} | {"memory_mb": "Memory, MB"}
    frame = rows.filter(pl.col("measure").is_in(list(names))).with_columns(pl.col("measure").replace_strict(names))
    scale = alt.Scale(domain=list(names.values()), range=[colour("muted"), colour("blue"), colour("orange")])
    powers = alt.Axis(values=[0.1, 1, 10, 100, 1000], format="~g")
    base = named("rows").encode(
        x=alt.X("regions:Q", title="Regions", scale=alt.Scale(type="log"), axis=alt.Axis(values=list(REGIONS))),
        y=alt.Y("value:Q", title="Seconds, and MB", scale=alt.Scale(type="log"), axis=powers),
        color=alt.Color("measure:N", title=None, scale=scale),
    )
    lines, first = base.mark_line(strokeWidth=2), alt.datum.measure == next(iter(names.values()))
    text = alt.Text("value:Q", format=".2~r")
    below = base.mark_text(dy=12).encode(text=text).transform_filter(first)
    above = base.mark_text(dy=-10).encode(text=text).transform_filter(~first)
    return finish(alt.layer(lines, base.mark_point(filled=True), below, above), {"rows": frame}, height=320)


if __name__ == "__main__":
    sys.exit(main())
