"""Rows as they are sent: JSON, JSON lines or CSV, described by the schema of their table and laid into a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, BinaryIO
from uuid import uuid4

import polars as pl
from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError

from entrepost.api.errors import FIELD_MAX, shorten
from entrepost.api.house import HouseOf
from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.base.schema import get_schema
from entrepost.operations.bounds import Bounds, check_bounds

Cell = str | int | float | bool | None
SUFFIXES = {
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "application/vnd.apache.parquet": ".parquet",
}
"""How a file is named by the type of what was sent."""

ROWS_MAX = 100_000
TYPES = {"integer": "integer", "int": "integer", "float": "number", "real": "number"}


AT_ONCE = Bounds(bytes_max=256 << 20)
"""What may come of rows that are sent gzipped and taken in at once."""


class Rejected(BaseModel):
    """A row that was not taken, or one thing that is wrong with it."""

    row: int
    field: str
    code: str
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Given:
    """What was sent: its rows in the form of a file, by `suffix`; `name` is what a JSON body calls them."""

    name: str
    suffix: str
    content: bytes
    is_json: bool = False

    @contextmanager
    def file(self, folder: Path) -> Iterator[Path]:
        """The rows in a file, for as long as it takes.

        Raises
        ------
        UnreadableInputError
            When it becomes larger than it may when it is unpacked, or what is done with it cannot read it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="asked-", dir=folder) as own:
            path = Path(own) / f"{self.name}{self.suffix}"
            path.write_bytes(self.content)
            try:
                check_bounds(path, AT_ONCE)
                yield path
            except UnreadableInputError as error:
                raise UnreadableInputError(str(error).replace(str(path), path.name)) from None

    def path_of(self, row: int, column: str) -> str:
        """How a field is named to whom sent it; rows of files are counted as text editors count lines."""
        place = f"{self.name}[{row - 1}]" if self.is_json else f"line {row}"
        return f"{place}.{column}" if column else place

    def rejected(self, found: Iterable[Finding]) -> list[Rejected]:
        """Findings as they are told to whom sent the rows."""
        return [
            _rejected(each.row, self.path_of(each.row, each.field), each.code, each.message, each.fix) for each in found
        ]


def given_rows(name: str) -> Any:
    """A dependency: the rows in the body of a request, which JSON calls by that name."""
    rows = TypeAdapter(dict[str, list[dict[str, Cell]]])

    async def read(request: Request) -> Given:
        suffix = suffix_of(request)
        if suffix == ".parquet":
            raise HTTPException(415, "rows are sent as JSON, JSON lines or CSV; send a Parquet file to /v1/batches")
        body = await request.body()
        if suffix != ".json":
            return Given(name, suffix, body)
        try:
            found = rows.validate_json(body)
        except ValidationError as error:
            raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None
        if set(found) != {name} or not 0 < len(found[name]) <= ROWS_MAX:
            wrong = {
                "loc": ("body", name),
                "msg": f"give 1 to {ROWS_MAX:,} rows, as {{{name!r}: [...]}}",
                "type": "rows",
            }
            raise RequestValidationError([wrong])
        return Given(name, ".jsonl", b"\n".join(json.dumps(row).encode() for row in found[name]), is_json=True)

    return Annotated[Given, Depends(read)]


def suffix_of(request: Request) -> str:
    """How a file with what is sent is named; a type that is not taken is 415."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind not in SUFFIXES:
        raise HTTPException(415, f"rows are sent as {', '.join(SUFFIXES)}")
    return SUFFIXES[kind]


async def upload(request: Request, house: HouseOf) -> Path:
    """What is sent, streamed into a file that lies at its place for good."""
    suffix = suffix_of(request)
    if suffix == ".json":
        raise HTTPException(415, "a file is sent as application/x-ndjson, text/csv or application/vnd.apache.parquet")
    house.uploads.mkdir(parents=True, exist_ok=True)
    path = house.uploads / f"{uuid4().hex}{suffix}"
    try:
        with path.open("wb") as file:
            await _stream(request, file, house.params.upload_bytes_max)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


async def _stream(request: Request, file: BinaryIO, most: int) -> None:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise HTTPException(413, f"a file has at most {most:,} bytes")
        file.write(piece)
    file.flush()
    os.fsync(file.fileno())


Uploaded = Annotated[Path, Depends(upload)]


def rejected_of(found: pl.DataFrame, given: Given | None = None) -> list[Rejected]:
    """The rows of findings that are errors, as they are told."""
    names = ("row", "field", "code", "message", "fix")
    errors = found.filter(pl.col("level") == "error").select(names)
    return [
        _rejected(row, given.path_of(row, field) if given else field, code, message, fix)
        for row, field, code, message, fix in errors.iter_rows()
    ]


def _rejected(row: int, field: str, code: str, message: str, fix: str) -> Rejected:
    return Rejected(
        row=row, field=shorten(field, FIELD_MAX), code=code, message=shorten(message), suggestion=shorten(fix)
    )


def rows_body(table: str, name: str, example: dict[str, Any]) -> dict[str, Any]:
    """How the body of a request with rows of a table is described."""
    csv = ",".join(example) + "\n" + ",".join(str(each) for each in example.values()) + "\n"
    one = row_schema(table)
    whole = {
        "type": "object",
        "required": [name],
        "additionalProperties": False,
        "properties": {name: {"type": "array", "items": one, "minItems": 1, "maxItems": ROWS_MAX}},
    }
    text = {"type": "string"}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": whole, "example": {name: [example]}},
                "application/x-ndjson": {"schema": text, "example": json.dumps(example) + "\n"},
                "text/csv": {"schema": text, "example": csv},
            },
        }
    }


def row_schema(table: str) -> dict[str, Any]:
    """A row of a table as JSON; cells may be text as well, as in files."""
    columns = [column for column in get_schema(table).columns if column.name != "tenant"]
    cell = {"type": ["string", "number", "boolean", "null"]}
    return {
        "type": "object",
        "properties": {column.name: cell | {"description": column.description} for column in columns},
        "additionalProperties": cell,
    }
