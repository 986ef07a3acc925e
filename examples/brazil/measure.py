"""Set the last miles of the Brazilian network by what real parcels took: `python measure.py STORE ORDERS_CSV OUT`.

Only orders placed 45 days before `AS_OF` or earlier count, so that hardly any is still under way.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

import entrepost
from entrepost.network.delivery import Delivery
from entrepost.network.feed import write_network
from entrepost.network.network import Network
from entrepost.wiring import open_store

AS_OF, SERVICE, PRODUCT = datetime(2026, 2, 5, tzinfo=UTC), "ECONOMY", "economy"


def main(store: str, orders_csv: str, out: str) -> None:
    """Measure, correct, look again, and write the network that fits."""
    network = entrepost.load_network(Path(__file__).parent / "network")
    orders = open_store(store).list_orders().filter(pl.col("placed_at") < AS_OF - timedelta(days=45))
    real = pl.read_csv(orders_csv).select("order_id", days=took_days()).drop_nulls().unique("order_id")
    for _ in range(3):
        quoted = entrepost.quote(network, orders, dated=False).filter(pl.col("service") == SERVICE, pl.col("eligible"))
        both = quoted.join(real, on="order_id").with_columns(state=pl.col("area").str.split("-").list.get(1))
        late = both.group_by("state").agg(
            parcels=pl.len(), promised=pl.col("wait_hours_mean").mean() / 24, real=pl.col("days").mean()
        )
        print(late.sort("parcels", descending=True).head(5))
        days = {row["state"]: row["real"] - row["promised"] for row in late.iter_rows(named=True)}
        network = replace(network, delivery=slower(network, days))
    write_network(network, out)


def took_days() -> pl.Expr:
    """From the order to the door, in days."""
    end, begin = (
        pl.col(f"order_{name}").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
        for name in ("delivered_customer_date", "purchase_timestamp")
    )
    return (end - begin).dt.total_minutes() / 1440


def slower(network: Network, days: dict[str, float]) -> tuple[Delivery, ...]:
    """The last miles, of whatever product, as much longer as makes so many days in the mean of those by mail."""
    by_mail = {row.area: row.hours_p50 for row in network.delivery if row.product == PRODUCT}
    factor = {area: max(0.3, 1 + 24 * days.get(area.split("-")[1], 0.0) / hours) for area, hours in by_mail.items()}
    names = ("hours_min", "hours_p50", "hours_p90")
    return tuple(
        replace(row, **{name: round(getattr(row, name) * factor[row.area], 1) for name in names})
        for row in network.delivery
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
