"""What a network has beyond another is kept as text and put onto a network, whatever else that has become."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MisuseError, NetworkError
from entrepost.network.addition import find_addition, read_addition
from tests.planning.markets import closed_warehouse
from tests.worlds import one_warehouse, two_offices


def test_put_onto_the_old_network_it_is_the_new_one() -> None:
    for old in (two_offices(), closed_warehouse()):
        addition = find_addition(old, one_warehouse())
        again = read_addition(addition.name, addition.to_texts())
        assert again == addition
        assert again.put_on(old).content_hash == one_warehouse().content_hash
        assert again.opened == ("DEFRAW",)


def test_only_rows_that_differ_are_told_and_other_changes_of_the_network_stay() -> None:
    addition = find_addition(closed_warehouse(), one_warehouse())
    assert sorted(addition.tables) == ["stock", "warehouses"]
    renamed = replace(closed_warehouse(), currency="EUR", rates=closed_warehouse().rates[:1])
    assert addition.put_on(renamed).rates == renamed.rates
    assert addition.put_on(renamed).stock == one_warehouse().stock
    assert not find_addition(one_warehouse(), one_warehouse()).tables
    assert not find_addition(one_warehouse(), closed_warehouse()).opened


def test_rows_that_are_wrong_are_not_taken() -> None:
    with pytest.raises(NetworkError, match="cell"):
        read_addition("x", {"stock.csv": "warehouse,seller,sku,quantity\nDEFRAW,shop,LAMP,many\n"})
    with pytest.raises(MisuseError, match="no table"):
        read_addition("x", {"shelves.csv": ""})
