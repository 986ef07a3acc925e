"""Pages about the columns of tables, written from the schemas."""

from __future__ import annotations

from entrepost.base.schema import Column, Schema, get_schema, list_schemas
from entrepost.network.feed import REQUIRED, TABLES

FOLDER_HEAD = """# The network folder

A network is a folder of CSV files (UTF-8, commas, a header line) and one `network.toml`; each file can be read and
written by hand. `entrepost check FOLDER` tells what is wrong, with file, row, column and how to fix it.
An optional column may be left out, and a cell that is empty has the column's default. Columns in **bold** together
name a row. Files that may be left out altogether are marked so.

## network.toml

| key | meaning |
|---|---|
| `name` | Name of the network |
| `currency` | ISO 4217; all costs are in its minor units |
| `time_zone` | IANA zone in which the network's people think |
| `ordinary_week` | A Monday; the zones' offsets of that week hold for the ordinary week |
| `items_per_week` | The load for which the shares of missed departures hold |
| `[sources.KEY]` | Title, place and licence of a source, named by its key in the `source` column of the files |
"""

TABLES_HEAD = """# Tables

Frames and files with these columns go in and come out. The columns of the network folder stand on
[its own page](network-folder.md). Columns in **bold** together name a row.
"""

DTYPES = {"yesno": "yes or no", "instant": "instant with offset"}


def folder_page() -> str:
    """Every file of a network folder with its columns."""
    parts = [FOLDER_HEAD]
    for table in TABLES:
        note = "" if table in REQUIRED else "\n\nThis file may be left out."
        parts.append(f"## {table}.csv{note}\n\n{_format_schema(get_schema(table))}")
    return "\n".join(parts)


def tables_page() -> str:
    """Every other table with its columns."""
    others = [name for name in list_schemas() if name not in TABLES]
    return "\n".join([TABLES_HEAD, *(f"## {name}\n\n{_format_schema(get_schema(name))}" for name in others)])


def _format_schema(schema: Schema) -> str:
    head = "| column | type | allowed | meaning |\n|---|---|---|---|\n"
    return head + "".join(_format_column(column) for column in schema.columns)


def _format_column(column: Column) -> str:
    name = f"**`{column.name}`**" if column.key else f"`{column.name}`"
    kinds = [DTYPES.get(column.dtype, column.dtype), column.unit, "" if column.required else "optional"]
    kind = ", ".join(each for each in kinds if each)
    default = f"; default `{column.default}`" if column.default else ""
    meaning = column.description.replace("|", "\\|").replace("*", "\\*")
    return f"| {name} | {kind} | {_format_allowed(column)} | {meaning}{default} |\n"


def _format_allowed(column: Column) -> str:
    if column.values:
        return ", ".join(f"`{value}`" for value in column.values)
    if column.references:
        return f"a `{column.references}`"
    if column.least is None and column.most is None:
        return ""
    if column.most is None:
        return f"from {_number(column.least)}"
    return f"{_number(column.least)} to {_number(column.most)}" if column.least is not None else f"to {column.most:g}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"
