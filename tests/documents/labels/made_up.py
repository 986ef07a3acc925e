"""Papers of one made-up item, and readers of what was printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp

from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.item import Item
from entrepost.mail.papers import Papers
from entrepost.mail.party import Party

CODE = "RB123456785CN"
SHIRTS = Content("Cotton T-shirts for men, knitted", 5, 400, 2500, "610910", "CN")
WATCH = Content("Wrist watch, quartz", 1, 60, 1900, "910211", "CN")

SENDER = Party("深圳市贸易有限公司", ("南山区科技园南路18号", "Building 3, Room 1802"), "Shenzhen", "CN", "518057")
RECIPIENTS = {
    "Latin": Party("Anna Müller", ("Invalidenstraße 117",), "Berlin", "DE", "10115", phone="+49 30 1234567"),
    "Chinese": Party("王小明", ("信義區市府路45號",), "臺北市", "TW", "110"),
    "Arabic": Party("محمد عبد الله", ("شارع الملك فهد 12",), "الرياض", "SA", "11564"),
    "Cyrillic": Party("Дмитрий Иванов", ("ул. Большая Садовая, 10",), "Москва", "RU", "123001"),
}


def papers(**changes: Any) -> Papers:
    """The papers of the made-up item; fields of the recipient begin with `recipient_`."""
    recipient = RECIPIENTS["Latin"]
    for name in [name for name in changes if name.startswith("recipient_")]:
        recipient = replace(recipient, **{name.removeprefix("recipient_"): changes.pop(name)})
    whole = Papers(
        item=Item("main", "shop", "A-10001", 1, CODE, 560, 4400, "EUR"),
        sender=SENDER,
        recipient=recipient,
        declaration=Declaration("sale", "EUR", (SHIRTS, WATCH)),
        operator="China Post",
        posted_on=date(2026, 5, 11),
        office="Shenzhen EMC",
        service="Registered small packet",
    )
    return replace(whole, **changes)


def parcel(**changes: Any) -> Papers:
    """The same as a parcel, with postage and insurance."""
    changed: dict[str, Any] = {"postage_minor": 1250, "insured_sdr_minor": 10000, "comments": "Fragile", **changes}
    whole = papers(**changed)
    return replace(whole, item=replace(whole.item, item_id="CP123456785CN"))


def render(pdf: bytes) -> list[np.ndarray]:
    """Each page of a PDF at 203.2 dots an inch, grey."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=203.2 / 72, grayscale=True).to_numpy().squeeze() for page in document]


def read_text(pdf: bytes) -> list[str]:
    """What each page of a PDF says."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def read_codes(page: np.ndarray) -> set[tuple[str, str]]:
    """Every code on a page: what kind it is and what it says."""
    return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(np.ascontiguousarray(page))}
