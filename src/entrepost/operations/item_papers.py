"""The label and the customs form of one item, from what the store knows of it, of its order and of its sender."""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding, list_errors
from entrepost.codes.signs import squeeze
from entrepost.documents.label import draw_sheets, write_sheets
from entrepost.mail.papers import Papers
from entrepost.network.network import Network
from entrepost.operations.chunk import ROW
from entrepost.operations.store import Store
from entrepost.operations.stored_labels import ITEM_MISSING, fill_labels
from entrepost.tables.labels import read_papers


def draw_item(store: Store, network: Network, tenant: str, item_id: str, form: str) -> bytes:
    """A label or form of an item as PDF; `form` as `documents.label.draw_label` has it.

    Raises
    ------
    MissingRowError
        When the account has no such item.
    MisuseError
        When something is missing that must stand on it: the message says all that is.
    """
    papers = _read(store, network, tenant, item_id)
    printed = draw_sheets(papers, form)
    if not printed.sheets:
        raise MisuseError(_told(list_errors(printed.findings)))
    return write_sheets(list(printed.sheets), "pdf")


def _read(store: Store, network: Network, tenant: str, item_id: str) -> Papers:
    number = squeeze(item_id)
    asked = pl.DataFrame({ROW: [1], "item_id": [number]})
    texts, missing = fill_labels(store, network, asked, tenant, number)
    if any(each.code == ITEM_MISSING for each in missing):
        raise MissingRowError(f"no item {number} is there; check the number, or bring its order in and promise it")
    read = read_papers(texts, number)
    wrong = list_errors([*missing, *read.findings])
    if wrong or not read.papers:
        raise MisuseError(_told(wrong))
    return read.papers[0]


def _told(wrong: list[Finding]) -> str:
    """All that is wrong, each once, with what helps."""
    fields = dict.fromkeys(each.field for each in wrong)
    unsaid = [name for name in fields if name == "operator" or name.startswith("sender_")]
    says = [f"{each.field}: {each.message}" for each in wrong if each.field not in unsaid]
    if unsaid:
        says.append("nobody said who sends the items of its seller; keep the sender under Settings or /v1/senders")
    return "; ".join(dict.fromkeys(says)) or "nothing can be printed of it"
