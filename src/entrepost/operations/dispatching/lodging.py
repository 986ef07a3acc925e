"""Lodging: the advance data of items (ITMATT), made from what the store knows, before they are loaded.

What customs would ask about is told and not lodged; the gate keeps such items out where their destination has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from entrepost.base.findings import Finding, list_errors
from entrepost.codes import s10
from entrepost.codes.signs import squeeze
from entrepost.customs.check import check_lines
from entrepost.customs.checking.params import CheckParams
from entrepost.mail.advance_data import AdvanceData, Amount
from entrepost.mail.closing import UNKNOWN
from entrepost.mail.papers import Papers
from entrepost.messages.itmatt import Itmatt
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.chunk import ROW
from entrepost.operations.declaration_desk import known_codes
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.store import Store
from entrepost.operations.stored_labels import fill_labels
from entrepost.reference.fx import known_rates
from entrepost.tables.content_lines import read_lines
from entrepost.tables.labels import read_papers

FIRST_OPERATOR = "A"
"""Behind a country, the code of its designated operator where nobody says another one (*assumed*)."""
SUBJECT = "advance data"


@dataclass(frozen=True, slots=True)
class Lodged:
    """The data that were lodged, a message for each item, and why those of others were not."""

    item_ids: tuple[str, ...]
    messages: tuple[Telling, ...]
    findings: tuple[Finding, ...]


def lodge_items(store: Store, network: Network, by: Caller, item_ids: Sequence[str], mode: str = "air") -> Lodged:
    """Make the advance data of items, and keep that they were lodged now; an item with an error loses no other.

    Parameters
    ----------
    store : Store
        Where orders, recipients and senders of the items are.
    network : Network
        By which places and services are known.
    by : Caller
        Who sends the data.
    item_ids : sequence of str
        The items.
    mode : str
        How they will go: it decides which regime asks for what.
    """
    numbers = list(dict.fromkeys(map(squeeze, item_ids)))
    issued = _find_issued(store, by.tenant, numbers)
    there = [each for each in numbers if each in issued]
    fix = "bring its order in and promise it"
    findings = [
        Finding(UNKNOWN, "item_id", f"no item {each} is there", each, fix=fix) for each in numbers if each not in issued
    ]
    if not there:
        return Lodged((), (), tuple(findings))
    asked = pl.DataFrame({ROW: range(1, len(there) + 1), "item_id": there})
    texts, missing = fill_labels(store, network, asked, by.tenant, SUBJECT)
    read = read_papers(texts, SUBJECT)
    bad, told = _check(store, texts, mode)
    findings += [*list_errors(missing), *list_errors(read.findings), *told]
    sound = [each for each in read.papers if each.item.item_id not in bad]
    now = store.clock.now()
    with store.transaction():
        add_referrals(store, by.tenant, [(each.item.item_id, "LODGE", now) for each in sound])
    messages = [Telling(Itmatt(_data_of(each, issued[each.item.item_id])), office=_country(each)) for each in sound]
    return Lodged(tuple(each.item.item_id for each in sound), tuple(messages), tuple(dict.fromkeys(findings)))


def _find_issued(store: Store, tenant: str, numbers: Sequence[str]) -> dict[str, datetime]:
    names = pl.DataFrame({"item_id": numbers}, schema={"item_id": pl.String}).with_columns(tenant=pl.lit(tenant))
    found = store.find_items(names.select("tenant", "item_id")).sort("issued_at")
    return dict(found.unique("item_id", keep="last").select("item_id", "issued_at").iter_rows())


def _check(store: Store, texts: pl.DataFrame, mode: str) -> tuple[set[str], list[Finding]]:
    """The items that customs would ask about, and what they would ask."""
    codes, others = known_codes()
    params = CheckParams(store.clock.now().date(), known_rates(), codes, others, {}, mode)
    checked = check_lines(read_lines(texts, SUBJECT), texts, params)
    errors = checked.findings.filter(pl.col("level") == "error")
    rows = errors.select("item_id", "row", "code", "field", "message", "fix").iter_rows()
    told = [Finding(code, field, text, item_id, row, fix) for item_id, row, code, field, text, fix in rows]
    return set(checked.items.filter(~pl.col("sound")).get_column("item_id")), told


def _country(papers: Papers) -> str:
    """The country whose operator gets the data: of offices this is the beginning."""
    return papers.recipient.country


def _data_of(papers: Papers, issued_at: datetime) -> AdvanceData:
    item, declared = papers.item, papers.declaration
    postage = None if papers.postage_minor is None else Amount(papers.postage_minor, declared.currency)
    insured = None if papers.insured_sdr_minor is None else Amount(papers.insured_sdr_minor, "XDR")
    return AdvanceData(
        item_id=item.item_id,
        origin_operator=f"{item.item_id[-2:]}{FIRST_OPERATOR}",
        destination_operator=f"{papers.recipient.country}{FIRST_OPERATOR}",
        mail_class=s10.mail_class_of(item.item_id[:2]),
        posted_at=issued_at,
        weight_g=item.weight_g,
        sender=papers.sender,
        recipient=papers.recipient,
        declaration=declared,
        postage=postage,
        insured=insured,
    )
