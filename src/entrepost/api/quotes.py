"""`/v1/quotes`: what a service costs and when it arrives, and `/v1/landed-costs`: what is due at the border."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.given import Cell, Given, Rejected, given_rows, rejected_of, row_schema, rows_body
from entrepost.api.house import House, HouseOf
from entrepost.api.rows import ORDER
from entrepost.operations.access import Caller
from entrepost.operations.asked_orders import read_asked_orders

router = APIRouter()
LINE: dict[str, Any] = {
    "item_id": "a",
    "origin": "CN",
    "destination": "DE",
    "hs_code": "610910",
    "quantity": 5,
    "unit_value": "10.00",
    "currency": "EUR",
}
LinesGiven: Any = given_rows("lines")


EXAMPLE: dict[str, Any] = {"example": {"orders": [ORDER], "policy": "balanced"}}


class QuotesWanted(BaseModel):
    """Orders, and how the best service of each is chosen."""

    model_config = ConfigDict(json_schema_extra=EXAMPLE)

    orders: list[dict[str, Cell]] = Field(
        min_length=1, max_length=1_000, json_schema_extra={"items": row_schema("orders")}
    )
    policy: str = Field(
        "",
        description="balanced, keep-date, least-charge or fastest; empty: by active segments, or else as the account "
        "promises (`/v1/promising`)",
    )
    every: bool = Field(False, description="Every service with its reason, not the best.")
    landed: bool = Field(False, description="Duty, tax and fees too, and decide on what is paid in all.")


class Quotes(BaseModel):
    """Offers, columns as in the table `quotes`, and what is wrong with orders; `row` counts from 0."""

    data: list[dict[str, Any]]
    rows: list[Rejected]


class LandedCostsTold(BaseModel):
    """What is due on each item and on each line; null where something is not known."""

    items: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    rows: list[Rejected]


@router.post("/v1/quotes", summary="Ask for quotes", **guarded("quotes:write", 400))
async def ask_quotes(
    caller: Annotated[Caller, Depends(caller_with("quotes:write"))], house: HouseOf, wanted: QuotesWanted
) -> Quotes:
    """Quote orders, which are kept nowhere. A few orders that are placed now are answered at once."""
    if told := await _soon(caller, house, wanted):
        return told
    async with house.turns.take():
        if told := await _soon(caller, house, wanted):  # the hour was made ready meanwhile
            return told
        return await run_in_threadpool(_by_frames, caller, house, wanted)


async def _soon(caller: Caller, house: House, wanted: QuotesWanted) -> Quotes | None:
    """Quotes from the counter; None where frames must be asked."""
    if wanted.landed or not house.warm.is_set():
        return None
    told = await house.at_once(_at_counter, caller, house, wanted)
    if told is None:
        return None
    return Quotes(data=[{name: row[name] for name in row if name != "tenant"} for row in told], rows=[])


def _at_counter(caller: Caller, house: House, wanted: QuotesWanted) -> list[dict[str, Any]] | None:
    """Quotes of a few orders; None where frames must be asked: where the account has segments or a network."""
    from entrepost.operations.active_rules import has_active
    from entrepost.operations.opened import find_opened
    from entrepost.operations.promising import standing_policy
    from entrepost.operations.quoting import Asked
    from entrepost.service.policy import named_policy

    if has_active(house.store, caller.tenant) and (
        find_opened(house.store, caller.tenant) or not (wanted.policy or wanted.every)
    ):
        return None
    policy = named_policy(wanted.policy) if wanted.policy else standing_policy(house.store, caller.tenant)

    def is_full() -> bool:
        return not house.store.desk.list_taken(caller.tenant).height

    return house.quoting.find(wanted.orders, caller.tenant, Asked(policy, wanted.every, is_full))


def _by_frames(caller: Caller, house: House, wanted: QuotesWanted) -> Quotes:
    """Quotes of any orders."""
    from entrepost.operations.active_rules import has_active, policy_of
    from entrepost.operations.order_desk import stock_of_account
    from entrepost.operations.promising import standing_policy
    from entrepost.service.choice import choose
    from entrepost.service.landed import Landed
    from entrepost.service.policy import named_policy
    from entrepost.service.quote import quote

    own = policy_of if has_active(house.store, caller.tenant) else standing_policy
    policy = named_policy(wanted.policy) if wanted.policy else own(house.store, caller.tenant)
    network = stock_of_account(house.store, house.network, caller.tenant)
    asked = read_asked_orders(wanted.orders, caller.tenant, house.surroundings.origins)
    rows = rejected_of(asked.findings)
    if not asked.lines.height:
        return Quotes(data=[], rows=rows)
    quotes = quote(network, asked.lines, landed=Landed() if wanted.landed else None)
    told = quotes if wanted.every else choose(network, asked.lines, policy, quotes)
    return Quotes(data=told.drop("tenant", strict=False).to_dicts(), rows=rows)


@router.post(
    "/v1/landed-costs",
    summary="Ask what is due at the border",
    **guarded("landed-costs:write", 400, 413, extra=rows_body("content_lines", "lines", LINE)),
)
def ask_landed_costs(
    caller: Annotated[Caller, Depends(caller_with("landed-costs:write"))],
    house: HouseOf,
    given: LinesGiven,
    day: Annotated[date | None, Query(description="The day of import; without it today.")] = None,
) -> LandedCostsTold:
    """Work out duty, tax and fees of items by the law of a day."""
    from entrepost.customs.landed_cost import assess_lines
    from entrepost.operations.content_lines import read_content_lines

    sent: Given = given
    with sent.file(house.uploads) as path:
        read = read_content_lines(path)
    costs = assess_lines(read.frame, day or datetime.now(UTC).date())
    found = [*read.findings, *costs.findings]
    rows = sent.rejected(found)
    return LandedCostsTold(items=costs.items.to_dicts(), lines=costs.lines.to_dicts(), rows=rows)
