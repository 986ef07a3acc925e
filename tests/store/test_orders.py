"""Orders are read by time, page by page."""

from __future__ import annotations

from pathlib import Path

from tests.operations.shop import lamp, take_in


def test_orders_are_read_on_from_where_the_last_page_ended(tmp_path: Path) -> None:
    rows = [lamp(order_id=f"o{number}", line=str(line)) for number in range(5) for line in (1, 2)]
    store, _ = take_in(tmp_path, *rows)
    seen, after = [], None
    while (page := store.list_orders(after=after, limit=2)).height:
        seen += page.get_column("order_id").unique(maintain_order=True).to_list()
        after = page.select("placed_at", "tenant", "seller", "order_id").row(-1)
    assert seen == [f"o{number}" for number in range(5)]
