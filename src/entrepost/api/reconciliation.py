"""`/v1/reconciliation`: what is open between operators by what everybody told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.operations.access import Caller
from entrepost.operations.message_desk import READ
from entrepost.operations.reconciling import reconcile_store

router = APIRouter(prefix="/v1/reconciliation")
MOST = 1_000


class OpenShown(BaseModel):
    """Something that is missing or disagrees: what, within which dispatch or consignment, since when, whom to ask."""

    code: str
    subject: str
    within: str
    ask: str
    since: datetime | None
    message: str
    suggestion: str


class Open(BaseModel):
    """What is open: how many of each kind, and the first of them."""

    counts: dict[str, int]
    data: list[OpenShown]


@router.get("", summary="What is open between operators", **guarded(READ))
def list_open(
    caller: Annotated[Caller, Depends(caller_with(READ))],
    house: HouseOf,
    code: Annotated[str, Query(max_length=50, description="Only of this kind.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="So many of each kind at most.")] = 100,
) -> Open:
    """Dispatches, receptacles, consignments and items of which something is missing, the longest open first."""
    found = reconcile_store(house.store, caller.tenant)
    counts = {str(name): int(count) for name, count in found.group_by("code", maintain_order=True).len().iter_rows()}
    rows = found.filter(code=code) if code else found
    first = rows.group_by("code", maintain_order=True).head(limit)
    return Open(counts=counts, data=[_shown(row) for row in first.iter_rows(named=True)])


def _shown(row: dict[str, Any]) -> OpenShown:
    return OpenShown(**{name: row["fix" if name == "suggestion" else name] for name in OpenShown.model_fields})
