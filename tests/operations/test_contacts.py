"""Whom to write to is checked row by row, and no finding repeats an address."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.contacts import add_contacts, to_address, withdraw_contacts
from tests.operations.post import ANNA, BO, contacts, with_contacts
from tests.operations.shop import two_items

BERLIN = ("en", "Europe/Berlin")


def test_bad_rows_are_findings_and_the_others_are_kept(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    rows = [
        ("o1", ANNA, *BERLIN),
        ("o1", "anna at home", *BERLIN),
        ("o1", ANNA, "tlh", "Europe/Berlin"),
        ("o1", ANNA, "en", "Mars/Olympus"),
        ("o9", ANNA, *BERLIN),
        ("o2", "", "", ""),
        ("o2", BO, " ZH ", "Asia/Shanghai"),
    ]
    taken = add_contacts(store, contacts(*rows), subject="contacts.csv")
    assert (taken.read, taken.kept, taken.rejected) == (7, 2, 5)
    found = [(row, code.removeprefix("contact_")) for row, code in taken.findings.select("row", "code").rows()]
    assert found == [
        (3, "address_malformed"),
        (4, "language_unknown"),
        (5, "zone_unknown"),
        (6, "order_unknown"),
        (7, "address_malformed"),
        (7, "language_unknown"),
        (7, "zone_unknown"),
    ]
    assert "@" not in "".join(taken.findings.drop("fix").cast(pl.String).to_numpy().flatten())
    assert store.find_contacts().select("order_id", "email", "language").rows() == [
        ("o1", ANNA, "en"),
        ("o2", BO, "zh"),
    ]


def test_a_later_contact_replaces_the_one_before(tmp_path: Path) -> None:
    store = with_contacts(two_items(tmp_path))
    add_contacts(store, contacts(("o1", ANNA, *BERLIN), ("o1", BO, "fr", "Europe/Paris")))
    assert store.find_contacts().row(0) == ("main", "shop", "o1", BO, "fr", "Europe/Paris")


def test_a_withdrawn_contact_is_gone(tmp_path: Path) -> None:
    store = with_contacts(two_items(tmp_path))
    withdraw_contacts(store, store.find_contacts().head(1))
    assert store.find_contacts().get_column("email").to_list() == [BO]


def test_an_account_brings_in_its_own_contacts_only(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    taken = add_contacts(store, contacts(("o1", ANNA, *BERLIN)), tenant="other")
    assert (taken.kept, taken.findings.get_column("code").to_list()) == (0, ["contact_order_unknown"])


def test_columns_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="columns are missing: zone"):
        add_contacts(two_items(tmp_path), contacts().drop("zone"))


@pytest.mark.parametrize(
    ("written", "sent_to"),
    [
        ("a@example.org", "a@example.org"),
        (" first.last+tag@mail.example.co.uk ", "first.last+tag@mail.example.co.uk"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("o'neil@example.org", "o'neil@example.org"),
        *((bad, None) for bad in ("", "a", "a@", "@b.org", "a@b", "a b@c.org", "a@b..org", ".a@b.org", "a.@b.org")),
        *((bad, None) for bad in ("a@b.org\nBcc: c@d.org", "a@-b.org", "a@b.org>", '"a b"@c.org', "é@b.org")),
        *(
            (bad, None)
            for bad in ("a@[127.0.0.1]", "a@b@c.org,d@e.org", "x" * 65 + "@b.org", "a@" + "b." * 130 + "org")
        ),
    ],
)
def test_only_what_is_written_as_an_address_is_one(written: str, sent_to: str | None) -> None:
    assert to_address(written) == sent_to
