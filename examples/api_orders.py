"""A shop's day over the HTTP API: a quote, orders brought in with their recipients, a label, a scan, and where it is.

Run it beside a server: ``python examples/api_orders.py http://127.0.0.1:8000 KEY``; the key may do everything (`*`).
"""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from entrepost.client import Client, RefusedError

ORDER = {
    "seller": "shop", "order_id": "E-1001", "line": 1, "sku": "LAMP", "description": "Desk lamp", "hs_code": "940521",
    "quantity": 1, "unit_value": "30.00", "currency": "CNY", "weight_g": 400, "origin": "CNSHAA",
    "country": "DE", "postcode": "60311", "city": "Frankfurt",
}  # fmt: skip
PERSON = {"recipient_name": "Anna Example", "recipient_line1": "Zeil 1"}
SENDER = {
    "operator": "China Post", "sender_name": "The shop", "sender_line1": "Keji Road 18", "sender_city": "Shanghai",
    "sender_country": "CN",
}  # fmt: skip


def main(url: str, key: str, folder: Path) -> None:
    """Quote, bring in, and follow."""
    client, now = Client(url, key), datetime.now(UTC).isoformat(timespec="seconds")
    order: dict[str, Any] = ORDER | {"placed_at": now}
    for told in client.post("/v1/quotes", {"orders": [order]})["data"]:
        print(told["explanation"])
    taken = client.send_rows("orders", [order | PERSON, order | {"order_id": "E-1002", "weight_g": "heavy"}])
    print(f"{taken['accepted']} accepted, {taken['rejected']} rejected")
    for row in taken["rows"]:
        print(f"  {row['field']}: {row['message']}")
    for item in client.pages("/v1/items"):
        asked = SENDER | {"item_id": item["item_id"], "posted_on": now[:10]}
        printed = client.post("/v1/labels", {"labels": [asked]})
        for sheet in printed["data"]:
            (folder / f"{sheet['item_id']}.pdf").write_bytes(base64.b64decode(sheet["pdf"]))
        scan = {"item_id": item["item_id"], "code": "EMA", "time": now, "facility": item["origin"]}
        client.send_rows("events", [scan])
        found = client.get(f"/v1/tracking/{item['item_id']}")
        print(f"{item['item_id']}: {found['status']}, {len(printed['data'])} label")
    try:
        client.get("/v1/tracking/LX000000000CN")
    except RefusedError as refused:
        print(f"{refused.status} {refused.code}: {refused}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3] if len(sys.argv) > 3 else "."))
