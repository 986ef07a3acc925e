"""Whom to write to about an order: checked row by row, kept, and forgotten again.

A contact is personal: it is kept for as long as it is needed, a finding never repeats an address, and no name
is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import available_timezones

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import finding_code
from entrepost.experience.notice_words import LANGUAGES
from entrepost.operations.chunk import ROW
from entrepost.operations.faults import FINDINGS, INDEX, Faults
from entrepost.operations.store import CONTACT, Store
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill, word_each

CONTACT_ADDRESS = finding_code("contact_address_malformed", "An e-mail address is not written as one.")
CONTACT_LANGUAGE = finding_code("contact_language_unknown", "There are no notices in a recipient's language.")
CONTACT_ZONE = finding_code("contact_zone_unknown", "A recipient's time zone is none of the IANA database.")
CONTACT_ORDER = finding_code("contact_order_unknown", "A contact is about an order that is not there.")

LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")
FIRST_LINE = 2
"""The line of a file on which its first row stands."""


@dataclass(frozen=True, slots=True)
class ContactsTaken:
    """What became of a frame of contacts: rows read, kept and rejected, and why (columns of findings)."""

    read: int
    kept: int
    rejected: int
    findings: pl.DataFrame


def add_contacts(
    store: Store, contacts: pl.DataFrame, tenant: str = "main", subject: str = "contacts"
) -> ContactsTaken:
    """Keep whom to write to; a later row about an order replaces an earlier one.

    Parameters
    ----------
    store : Store
        The orders must be there.
    contacts : DataFrame
        Text columns seller, order_id, email, language (`LANGUAGES`) and zone (IANA), perhaps tenant.
    tenant : str
        The account of rows without a tenant.
    subject : str
        What findings are about, such as a file's name.
    """
    told = _as_text(contacts, tenant).with_row_index(INDEX).with_columns((pl.col(INDEX) + FIRST_LINE).alias(ROW))
    faults = Faults(subject)
    written = told.with_columns(word_each(told.get_column("email"), to_address))
    bad = written.filter(pl.col("email").is_null())
    faults.add(bad, CONTACT_ADDRESS, "email", "this is no e-mail address", "write it as name@example.org")
    known = ", ".join(LANGUAGES)
    bad = written.filter(~pl.col("language").is_in(LANGUAGES))
    faults.add(bad, CONTACT_LANGUAGE, "language", fill("there is no language '{}'", "language"), f"give one of {known}")
    bad = written.filter(~pl.col("zone").is_in(sorted(available_timezones())))
    faults.add(bad, CONTACT_ZONE, "zone", fill("there is no zone '{}'", "zone"), "write it as Europe/Madrid")
    there = store.find_lines(written.select(ORDER).drop_nulls()).select(ORDER).unique()
    bad = written.join(there, on=ORDER, how="anti", maintain_order="left")
    faults.add(bad, CONTACT_ORDER, "order_id", "there is no such order", "bring the order in first")
    sound = faults.sound(written)
    store.add_contacts(sound.select(CONTACT).unique(ORDER, keep="last", maintain_order=True))
    findings = faults.findings(told).with_columns(raw=pl.lit("")).select(list(FINDINGS))
    return ContactsTaken(told.height, sound.height, told.height - sound.height, findings)


def withdraw_contacts(store: Store, orders: pl.DataFrame) -> None:
    """Forget whom to write to about these orders (tenant, seller, order_id); nothing more is sent then."""
    store.remove_contacts(orders)


def to_address(text: str) -> str | None:
    """An e-mail address as it is sent to, a domain of other letters in its ASCII form; None where it is none.

    As RFC 5321 limits it; a local part in quotes, or of other letters than ASCII, is refused: few servers take it.
    """
    local, _, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    fits = len(local) <= 64 and len(local) + len(domain) < 254
    return f"{local}@{domain}" if fits and LOCAL.fullmatch(local) and DOMAIN.fullmatch(domain) else None


def _as_text(contacts: pl.DataFrame, tenant: str) -> pl.DataFrame:
    absent = [name for name in CONTACT[1:] if name not in contacts.columns]
    if absent:
        raise UnreadableInputError(f"contacts: columns are missing: {', '.join(absent)}")
    whole = contacts if "tenant" in contacts.columns else contacts.with_columns(tenant=pl.lit(None, pl.String))
    texts = whole.select(pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in CONTACT)
    return texts.with_columns(
        pl.col("tenant").fill_null(tenant),
        pl.col("language").str.to_lowercase().fill_null(""),
        pl.col("zone").fill_null(""),
    )
