"""The folder of a plan: its facts and frames, the network with its warehouses filled, and the rules to obey."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from entrepost.network.network import Network
    from entrepost.planning.plan_report import PlanReport
    from entrepost.planning.plan_segments import PlanSegments
    from entrepost.planning.planner.result import Plan


def write_plan(
    found: Plan,
    front: pl.DataFrame | None,
    rules: PlanSegments | None,
    facts: dict[str, Any],
    out: Path,
    today: Network | None = None,
) -> None:
    """Write a plan as its rules serve it; without rules cell by cell. With `today`, what it has beyond that too."""
    from entrepost.network.feed import write_network
    from entrepost.operations.opened import write_opened
    from entrepost.planning.planner.export import format_plan_rules, open_planned

    out.mkdir(parents=True, exist_ok=True)
    (out / "plan.json").write_text(json.dumps(facts, indent=2, default=_plain) + "\n", encoding="utf-8")
    if front is not None:
        front.write_csv(out / "pareto.csv")
    if found.planned is None:
        return
    served = rules.ruled if rules else found
    for name in ("cells", "warehouses", "replenishment", "stock"):
        getattr(served, name).write_csv(out / f"{name}.csv")
    planned = open_planned(served)
    write_network(planned, out / "network")
    if today is not None:
        write_opened(today, planned, out)
    for old in out.glob("facts-*.csv"):
        old.unlink()
    if rules is None:
        (out / "rules.toml").write_text(format_plan_rules(found), encoding="utf-8")
        return
    rules.frame().write_csv(out / "segments.csv")
    written = rules.rules()
    (out / "rules.toml").write_text(written.text, encoding="utf-8")
    for name, frame in written.files.items():
        frame.write_csv(out / name)


def write_pages(report: PlanReport, page: Path | None, pdf: Path | None) -> dict[str, Path]:
    """Write a plan's report as HTML and as PDF, as far as asked for; what was written where."""
    from entrepost.planning.plan_reporting.page import print_plan_report, render_plan_report

    written = {}
    if page is not None:
        page.write_text(render_plan_report(report), encoding="utf-8")
        written["report"] = page
    if pdf is not None:
        pdf.write_bytes(print_plan_report(report))
        written["pdf"] = pdf
    return written


def _plain(value: Any) -> Any:
    """Frames as lists of rows, all else as text."""
    return value.to_dicts() if hasattr(value, "to_dicts") else str(value)
