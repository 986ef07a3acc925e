"""`/v1/batches`: files that are taken in beside everything else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from entrepost.api.callers import caller_with, guarded
from entrepost.api.given import Rejected, Uploaded, rejected_of
from entrepost.api.house import HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import Key, Repeats
from entrepost.base.errors import MisuseError
from entrepost.operations.access import Caller
from entrepost.operations.batches import begin_batch, findings_of, get_batch, list_batches, mapping_beside
from entrepost.operations.feeds import lay_beside
from entrepost.operations.look_store import ROW_KEY
from entrepost.operations.records import Batch

router = APIRouter(prefix="/v1/batches")
Reader = Annotated[Caller, Depends(caller_with("batches:read"))]
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("text/csv", "application/x-ndjson", "application/vnd.apache.parquet")
        },
    }
}


class BatchShown(BaseModel):
    """A file and how far it is taken in, or promises and how far they are; `position` counts what is done.

    Of promises (kind `promises`) rows are orders: `accepted` were promised, `rejected` no service takes.
    """

    batch: str
    kind: str
    state: str
    created_by: str
    created_at: datetime
    size_bytes: int
    position: int
    accepted: int
    duplicates: int
    rejected: int
    finished_at: datetime | None
    message: str


def shown(batch: Batch) -> BatchShown:
    """A batch as it is shown."""
    return BatchShown(**{name: getattr(batch, name) for name in BatchShown.model_fields})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is in a file, and how people know it."""

    kind: Annotated[str, Query(max_length=20, description="orders or events", examples=["orders"])]
    name: Annotated[str, Query(max_length=200, description="How people know the file.")] = ""
    feed: Annotated[str, Query(max_length=50, description="Of events in nested JSON: by which feed.")] = ""


def may_upload(caller: Annotated[Caller, Depends(caller_with("batches:write"))]) -> Caller:
    """Who asks is known before the file is read."""
    return caller


@router.post(
    "",
    summary="Upload a file",
    status_code=202,
    response_model=BatchShown,
    **guarded("batches:write", 400, 413, extra=BODY),
)
def begin(
    caller: Annotated[Caller, Depends(may_upload)],
    house: HouseOf,
    request: Request,
    path: Uploaded,
    wanted: Annotated[Wanted, Depends()],
    key: Key = "",
) -> Response:
    """Keep a file of orders or events, to be taken in at once; ask the batch how far it is."""
    what = f"POST {request.url.path}?{wanted.kind}" + (f"&{wanted.feed}" if wanted.feed else "")
    repeats = Repeats(house.store, key, what, _digest(path))
    began = False

    def effect() -> BatchShown:
        nonlocal began
        if wanted.feed:
            if wanted.kind != "events":
                raise MisuseError("a feed has events; give kind=events, or leave the feed out")
            lay_beside(house.store, caller.tenant, wanted.feed, path)
        began = True
        return shown(begin_batch(house.store, caller, wanted.kind, path, wanted.name))

    try:
        answer = repeats.answer(caller, effect, 202)
    except BaseException:
        path.unlink(missing_ok=True)
        mapping_beside(path).unlink(missing_ok=True)
        raise
    if began:
        house.wake()
    else:
        path.unlink(missing_ok=True)
    return answer


@router.get("", summary="Uploaded files", **guarded("batches:read"))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[BatchShown]:
    """Files, the latest first."""
    (before,) = read_cursor(cursor, str) or ("",)
    found = list_batches(house.store, caller.tenant, before, limit + 1)
    kept, following = cut(found, limit, lambda batch: [batch.batch])
    return Page(data=[shown(batch) for batch in kept], next_cursor=following)


@router.get("/{batch}", summary="An uploaded file", **guarded("batches:read", 404))
def get(caller: Reader, house: HouseOf, batch: str) -> BatchShown:
    """How far it is taken in."""
    return shown(get_batch(house.store, caller.tenant, batch))


@router.get("/{batch}/rejected", summary="Rejected rows of a file", **guarded("batches:read", 404))
def list_rejected(
    caller: Reader, house: HouseOf, batch: str, limit: Limit = PAGE, cursor: Cursor = ""
) -> Page[Rejected]:
    """Each thing that is wrong with a row, by its line; all other rows were accepted, or were there."""
    found = get_batch(house.store, caller.tenant, batch)
    after = read_cursor(cursor, str, int, str, str) or ()
    wanted = replace(findings_of(house.store, found, "error"), after=after, limit=limit + 1)
    rows = house.store.look.page_findings(wanted)
    kept, following = cut(rows.rows(named=True), limit, lambda row: [row[name] for name in ROW_KEY])
    return Page(data=rejected_of(rows.head(len(kept))), next_cursor=following)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
