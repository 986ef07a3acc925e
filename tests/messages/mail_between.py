"""Mail between two offices, told by messages: one dispatch of two receptacles with three items, in one consignment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl

from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.consignment import Consignment, Leg
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.party import Party
from entrepost.mail.receptacle import Receptacle
from entrepost.mail.report import CarriageReport, ItemReport
from entrepost.messages.cardit import Cardit
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.predes import Predes
from entrepost.messages.reconciling.told import SCHEMAS, Told
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.tables.frames import INSTANT
from entrepost.tables.text import fill

CLOSED = datetime(2026, 11, 1, 12, tzinfo=UTC)
DISPATCH = "NLHAGIUSJFKAAUN60017"
BAGS = (f"{DISPATCH}001000125", f"{DISPATCH}002110098")
ITEMS = ("LX261122017NL", "LX261122025NL", "LX261122034NL")
CONSIGNMENT = "NLA000012345"


def after(days: float) -> datetime:
    return CLOSED + timedelta(days=days)


def predes(name: str = DISPATCH, function: str = "original", weights: tuple[int, int] = (12_500, 9_800)) -> Predes:
    first, second = (f"{name}{bag[20:]}" for bag in BAGS)
    bags = (Receptacle(first, weights[0], item_ids=ITEMS[:2]), Receptacle(second, weights[1], item_ids=ITEMS[2:]))
    return Predes(f"P-{name}", Dispatch(name, CLOSED, sum(weights), bags), function)


def resdes(*bags: str, status: str = "received", days: float = 2) -> Resdes:
    report = CarriageReport(status, after(days), "USJFKA", bags or BAGS)
    return Resdes("R-1", after(days), "USJFKA", (bags or BAGS)[0][:20], (report,))


def cardit(weight_g: int = 22_300) -> Cardit:
    bags = predes().dispatch.receptacles
    leg = Leg("air", "KL", "KL0641", "AMS", "JFK", after(0.5), after(0.9))
    made = Consignment(CONSIGNMENT, after(0.2), "A", weight_g, bags, (leg,))
    return Cardit("C-1", made, "NLHAGI", "USJFKA")


def resdit(status: str, *bags: str, days: float = 0.3) -> Resdit:
    report = CarriageReport(status, after(days), "AMS", bags)
    return Resdit(f"T-{status}", after(days), CONSIGNMENT, (report,))


def emsevt(code: str, *items: str, days: float = 0) -> Emsevt:
    office = "NLHAGI" if code == "EMC" else "USJFKA"
    reports = tuple(ItemReport(item, code, after(days), office) for item in items or ITEMS)
    return Emsevt(f"E-{code}", after(days), reports)


def itmatt(item_id: str) -> Any:
    """Advance data of which only the item matters here."""
    return type("Itmatt", (SimpleNamespace,), {})(data=SimpleNamespace(item_id=item_id))


def told_item(item_id: str = ITEMS[0]) -> Itmatt:
    """The advance data of an item, with people who are nobody."""
    jan = Party("Jan Janssen", ("Lange Poten 4",), "Den Haag", "NL", phone="+31701234567")
    jane = Party("Jane Example", ("350 Fictional Ave",), "New York", "US", postcode="10001")
    shirt = Content("Cotton T-shirt", 1, 200, 2_000, "610910", "PT")
    declaration = Declaration("gift", "EUR", (shirt,))
    return Itmatt(AdvanceData(item_id, "NLA", "USA", "U", CLOSED, 250, jan, jane, declaration))


def whole() -> list[Any]:
    """Everything that all sides should tell."""
    return [
        *map(itmatt, ITEMS),
        predes(),
        cardit(),
        resdit("received"),
        resdit("delivered", days=1),
        resdes(),
        emsevt("EMC"),
        emsevt("EMD", days=2),
    ]


def without(*kinds: str) -> list[Any]:
    return [message for message in whole() if type(message).__name__ not in kinds]


def many_dispatches(count: int, size: int) -> Told:
    """So many dispatches of so many items in two receptacles each, told by frames; of some something is not told.

    Of each tenth dispatch nobody says that it came. Of each fifth the consignment is not taken over, or taken over and
    not delivered, or weighs other. The last item of each dispatch has no data ahead, and did not arrive.
    """
    number = pl.int_range(count)
    base = pl.select(number.alias("n"), serial=number + 1)
    names = base.with_columns(
        dispatch_id=pl.lit("NLHAGIUSJFKAAUN6") + pl.col("serial").cast(pl.String).str.zfill(4),
        consignment_id=pl.lit("NLA") + pl.col("serial").cast(pl.String).str.zfill(9),
        closed_at=pl.lit(CLOSED).cast(INSTANT),
    )
    bags = names.join(pl.DataFrame({"bag": [1, 2]}), how="cross").with_columns(
        receptacle_id=pl.col("dispatch_id") + fill("00{}000125", pl.col("bag").cast(pl.String)), weight_g=12_500
    )
    items = names.join(pl.DataFrame({"i": range(size)}), how="cross").with_columns(
        item_id=fill("LX{}NL", (pl.col("n") * size + pl.col("i")).cast(pl.String).str.zfill(9)),
        receptacle_id=pl.col("dispatch_id") + fill("00{}000125", (pl.col("i") % 2 + 1).cast(pl.String)),
    )
    dispatches = names.with_columns(
        series=pl.lit("NLHAGIUSJFKAAUN"),
        origin=pl.lit("NLHAGI"),
        destination=pl.lit("USJFKA"),
        mail_category=pl.lit("A"),
        year=2026,
        weight_g=25_000,
    )
    frames = {
        **_carried(names, bags),
        "dispatches": dispatches,
        "receptacles": bags,
        "items": items,
        "consigned": bags,
        "advance": items.filter(pl.col("i") < size - 1),
        "happened": _happened(items, size),
    }
    return Told(**{name: frames[name].select(pl.col(c).cast(t) for c, t in SCHEMAS[name].items()) for name in SCHEMAS})


def _carried(names: pl.DataFrame, bags: pl.DataFrame) -> dict[str, pl.DataFrame]:
    fifth = pl.col("n") % 5
    received = bags.filter(pl.col("n") % 10 != 3).with_columns(
        status=pl.lit("received"), place=pl.lit("USJFKA"), time=pl.lit(after(2)).cast(INSTANT)
    )
    consignments = names.with_columns(
        mail_category=pl.lit("A"), carrier=pl.lit("KL"), origin=pl.lit("AMS"), completed_at="closed_at",
        weight_g=pl.when(fifth == 2).then(26_000).otherwise(25_000),
    )  # fmt: skip
    taken = bags.filter(fifth != 0).with_columns(status=pl.lit("received"), time=pl.lit(after(0.3)).cast(INSTANT))
    arrived = taken.filter((fifth != 1) | (pl.col("n") % 50 < 10) | (pl.col("bag") == 2))
    delivered = arrived.with_columns(status=pl.lit("delivered"), time=pl.lit(after(1)).cast(INSTANT))
    carried = pl.concat([taken, delivered]).with_columns(place=pl.lit("AMS"))
    return {"received": received, "consignments": consignments, "carried": carried}


def _happened(items: pl.DataFrame, size: int) -> pl.DataFrame:
    left = items.with_columns(code=pl.lit("EMC"), office=pl.lit("NLHAGI"), time="closed_at")
    came = items.filter(pl.col("i") < size - 1).with_columns(
        code=pl.lit("EMD"), office=pl.lit("USJFKA"), time=pl.lit(after(2)).cast(INSTANT)
    )
    return pl.concat([left, came], how="diagonal")
