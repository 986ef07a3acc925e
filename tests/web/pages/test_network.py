"""The network folder: shown, checked, and its versions compared."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from entrepost.network.feed import write_network
from entrepost.operations.network_versions import keep_version, versions_folder
from tests.operations.plans import two_ways
from tests.operations.shop import NOW
from tests.web.inside import VERA, Tower


def test_its_tables_are_listed_and_read_page_by_page(planning: Tower) -> None:
    vera = planning.enter(VERA)
    assert 'href="/network/tables/departures"' in vera.look("/network")
    html = vera.look("/network/tables/services")
    assert "Rail packet" in html
    assert "Rows 1 to 3 of 3" in html
    vera.look("/network/tables/passwords", status=404)


def test_its_folder_is_checked_and_a_change_since_is_told(planning: Tower) -> None:
    vera = planning.enter(VERA)
    write_network(two_ways(), planning.desk.network_source)
    assert "The folder says something else by now" not in vera.look("/network?checked=true")
    dearer = [replace(rate, charge_item_minor=rate.charge_item_minor + 1) for rate in two_ways().rates]
    write_network(replace(two_ways(), rates=tuple(dearer)), planning.desk.network_source)
    assert "The folder says something else by now" in vera.look("/network?checked=true")


def test_versions_are_compared_row_by_row(planning: Tower) -> None:
    vera, folder = planning.enter(VERA), versions_folder(planning.desk.uploads)
    old = replace(two_ways(), items_per_week=1, rates=two_ways().rates[1:])
    keep_version(old, folder, NOW - timedelta(days=3))
    keep_version(two_ways(), folder, NOW - timedelta(days=1))
    found = re.search(r'href="(/network/versions/[^"]+)"', vera.look("/network"))
    assert found
    html = vera.look(found[1])
    assert "<dt>New rows</dt><dd>1</dd>" in html
    vera.look("/network/versions/a/b", status=404)
