"""The first page: what is under way, what needs somebody, where items go, how long customers wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
from babel import Locale
from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from entrepost.documents.table import Column, Table
from entrepost.operations.exchange_needs import find_needs
from entrepost.operations.message_desk import READ
from entrepost.operations.opened import places_of
from entrepost.operations.rates import look_at_rates, say_age
from entrepost.operations.summary import LATELY, LATEST_DAYS, WEEKS, Summary, sum_up
from entrepost.operations.tally import Tally
from entrepost.web.desk import Desk
from entrepost.web.exchange_shown import list_needs
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Drawing, Listing, heads
from entrepost.web.reply import PageRoute
from entrepost.web.shelf import address_of
from entrepost.web.visit import Visit, visit_with
from entrepost.web.voyage import say_status, tone_of

if TYPE_CHECKING:
    from entrepost.network.network import Network

ROOM = Room("overview", "Overview", "/", "items:read")
router = APIRouter(include_in_schema=False, route_class=PageRoute)

FLOWS_MAX = 60
"""So many flows are drawn, the largest; the table has all countries."""

PROMISED = 0.9
"""The probability for which a day is promised."""

COUNTRIES = (
    *(
        Column("place", "Country"),
        Column("under_way", "Under way", "count"),
        Column("items", "Arrived lately", "count"),
    ),
    *(Column("wait_days", "Mean wait, days", "days"), Column("share", "Promise kept", "share")),
)
WEEKLY = (
    *(Column("monday", "Week of"), Column("items", "Items", "count"), Column("wait_days", "Mean wait, days", "days")),
    Column("share", "Promise kept", "share"),
)


@router.get(ROOM.path)
def show(visit: Annotated[Visit, Depends(visit_with(ROOM.scope))]) -> HTMLResponse:
    """The page."""
    tally, now = visit.desk.counter.look(), visit.store.clock.now()
    if visit.desk.boards is not None:
        visit.desk.boards.begin(visit.tenant)
    notices = say_age(look_at_rates(visit.desk.network(), now.date()))
    exchange = _exchange(visit)
    if tally is None:
        told: dict[str, Any] = {"tally": None, "pictures": False, "notices": notices, **exchange}
        return visit.page("overview.html.j2", ROOM.title, ROOM.name, **told)
    summary = sum_up(tally, visit.tenant, now)
    most = max(summary.statuses["items"].to_list(), default=0)
    told = {
        "totals": summary.totals,
        "stages": [
            (status, say_status(status), tone_of(status), items, round(120 * items / max(most, 1), 1))
            for status, items in summary.statuses.iter_rows()
        ],
        "needs": _needs(summary),
        "drawings": _draw(visit.desk, visit.tenant, tally, summary),
        "has_any": summary.totals["under_way"] > 0
        or summary.weeks["items"].sum() > 0
        or tally.of(visit.tenant).height > 0,
        "is_old": (now.date() - summary.totals["until"]).days > 7,
        "lately": LATELY,
        "latest_days": LATEST_DAYS,
        "notices": notices,
    }
    return visit.page("overview.html.j2", ROOM.title, ROOM.name, tally=tally, pictures=True, **exchange, **told)


def _exchange(visit: Visit) -> dict[str, Any]:
    """What the exchange with partners needs of somebody, for who may see it; `is_counting`: not all is known yet."""
    needs = find_needs(visit.store, visit.tenant) if visit.caller.may(READ) else None
    if needs is None:
        return {"exchange": None}
    open_lists = visit.desk.open_lists(visit.tenant)
    listed = list_needs(needs, open_lists, visit.store.clock.now())
    return {"exchange": listed, "is_counting": open_lists is None}


def _needs(summary: Summary) -> Listing:
    rows = tuple(
        (
            Cell(
                say_status(row["status"]),
                f"/items?status={row['status']}",
                tone_of(row["status"]),
                note=row["reason"].replace("_", " ").lower() or "no reason told",
            ),
            row["actor"] or "the operator",
            f"{row['items']:,}",
        )
        for row in summary.needs.head(8).iter_rows(named=True)
    )
    caption = "Items that wait for somebody"
    return Listing("needs", caption, heads("Status", "Who", "Items", numbers="..n"), rows, "Nothing waits.")


def _draw(desk: Desk, tenant: str, tally: Tally, summary: Summary) -> dict[str, Drawing]:
    """The pictures of an account, drawn once for each count."""
    at, drawings = desk.drawn.get(tenant, (None, {}))
    if at != tally.at:
        drawings = {"map": _map(places_of(desk.store, desk.network(), tenant), summary)} | _weekly(summary)
        desk.drawn[tenant] = (tally.at, drawings)
    return drawings


def _map(network: Network, summary: Summary) -> Drawing:
    from entrepost.documents.map import draw_map

    centres = _centres(network)
    named = summary.countries.with_columns(
        place=pl.Series([_country(code) for code in summary.countries["country"]], dtype=pl.String),
        share=pl.col("kept") / pl.when(pl.col("promised") > 0).then(pl.col("promised")),
    )
    places = named.join(centres, on="country").filter(pl.col("items") > 0)
    starts = pl.DataFrame(
        [(each.facility, each.city, each.latitude, each.longitude) for each in network.facilities],
        schema={
            **dict.fromkeys(("origin", "place"), pl.String),
            **dict.fromkeys(("latitude", "longitude"), pl.Float64),
        },
        orient="row",
    )
    to = centres.rename({"latitude": "to_latitude", "longitude": "to_longitude"})
    flows = (
        summary.flows.with_columns(items=pl.col("items") + pl.col("under_way"))
        .join(starts.rename({"latitude": "from_latitude", "longitude": "from_longitude"}), on="origin")
        .join(to, on="country")
        .with_columns(flow=pl.concat_str("place", pl.lit(" to "), "country"))
        .head(FLOWS_MAX)
    )
    origins = starts.join(summary.flows.select("origin").unique(), on="origin", how="semi")
    spec = draw_map(places, flows, origins).to_dict(validate=False)
    says = f"{places.height} countries on a map, sized by items that arrived and coloured by their mean wait"
    note = f"Circles and waits: what arrived in the last {LATELY} weeks. Lines: that, and what is under way."
    title = "Where items go, and how long customers wait"
    return Drawing("map", title, says, _with_shelf(spec), Table(named, COUNTRIES), note)


def _weekly(summary: Summary) -> dict[str, Drawing]:
    from entrepost.documents.weeks import draw_weekly

    weeks = summary.weeks.with_columns(share=pl.col("kept") / pl.when(pl.col("promised") > 0).then(pl.col("promised")))
    table = Table(weeks, WEEKLY)
    waits = draw_weekly(weeks, "wait_days", "Mean wait, days", ".1f")
    kept = draw_weekly(weeks, "share", "Promises kept", ".0%", PROMISED)
    says = f"of waits that ended in each of the last {WEEKS} weeks"
    return {
        "waits": Drawing(
            "waits", "Mean wait in days, week by week", f"The mean wait {says}", waits.to_dict(validate=False), table
        ),
        "kept": Drawing(
            "kept", "Promises kept", f"The share of promises kept {says}", kept.to_dict(validate=False), table
        ),
    }


def _starts(network: Network) -> pl.DataFrame:
    rows = [(each.facility, each.city, each.latitude, each.longitude) for each in network.facilities]
    names, degrees = (
        dict.fromkeys(("origin", "place"), pl.String()),
        dict.fromkeys(("latitude", "longitude"), pl.Float64()),
    )
    return pl.DataFrame(rows, schema={**names, **degrees}, orient="row")


def _centres(network: Network) -> pl.DataFrame:
    """The middle of each country's regions, by population."""
    rows = [(each.country, each.latitude, each.longitude, each.weight) for each in network.regions]
    schema = {"country": pl.String(), **dict.fromkeys(("latitude", "longitude", "weight"), pl.Float64())}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    middle = [(pl.col(name) * pl.col("weight")).sum() / pl.col("weight").sum() for name in ("latitude", "longitude")]
    return frame.group_by("country").agg(middle)


def _country(code: str) -> str:
    return str(Locale("en").territories.get(code, code))


def _with_shelf(spec: dict[str, Any]) -> dict[str, Any]:
    """The same map, its countries fetched from the shelf, where browsers keep them, and not in every page."""
    for layer in spec["layer"]:
        data = layer.get("data", {})
        if data.get("name") == "countries":
            layer["data"] = {"url": address_of("countries.json"), "format": data["format"]}
    spec["datasets"].pop("countries", None)
    return spec
