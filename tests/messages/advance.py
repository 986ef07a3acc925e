"""Advance data of one lamp, from Shenzhen to Frankfurt."""

from __future__ import annotations

from datetime import UTC, datetime

from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.party import Party

SELLER = Party("Lamp Shop", ("1 Light Road",), "Shenzhen", "CN", "518000")
BUYER = Party("Erika Mustermann", ("Zeil 1",), "Frankfurt", "DE", "60311")
LAMP = AdvanceData(
    item_id="LX000000005CN",
    origin_operator="CNA",
    destination_operator="DEA",
    mail_class="U",
    posted_at=datetime(2026, 1, 5, 2, 0, tzinfo=UTC),
    weight_g=400,
    sender=SELLER,
    recipient=BUYER,
    declaration=Declaration("sale", "CNY", (Content("desk lamp", 1, 350, 3000, "940520"),)),
)
