"""Orders: files uploaded, mapped with a preview, taken in, and what is wrong with them corrected."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import polars as pl
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.operations.active_rules import find_active, get_segments
from entrepost.operations.batches import findings_of, get_batch, list_batches
from entrepost.operations.drafts import (
    Draft,
    begin_draft,
    check_draft,
    find_draft,
    make_room,
    name_draft,
    open_draft,
    recall,
    try_wish,
)
from entrepost.operations.look_store import ROW_KEY
from entrepost.operations.promising import SERVER, USUAL, ask_promises, find_promising
from entrepost.operations.rates import look_at_rates, say_age
from entrepost.operations.records import DONE, FAILED, PROMISES, RUNNING, Batch
from entrepost.operations.spreadsheet import write_rejected
from entrepost.operations.wish import FORMATS, UNITS, Wish, get_column, list_columns, suggest
from entrepost.web.figures import write_sentence, write_size
from entrepost.web.form import Form, FormOf
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Listing, heads, link_order, with_query
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

ROOM = Room("orders", "Orders", "/orders", "batches:read")
router = APIRouter(include_in_schema=False, route_class=PageRoute)
Looking = Annotated[Visit, Depends(visit_with(ROOM.scope))]
Bringing = Annotated[Visit, Depends(change_with("batches:write"))]
Drafting = Annotated[Visit, Depends(visit_with("batches:write"))]

SHOWN = 30
"""Files and findings of one page."""

PREVIEWED = 8
TONES = {DONE: "good", FAILED: "wrong", RUNNING: "going"}
WORDS = {DONE: "Taken in", FAILED: "Failed", RUNNING: "Being taken in"}
OF_PROMISES = {DONE: "Promised", FAILED: "Failed", RUNNING: "Being promised"}


@router.get(ROOM.path)
def show(visit: Looking, before: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The files that were uploaded, and where to upload one."""
    found = list_batches(visit.store, visit.tenant, before, SHOWN + 1)
    rows = tuple(_row(batch) for batch in found[:SHOWN])
    following = with_query(visit.request, before=found[SHOWN - 1].batch) if len(found) > SHOWN else ""
    columns = heads("File", "Status", "Rows", "Accepted", "Known already", "Rejected", "By", numbers="..nnnn.")
    first = with_query(visit.request, before="") if before else ""
    caption = "Files and promises, the latest first"
    listing = Listing("files", caption, columns, rows, "No file was uploaded yet.", following, first)
    may_write = visit.caller.may("batches:write") and visit.caller.may("orders:write")
    promising, segments = find_promising(visit.store, visit.tenant), find_active(visit.store, visit.tenant)
    told: dict[str, Any] = {
        "listing": listing,
        "may_write": may_write,
        "at_once": bool(promising and promising.at_once),
        "policy": promising.policy if promising else USUAL,
        "notices": say_age(look_at_rates(visit.network, visit.store.clock.now().date())) if may_write else [],
        "plan": get_segments(visit.store, visit.tenant, segments.segments).title if segments else "",
    }
    return visit.page("orders.html.j2", ROOM.title, ROOM.name, **told)


@router.post("/orders/promises")
def promise(visit: Annotated[Visit, Depends(change_with("orders:write"))]) -> Response:
    """Let every order without a promise have one."""
    batch = ask_promises(visit.store, visit.caller)
    visit.desk.wake()
    return visit.go(f"/orders/batches/{batch.batch}", "The orders are being promised.")


@router.post("/orders/files")
async def upload(request: Request, visit: Bringing, name: Annotated[str, Query(max_length=200)]) -> JSONResponse:
    """Keep a file, sent as it is, and say where it goes on."""
    path = visit.desk.uploads / name_draft(visit.tenant, name)
    try:
        await run_in_threadpool(_make_room, visit)
        await _write(request, path, visit.desk.upload_bytes_max)
        await run_in_threadpool(check_draft, path, visit.desk.surroundings())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return JSONResponse({"address": f"/orders/files/{path.name}?{urlencode({'name': name})}"})


@router.get("/orders/files/{draft}")
def map_one(visit: Drafting, draft: str, name: Annotated[str, Query(max_length=200)] = "") -> Response:
    """How a file is read: as its header suggests, or as asked, tried on its first rows."""
    opened = open_draft(find_draft(visit.desk.uploads, visit.tenant, draft))
    fields = {key: visit.request.query_params.getlist(key) for key in visit.request.query_params}
    is_asked = "decimal" in fields
    wish = _read_wish(Form(fields)) if is_asked else _first_wish(visit, opened)
    return _mapping_page(visit, opened, wish, name)


@router.post("/orders/files/{draft}")
def begin(visit: Bringing, draft: str, form: FormOf) -> Response:
    """Let it be taken in."""
    visit.caller.demand("orders:write")
    opened = open_draft(find_draft(visit.desk.uploads, visit.tenant, draft))
    wish, name = _read_wish(form), form.get("name")
    try:
        try_wish(opened, wish, visit.desk.surroundings())
    except UnreadableInputError:
        return _mapping_page(visit, opened, wish, name, 422)
    batch = begin_draft(visit.store, visit.caller, opened, wish, name or draft)
    visit.desk.wake()
    return visit.go(f"/orders/batches/{batch.batch}", "The file is being taken in.")


@router.get("/orders/batches/{batch}")
def show_batch(visit: Looking, batch: str, after: Annotated[str, Query(max_length=2_000)] = "") -> Response:
    """How far a file is, and what is wrong with it."""
    found = get_batch(visit.store, visit.tenant, batch)
    wanted = replace(findings_of(visit.store, found), after=_read_place(after), limit=SHOWN + 1)
    cut, count = visit.store.look.page_findings(wanted), visit.store.look.count_findings(wanted)
    last = json.dumps(cut.select(ROW_KEY).row(SHOWN - 1)) if cut.height > SHOWN else ""
    listing = Listing(
        "findings",
        *_findings(found, cut.head(SHOWN)),
        with_query(visit.request, after=last) if last else "",
        with_query(visit.request, after="") if after else "",
    )
    told: dict[str, Any] = {"batch": found, "listing": listing, "count": count, "words": _say(found)}
    told |= {"tone": TONES.get(found.state, "open"), "is_over": found.state in (DONE, FAILED)}
    told |= {"waiting": visit.store.desk.count_waiting(visit.tenant, batch)}
    template = "promises.html.j2" if found.kind == PROMISES else "batch.html.j2"
    return visit.page(template, _name(found), ROOM.name, **told)


@router.get("/orders/batches/{batch}/progress")
def tell_progress(visit: Looking, batch: str) -> JSONResponse:
    """How far a file is, for the page's script."""
    found = get_batch(visit.store, visit.tenant, batch)
    counts = {name: getattr(found, name) for name in ("position", "accepted", "duplicates", "rejected")}
    counts["waiting"] = visit.store.desk.count_waiting(visit.tenant, batch)
    return JSONResponse({"state": found.state, "words": _say(found)} | counts)


@router.get("/orders/batches/{batch}/rejected.csv")
def download(visit: Looking, batch: str) -> Response:
    """The rejected rows, to be corrected and uploaded."""
    found = get_batch(visit.store, visit.tenant, batch)
    text = write_rejected(visit.store, found.intake)
    named = "".join(sign for sign in Path(found.message).stem if sign.isascii() and (sign.isalnum() or sign in "-_"))
    headers = {"Content-Disposition": f'attachment; filename="{named[:80] or "orders"}-rejected.csv"'}
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


def _read_place(text: str) -> tuple[str | int, ...]:
    """The key of the last finding before a page; nothing of the first page."""
    try:
        place = json.loads(text) if text else []
    except (ValueError, RecursionError):
        place = None
    kinds = [type(each) for each in place] if isinstance(place, list) else None
    if kinds not in ([], [str, int, str, str]) or "\0" in text or "\\u0000" in text:
        raise MisuseError("this is no place in a list of findings; begin with the first page")
    return tuple(place or ())


def _make_room(visit: Visit) -> None:
    make_room(visit.desk.uploads, visit.tenant, _waiting(visit))


async def _write(request: Request, path: Path, most: int) -> None:
    size = 0
    with path.open("wb") as file:
        async for piece in request.stream():
            size += len(piece)
            if size > most:
                raise HTTPException(413, f"a file has at most {write_size(most)}")
            file.write(piece)


def _row(batch: Batch) -> tuple[Any, ...]:
    counts = (batch.position, batch.accepted, batch.duplicates, batch.rejected)
    return (
        Cell(_name(batch), f"/orders/batches/{batch.batch}", note=_note(batch)),
        Cell(_say(batch), tone=TONES.get(batch.state, "open"), note=f"{batch.created_at:%Y-%m-%d %H:%M}"),
        *(f"{count:,}" for count in counts),
        batch.created_by,
    )


def _name(batch: Batch) -> str:
    if batch.kind == PROMISES:
        return f"Promises of {batch.created_at.day} {batch.created_at:%B}" if batch.created_by == SERVER else "Promises"
    return batch.message or batch.file


def _note(batch: Batch) -> str:
    if batch.kind == PROMISES:
        return "as orders came in" if batch.created_by == SERVER else "for all orders without one"
    return write_size(batch.size_bytes)


def _say(batch: Batch) -> str:
    return (OF_PROMISES if batch.kind == PROMISES else WORDS).get(batch.state, "Waiting")


def _findings(batch: Batch, cut: pl.DataFrame) -> tuple[str, Any, tuple[tuple[Any, ...], ...], str]:
    """Caption, heads and rows of what is wrong, and what is said where nothing is."""
    if batch.kind == PROMISES:
        rows = tuple(_unserved(*row) for row in cut.select("subject", "message").iter_rows())
        empty = "Every order has a promise." if batch.state == DONE else "None by now."
        return "Orders that no service takes", heads("Order", "Why no service takes it"), rows, empty
    columns = heads("Line", "Column", "What is wrong", "How to mend it", "Rejected", numbers="n....")
    rows = tuple(_finding(row) for row in cut.iter_rows(named=True))
    empty = "Nothing is wrong with it." if batch.state == DONE else "Nothing is known to be wrong by now."
    return "What is wrong, by the line of the file", columns, rows, empty


def _unserved(subject: str, message: str) -> tuple[Cell, str]:
    seller, _, order_id = subject.partition("/")
    return link_order(seller, order_id), message.removeprefix(f"order {order_id} of {seller}: ")


def _finding(row: dict[str, Any]) -> tuple[Any, ...]:
    is_error = row["level"] == "error"
    level = Cell("yes", tone="wrong") if is_error else Cell("no, a warning", tone="open")
    return (
        f"{row['row']:,}",
        Cell(row["field"], code=True),
        write_sentence(row["message"]),
        write_sentence(row["fix"]) if row["fix"] else "",
        level,
    )


def _waiting(visit: Visit) -> set[str]:
    return {
        each.file for each in list_batches(visit.store, visit.tenant, limit=1_000) if each.state not in (DONE, FAILED)
    }


def _first_wish(visit: Visit, draft: Draft) -> Wish:
    """As the last file with that header, or as its columns are called."""
    known = recall(visit.desk.uploads, visit.tenant, draft.columns)
    if known is not None:
        return known
    sellers = visit.store.list_sellers().filter(pl.col("tenant") == visit.tenant).get_column("seller").to_list()
    return suggest(draft.columns, draft.head, {"seller": sellers[0]} if len(sellers) == 1 else None)


def _read_wish(form: Form) -> Wish:
    names = list_columns()
    columns = {name: form.get(f"from.{name}") for name in names}
    constants = {name: form.get(f"all.{name}") for name in names}
    units = {name: form.get(f"unit.{name}") for name in names}
    return Wish(
        {name: text for name, text in columns.items() if text and not constants[name]},
        {name: text for name, text in constants.items() if text},
        {name: text for name, text in units.items() if text},
        form.get("format"),
        form.get("zone"),
        form.get("decimal") or ".",
    )


def _mapping_page(visit: Visit, draft: Draft, wish: Wish, name: str, status: int = 200) -> Response:
    told: dict[str, Any] = {"draft": draft, "wish": wish, "name": name, "wrong": "", "trial": None, "listing": None}
    try:
        trial = try_wish(draft, wish, visit.desk.surroundings())
        told |= {"trial": trial, "listing": _preview(trial.findings), "chosen": _chosen(trial.chosen, wish)}
    except UnreadableInputError as error:
        told["wrong"] = str(error).replace(str(draft.path), name).replace(draft.path.name, name or "the file")
    told |= {
        "columns": [(get_column(each), UNITS.get(get_column(each).unit, ())) for each in list_columns()],
        "formats": FORMATS if not wish.format or wish.format in FORMATS else (*FORMATS, wish.format),
        "samples": {each: _sample(draft.head, each) for each in draft.columns},
        "facilities": sorted(visit.desk.surroundings().origins),
    }
    return visit.page("mapping.html.j2", "How this file is read", ROOM.name, status=status, **told)


def _preview(findings: pl.DataFrame) -> Listing:
    rows = tuple(_finding(row) for row in findings.head(PREVIEWED).iter_rows(named=True))
    columns = heads("Line", "Column", "What is wrong", "How to mend it", "Rejected", numbers="n....")
    return Listing("tried", "What is wrong with the first rows", columns, rows, "Nothing is wrong with the first rows.")


def _chosen(chosen: pl.DataFrame, wish: Wish) -> Listing:
    named = (name for name in list_columns() if name in wish.columns or name in wish.constants)
    names = [name for name in named if name in chosen.columns]
    titles = [f"{name} ({wish.units[name]})" if name in wish.units else name for name in names]
    rows = tuple(chosen.select(names).head(PREVIEWED).cast(pl.String).iter_rows())
    return Listing("rows", "The first rows under our columns", heads(*titles), rows, "The file has no rows.")


def _sample(head: pl.DataFrame, column: str) -> str:
    cells = head.get_column(column).drop_nulls().unique(maintain_order=True).head(3).to_list()
    return ", ".join(str(cell)[:25] for cell in cells)
