"""Read and write a network folder: CSV files with schemas, and `network.toml`."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from entrepost.base.errors import NetworkError, UnreadableInputError
from entrepost.base.findings import Finding, finding_code, list_errors
from entrepost.base.schema import Column, Schema, get_schema, parse_cell
from entrepost.network.calendar import Exceptional, Suspension
from entrepost.network.clearance import Channel
from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.facility import Facility, Processing
from entrepost.network.network import Network
from entrepost.network.product import Product, Seller
from entrepost.network.regime import Regime
from entrepost.network.region import Region
from entrepost.network.service import Rate, Service, Surcharge
from entrepost.network.warehouse import Stock, Warehouse

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
}
REQUIRED = ("facilities", "processing", "departures", "clearance", "delivery", "regions", "services", "rates")

FILE_MISSING = finding_code("network_file_missing", "A network folder lacks a file that every network needs.")
FILE_UNREADABLE = finding_code("network_file_unreadable", "A file of a network folder cannot be read as text.")
COLUMN_MISSING = finding_code("network_column_missing", "A file of a network folder lacks a required column.")
COLUMN_UNKNOWN = finding_code("network_column_unknown", "A file of a network folder has a column that nothing reads.")
COLUMN_DOUBLED = finding_code("network_column_doubled", "A file of a network folder names a column twice.")
CELL_MISSING = finding_code("network_cell_missing", "A cell that must be filled is empty.")
CELL_MALFORMED = finding_code("network_cell_malformed", "A cell does not have the form of its column.")
CELL_OUT_OF_RANGE = finding_code("network_cell_out_of_range", "A figure lies outside what its column allows.")
ROW_DOUBLED = finding_code("network_row_doubled", "Two rows of a file have the same key.")
ROW_REFUSED = finding_code("network_row_refused", "A row's cells contradict each other.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a folder gave: the network where it could be built, where rows stand, and findings."""

    network: Network | None
    rows: dict[str, tuple[int, ...]]
    findings: tuple[Finding, ...]


def load_network(path: str | Path) -> Network:
    """Read a network folder.

    Raises
    ------
    NetworkError
        When anything in the folder is an error; the message shows the first ten findings.
    """
    reading = read_network(path)
    errors = list_errors(reading.findings)
    if errors or reading.network is None:
        shown = "\n".join(f"  {finding}" for finding in errors[:10])
        more = f"\n  and {len(errors) - 10} more: entrepost check {path}" if len(errors) > 10 else ""
        raise NetworkError(f"the network folder {path} has {len(errors)} errors:\n{shown}{more}", tuple(errors))
    return reading.network


def read_network(path: str | Path) -> Reading:
    """Read every file of a folder, collecting findings instead of stopping at the first."""
    folder = Path(path)
    findings: list[Finding] = []
    head = _read_head(folder, findings)
    tables: dict[str, tuple[Any, ...]] = {}
    rows: dict[str, tuple[int, ...]] = {}
    for table in TABLES:
        tables[table], rows[table] = _read_table(folder, table, findings)
    if not tables["regimes"]:
        del tables["regimes"]
    network = Network(**head, **tables) if head and not list_errors(findings) else None
    return Reading(network, rows, tuple(findings))


def write_network(network: Network, path: str | Path) -> None:
    """Write a network as a folder that `load_network` reads back to an equal network."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.toml").write_text(_format_head(network), encoding="utf-8")
    for table in TABLES:
        schema = get_schema(table)
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(schema.names)
            for row in getattr(network, table):
                writer.writerow([_format_cell(getattr(row, column.name), column) for column in schema.columns])


def _read_head(folder: Path, findings: list[Finding]) -> dict[str, Any]:
    path = folder / "network.toml"
    if not path.exists():
        if not folder.is_dir():
            raise UnreadableInputError(f"{folder} is not a folder; give the folder that holds network.toml")
        findings.append(Finding(FILE_MISSING, "", "network.toml is not there", "network.toml", fix="write one; see entrepost init"))
        return {}
    try:
        head = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        week = head["ordinary_week"]
        return {
            "name": str(head["name"]),
            "currency": str(head["currency"]),
            "time_zone": str(head["time_zone"]),
            "ordinary_week": week if isinstance(week, date) else date.fromisoformat(week),
            "items_per_week": int(head["items_per_week"]),
            "sources": {key: {name: str(text) for name, text in row.items()} for key, row in head.get("sources", {}).items()},
        }
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        findings.append(Finding(FILE_UNREADABLE, "", str(error), "network.toml", fix="correct the TOML"))
    except (KeyError, ValueError, AttributeError) as error:
        findings.append(Finding(CELL_MALFORMED, str(error).strip("'"), f"missing or malformed: {error}", "network.toml", fix="see docs/reference/network-folder"))
    return {}


def _read_table(folder: Path, table: str, findings: list[Finding]) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    name = f"{table}.csv"
    path = folder / name
    if not path.exists():
        if table in REQUIRED:
            findings.append(Finding(FILE_MISSING, "", f"{name} is not there", name, fix="add the file, if only with its header"))
        return (), ()
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except (UnicodeDecodeError, csv.Error) as error:
        findings.append(Finding(FILE_UNREADABLE, "", str(error), name, fix="save it as UTF-8 CSV with commas and double quotes"))
        return (), ()
    schema = get_schema(table)
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    if not _check_header(header, schema, name, findings):
        return (), ()
    nouns: list[Any] = []
    places: list[int] = []
    keys: set[tuple[Any, ...]] = set()
    for number, cells in lines[1:]:
        values = _parse_row(dict(zip(header, cells, strict=False)), schema, name, number, findings)
        if values is None:
            continue
        key = tuple(values[column] for column in schema.key)
        if key in keys:
            findings.append(Finding(ROW_DOUBLED, schema.key[0], f"{key} stands twice", name, number, "remove one of the two rows"))
            continue
        keys.add(key)
        nouns.append(TABLES[table](**values))
        places.append(number)
    return tuple(nouns), tuple(places)


def _check_header(header: list[str], schema: Schema, name: str, findings: list[Finding]) -> bool:
    sound = True
    for column in schema.columns:
        if header.count(column.name) > 1:
            findings.append(Finding(COLUMN_DOUBLED, column.name, f"column {column.name} stands twice", name, 1, "keep one"))
            sound = False
        if column.required and column.name not in header:
            findings.append(Finding(COLUMN_MISSING, column.name, f"column {column.name} is not there", name, 1, column.description))
            sound = False
    for unknown in sorted(set(header) - set(schema.names)):
        findings.append(Finding(COLUMN_UNKNOWN, unknown, f"column {unknown!r} is not read", name, 1, "correct its name or leave it out", "warning"))
    return sound


def _parse_row(cells: dict[str, str], schema: Schema, name: str, number: int, findings: list[Finding]) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    before = len(findings)
    for column in schema.columns:
        text = cells.get(column.name, "").strip() or column.default
        if not text:
            values[column.name] = "" if column.dtype == "text" else None
            if column.required:
                findings.append(Finding(CELL_MISSING, column.name, "the cell is empty", name, number, column.description))
            continue
        values[column.name] = _parse_value(text, column, name, number, findings)
    hours = [values.get(each) for each in ("hours_min", "hours_p50", "hours_p90")]
    if all(isinstance(each, float) for each in hours) and hours != sorted(hours, key=float):
        findings.append(Finding(ROW_REFUSED, "hours_p50", f"hours {hours} do not ascend", name, number, "hours_min <= hours_p50 <= hours_p90"))
    return values if len(findings) == before else None


def _parse_value(text: str, column: Column, name: str, number: int, findings: list[Finding]) -> Any:
    try:
        value = parse_cell(text, column)
    except ValueError:
        findings.append(Finding(CELL_MALFORMED, column.name, f"{text!r} is not {column.dtype}", name, number, column.description))
        return None
    if column.values and text not in column.values:
        findings.append(Finding(CELL_MALFORMED, column.name, f"{text!r} is not allowed", name, number, f"one of {', '.join(column.values)}"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = column.least, column.most
        if not (low is None or value >= low) or not (high is None or value <= high) or value != value:
            findings.append(Finding(CELL_OUT_OF_RANGE, column.name, f"{text} is outside {low} to {high}", name, number, column.description))
    return value


def _format_cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if column.dtype == "yesno":
        return "yes" if value else "no"
    if column.dtype == "decimal":
        return f"{value:g}" if float(f"{value:g}") == value else repr(float(value))
    return str(value)


def _format_head(network: Network) -> str:
    lines = [f"{key} = {_quote(getattr(network, key))}" for key in ("name", "currency", "time_zone")]
    lines += [f"ordinary_week = {network.ordinary_week}", f"items_per_week = {network.items_per_week}"]
    for key, row in network.sources.items():
        lines += ["", f"[sources.{key}]", *[f"{name} = {_quote(text)}" for name, text in row.items()]]
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
