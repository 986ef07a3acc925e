"""How somebody wants a file of orders to be read: which column is which, suggested from its header and first rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl
from rapidfuzz import fuzz

from entrepost.base.errors import UnreadableInputError
from entrepost.base.schema import Column, get_schema
from entrepost.base.units import LENGTH_MM, MASS_G
from entrepost.operations.recipient_store import COLUMNS

OWN = ("tenant", "line")
"""Columns that are not asked for: the account is the person's, and lines are numbered."""

SYNONYMS: Table[str, tuple[str, ...]] = {
    "seller": ("shop", "store", "merchant", "vendor", "seller id"),
    "order_id": ("order", "order no", "order number", "order reference", "reference", "order name", "purchase id"),
    "placed_at": ("order date", "date", "created at", "ordered at", "purchase date", "paid at", "order time"),
    "sku": ("article", "article number", "item number", "product id", "lineitem sku", "variant sku", "product code"),
    "quantity": ("qty", "pieces", "count", "lineitem quantity", "units"),
    "unit_value": ("price", "unit price", "lineitem price", "value", "item price"),
    "currency": ("currency code", "order currency"),
    "weight_g": ("weight", "grams", "item weight", "weight grams", "weight kg"),
    "length_mm": ("length", "length cm"),
    "width_mm": ("width", "width cm"),
    "height_mm": ("height", "height cm"),
    "origin": ("origin office", "from", "warehouse", "handed in at"),
    "country": ("country code", "shipping country", "ship country", "destination", "destination country", "to country"),
    "postcode": ("zip", "zip code", "postal code", "shipping zip", "ship postal code"),
    "city": ("town", "shipping city", "ship city"),
    "wanted_by": ("deadline", "deliver by", "latest delivery", "due date"),
    "battery": ("lithium battery", "batteries"),
    "hs_code": ("hs", "hs tariff number", "tariff code", "commodity code", "harmonized code"),
    "description": ("contents", "product name", "title", "lineitem name", "item description", "goods"),
    "recipient_name": ("recipient", "buyer", "buyer name", "customer", "customer name", "shipping name", "consignee"),
    "recipient_line1": ("street", "address", "address 1", "address line 1", "shipping address", "shipping street"),
    "recipient_line2": ("address 2", "address line 2", "shipping address 2"),
    "recipient_line3": ("address 3", "address line 3"),
    "recipient_region": ("state", "province", "region", "shipping province", "ship state"),
    "recipient_phone": ("phone", "telephone", "mobile", "shipping phone", "buyer phone", "phone number"),
    "recipient_email": ("email", "e mail", "email address", "buyer email", "customer email"),
}
"""What shops and marketplaces call our columns; a name that is ours goes before them."""

CLOSE = 88.0
"""So alike (of 100) two names must be to be taken for the same (assumed)."""

FORMATS = ("%d.%m.%Y %H:%M", "%d.%m.%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y/%m/%d %H:%M")
"""Ways of writing dates that are tried on the first rows, besides ISO 8601."""

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
UNIT = re.compile(r"[\s_(\[](kg|g|lb|oz|mm|cm|m|in)[)\]]?$", re.IGNORECASE)
UNITS = {"g": tuple(MASS_G), "mm": tuple(LENGTH_MM)}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which of their columns is which of ours, what is the same in every row, in which units, dates and decimals."""

    columns: Table[str, str] = field(default_factory=dict)
    constants: Table[str, str] = field(default_factory=dict)
    units: Table[str, str] = field(default_factory=dict)
    format: str = ""
    zone: str = ""
    decimal: str = "."

    def to_toml(self) -> str:
        """The same as a mapping file."""
        columns = {name: theirs for name, theirs in self.columns.items() if name not in self.constants}
        units = {name: unit for name, unit in self.units.items() if name in columns}
        sections = {"columns": columns, "constants": dict(self.constants), "units": units}
        times = {name: text for name, text in (("zone", self.zone), ("format", self.format)) if text}
        sections |= {"times": times, "file": {"decimal": self.decimal}}
        lines = [
            f"[{section}]\n" + "".join(f"{name} = {_quoted(text)}\n" for name, text in cells.items())
            for section, cells in sections.items()
            if cells
        ]
        return "\n".join(lines)


def suggest(columns: Sequence[str], rows: pl.DataFrame, constants: Table[str, str] | None = None) -> Wish:
    """What a file most probably means: each of its columns serves one of ours at most.

    Parameters
    ----------
    columns : sequence of str
        Its header.
    rows : DataFrame
        Its first rows, as text.
    constants : mapping, optional
        What is to stand in every row where the file has no column for it.
    """
    picked: dict[str, str] = {}
    pairs = [
        (_likeness(name, theirs), place, name, theirs)
        for name in list_columns()
        for place, theirs in enumerate(columns)
    ]
    for score, _, name, theirs in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if score >= CLOSE and name not in picked and theirs not in picked.values():
            picked[name] = theirs
    units = {name: unit for name, theirs in picked.items() if (unit := _unit(name, theirs))}
    written = _format(rows, picked.get("placed_at", ""))
    amounts = [rows[picked[name]] for name in ("unit_value", "weight_g") if picked.get(name) in rows.columns]
    has_commas = any(cells.cast(pl.String).str.contains(r"^\d+,\d{1,2}$").any() for cells in amounts)
    same = {name: text for name, text in (constants or {}).items() if name not in picked and text}
    return Wish(picked, same, units, written, "" if _has_offsets(rows, picked) else "UTC", "," if has_commas else ".")


def list_columns() -> list[str]:
    """Our columns that somebody is asked for: those of orders, then those of recipients."""
    return [*(name for name in get_schema("orders").names if name not in OWN), *COLUMNS]


def get_column(name: str) -> Column:
    """One of them; an order may tell of no recipient."""
    if name in COLUMNS:
        return replace(get_schema("labels").get_column(name), required=False)
    return get_schema("orders").get_column(name)


def _likeness(name: str, theirs: str) -> float:
    said = _plain(theirs)
    names = (_plain(name), *SYNONYMS.get(name, ()))
    if said == names[0]:
        return 101.0
    return float(max(fuzz.ratio(said, each) for each in names))


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W_]+", spaced.lower()))


def _unit(name: str, theirs: str) -> str:
    unit = get_column(name).unit
    said = UNIT.search(theirs)
    found = said[1].lower() if said else ""
    return found if found in UNITS.get(unit, ()) and found != unit else ""


def _format(rows: pl.DataFrame, column: str) -> str:
    if column not in rows.columns:
        return ""
    cells = rows.get_column(column).cast(pl.String).drop_nulls()
    if not cells.len() or all(ISO.fullmatch(cell) for cell in cells):
        return ""
    fits = [each for each in FORMATS if cells.str.to_datetime(each, strict=False).null_count() == 0]
    return fits[0] if fits else ""


def _has_offsets(rows: pl.DataFrame, picked: Table[str, str]) -> bool:
    column = picked.get("placed_at", "")
    if column not in rows.columns:
        return False
    cells = rows.get_column(column).cast(pl.String).drop_nulls()
    return bool(cells.len()) and bool(cells.str.contains(r"(Z|[+-]\d{2}:?\d{2})$").all())


def _quoted(text: str) -> str:
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
        raise UnreadableInputError(f"{text!r} holds signs that cannot be written; rename the column")
    return json.dumps(text, ensure_ascii=False)
