"""Two accounts of one server that are partners of each other: China's post and Germany's, with folders between them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from entrepost.codes.s10 import S10, format
from entrepost.mail.partner import EVERY, Address, Channel, Direction
from entrepost.messages.itmatt import Itmatt
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.exchanging.partners import get_partners, put_partners
from entrepost.operations.exchanging.posting import post
from entrepost.operations.store import Store
from tests.messages.advance import LAMP
from tests.operations.exchanging.world import FIRST, PARTNERS

ACCOUNTS = {"china": "CNA", "germany": "DEA"}
WAYS: tuple[Direction, ...] = ("in", "out")


def befriend(store: Store, folder: Path, transport: str = "folder") -> None:
    """Let each account know the other; what goes out of one comes in at the other."""
    for tenant, own in ACCOUNTS.items():
        other, address, theirs = ("DEA", "CN101", "DE101") if own == "CNA" else ("CNA", "DE101", "CN101")
        place = f"{folder}/to-{own} {folder}/to-{other}"
        table = replace(
            PARTNERS,
            operators=tuple(replace(each, own=each.operator == own) for each in PARTNERS.operators),
            addresses=(Address(address, own, FIRST), Address(theirs, other, FIRST, place=place)),
            channels=tuple(Channel(other, way, EVERY, FIRST, syntax="json", transport=transport) for way in WAYS),
        )
        put_partners(store, tenant, table)


def write_to_each_other(store: Store, interchanges: int, items: int) -> None:
    """Queue advance data, so many items in each of so many interchanges, both ways."""
    for tenant, own in ACCOUNTS.items():
        office, country = ("DEFRAA", "CN") if own == "CNA" else ("CNSHAA", "DE")
        partners = get_partners(store, tenant)
        for first in range(0, interchanges * items, items):
            told = [
                Telling(Itmatt(replace(LAMP, item_id=item_of(number, country))), office=office)
                for number in range(first, first + items)
            ]
            post(store, tenant, partners, told)


def item_of(number: int, country: str) -> str:
    """The identifier of an item of that country."""
    return format(S10("LX", number, country))
