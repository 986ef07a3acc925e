"""Blocks of identifiers and what they gave out, in the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import insert as insert_into

from entrepost.mail.numbering import Allocation, Block, Run
from entrepost.operations.store import StoredBlock
from entrepost.store.schema import NUMBER_BLOCKS, NUMBER_RUNS

FIRST_DAY = date(1970, 1, 1)


def add_block(connection: Connection, block: Block, tenant: str) -> None:
    """Insert a block."""
    connection.execute(insert_into(NUMBER_BLOCKS).values(tenant=tenant, **asdict(block)))


def list_blocks(connection: Connection, indicator: str, issuer: str) -> list[StoredBlock]:
    """The blocks of an indicator and issuer."""
    columns = NUMBER_BLOCKS.columns
    query = select(NUMBER_BLOCKS).where(columns.indicator == indicator, columns.issuer == issuer)
    return [_stored(dict(row)) for row in connection.execute(query.order_by(columns.first)).mappings()]


def list_runs(connection: Connection, block_no: int) -> list[Run]:
    """What a block gave out, oldest first."""
    columns = NUMBER_RUNS.columns
    query = select(columns.first, columns.last, columns.day).where(columns.block_no == block_no)
    rows = connection.execute(query.order_by(columns.day, columns.first))
    return [Run(first, last, FIRST_DAY + timedelta(days=day)) for first, last, day in rows]


def put_allocation(connection: Connection, block_no: int, allocation: Allocation) -> None:
    """Move a block on and keep its runs; a run that goes on where one of the same day ended becomes part of it."""
    columns = NUMBER_BLOCKS.columns
    moved = update(NUMBER_BLOCKS).where(columns.block_no == block_no).values(next=allocation.block.next)
    connection.execute(moved)
    for run in allocation.runs:
        _put_run(connection, block_no, run)


def _put_run(connection: Connection, block_no: int, run: Run) -> None:
    columns, day = NUMBER_RUNS.columns, (run.day - FIRST_DAY).days
    own = (columns.block_no == block_no, columns.day == day)
    before = connection.execute(select(columns.first).where(*own, columns.last == run.first - 1)).scalar()
    if before is not None:
        connection.execute(delete(NUMBER_RUNS).where(*own, columns.first == before))
    first = run.first if before is None else before
    connection.execute(insert_into(NUMBER_RUNS).values(block_no=block_no, day=day, first=first, last=run.last))


def _stored(row: dict[str, object]) -> StoredBlock:
    block_no, tenant = row.pop("block_no"), row.pop("tenant")
    return StoredBlock(int(str(block_no)), str(tenant), Block(**row))  # type: ignore[arg-type]
