"""What is told of items before they come: made-up people, and goods by the number of the item."""

from __future__ import annotations

from datetime import datetime

from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.party import Party
from entrepost.messages.itmatt import Itmatt

GOODS = (("cotton T-shirt", "610910", 1_900), ("paperback", "490199", 1_200), ("coffee mug", "691110", 1_450))
POSTCODES = {"CN": "518000", "DE": "10115", "FR": "75001", "GB": "SW1A 1AA", "US": "10001"}
OPERATORS = {"CN": "CNA", "DE": "DEA", "FR": "FRA", "GB": "GBA", "US": "USA"}


def advise(item_id: str, weight_g: int, posted_at: datetime, destination: str) -> Itmatt:
    """The data of an item, sent ahead of it to the operator of its destination."""
    origin = item_id[-2:]
    goods, code, value = GOODS[int(item_id[9]) % len(GOODS)]
    sender = Party("Example Shop", ("1 Sample Street",), "Sampleton", origin, postcode=POSTCODES[origin])
    buyer = Party("Sam Example", ("88 Sample Road",), "Exampleton", destination, postcode=POSTCODES[destination])
    content = Content(goods, 1, max(1, weight_g - 60), value, code, origin)
    mail_class = "U" if item_id[0] in "LUR" else "E" if item_id[0] == "E" else "C"
    operators = (OPERATORS[origin], OPERATORS[destination])
    declaration = Declaration("sale", "USD" if origin == "CN" else "EUR", (content,))
    return Itmatt(AdvanceData(item_id, *operators, mail_class, posted_at, weight_g, sender, buyer, declaration))
