"""Read and write a network folder: CSV files with schemas, and `network.toml`."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, finding_code, list_errors
from entrepost.network.calendar import Exceptional, Suspension
from entrepost.network.clearance import Channel
from entrepost.network.correction import Correction
from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.facility import Facility, Processing
from entrepost.network.network import Network
from entrepost.network.product import Product, Seller
from entrepost.network.regime import Regime
from entrepost.network.region import Region
from entrepost.network.service import Rate, Service, Surcharge
from entrepost.network.table import FILE_MISSING, FILE_UNREADABLE, read_table, write_table
from entrepost.network.warehouse import Stock, Warehouse

HEAD = "network.toml"
TABLES: dict[str, type] = {
    "facilities": Facility,
    "processing": Processing,
    "departures": Departure,
    "clearance": Channel,
    "delivery": Delivery,
    "regions": Region,
    "services": Service,
    "rates": Rate,
    "surcharges": Surcharge,
    "warehouses": Warehouse,
    "stock": Stock,
    "products": Product,
    "sellers": Seller,
    "calendar": Exceptional,
    "suspensions": Suspension,
    "regimes": Regime,
    "corrections": Correction,
}
REQUIRED = ("facilities", "processing", "departures", "clearance", "delivery", "regions", "services", "rates")

HEAD_MALFORMED = finding_code("network_head_malformed", "A setting of network.toml is missing or cannot be read.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a folder gave: the network where it could be built, where rows stand, and findings."""

    network: Network | None
    rows: dict[str, tuple[int, ...]]
    findings: tuple[Finding, ...]


def read_network(path: str | Path) -> Reading:
    """Read every file of a folder, collecting findings instead of stopping at the first."""
    folder = Path(path)
    if not folder.is_dir():
        raise UnreadableInputError(f"{folder} is not a folder; give the folder that holds {HEAD}")
    findings: list[Finding] = []
    head = _read_head(folder / HEAD, findings)
    tables: dict[str, Any] = {}
    rows: dict[str, tuple[int, ...]] = {}
    for table, noun in TABLES.items():
        file = folder / f"{table}.csv"
        if file.exists():
            tables[table], rows[table] = read_table(file, noun, findings)
        elif table in REQUIRED:
            fix = "add the file, if only with its header"
            findings.append(Finding(FILE_MISSING, "", f"{file.name} is not there", file.name, fix=fix))
    if not tables.get("regimes"):
        tables.pop("regimes", None)
    network = Network(**head, **tables) if head and not list_errors(findings) else None
    return Reading(network, rows, tuple(findings))


def write_network(network: Network, path: str | Path) -> None:
    """Write a network as a folder that `load_network` reads back to an equal network."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEAD).write_text(_format_head(network), encoding="utf-8", newline="\n")
    for table in TABLES:
        write_table(folder / f"{table}.csv", getattr(network, table))


def _read_head(path: Path, findings: list[Finding]) -> dict[str, Any]:
    if not path.exists():
        fix = "write one, or begin with a copy of the sample network: entrepost init"
        findings.append(Finding(FILE_MISSING, "", f"{HEAD} is not there", HEAD, fix=fix))
        return {}
    try:
        head = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        findings.append(Finding(FILE_UNREADABLE, "", str(error), HEAD, fix="correct the TOML, in UTF-8"))
        return {}
    before = len(findings)
    values = {
        "name": _setting(head, "name", str, 'text, such as name = "My network"', findings),
        "currency": _setting(head, "currency", str, 'text, such as currency = "CNY"', findings),
        "time_zone": _setting(head, "time_zone", str, 'text, such as time_zone = "Asia/Shanghai"', findings),
        "ordinary_week": _setting(head, "ordinary_week", date, "a date, such as 2026-01-05", findings),
        "items_per_week": _setting(head, "items_per_week", int, "a whole number", findings),
        "sources": _read_sources(head, findings),
    }
    return values if len(findings) == before else {}


def _setting(head: dict[str, Any], key: str, kind: type, wanted: str, findings: list[Finding]) -> Any:
    value = head.get(key)
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, kind) or isinstance(value, bool):
        message = f"{key} is not there" if value is None else f"{key} = {value!r} is not {wanted.partition(',')[0]}"
        findings.append(Finding(HEAD_MALFORMED, key, message, HEAD, fix=f"write {wanted}"))
    return value


def _read_sources(head: dict[str, Any], findings: list[Finding]) -> dict[str, dict[str, str]]:
    sources = head.get("sources", {})
    if not isinstance(sources, dict) or not all(isinstance(row, dict) for row in sources.values()):
        fix = 'write each as a table: [sources.key] with title = "..." and url = "..."'
        findings.append(Finding(HEAD_MALFORMED, "sources", "sources are not tables", HEAD, fix=fix))
        return {}
    return {key: {name: str(text) for name, text in row.items()} for key, row in sources.items()}


def _format_head(network: Network) -> str:
    lines = [f"{key} = {_quote(getattr(network, key))}" for key in ("name", "currency", "time_zone")]
    lines += [f"ordinary_week = {network.ordinary_week}", f"items_per_week = {network.items_per_week}"]
    for key, row in network.sources.items():
        lines += ["", f"[sources.{_quote(key)}]", *[f"{_quote(name)} = {_quote(text)}" for name, text in row.items()]]
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
