"""Events that partners report (EMSEVT), recorded by the many thousand in the transaction of their inbox rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.mail.partner import Operator
from entrepost.messages.emsevt_bulk import SCHEMA, Bulk, BulkReader
from entrepost.messages.profiling.layout import Profile
from entrepost.operations.event_rows import ITEM_UNKNOWN
from entrepost.operations.events import record_inside
from entrepost.operations.exchanging.inbox import Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk, to_why
from entrepost.operations.exchanging.letting_wait import let_wait
from entrepost.operations.exchanging.receipts import REFUSED
from entrepost.operations.messages import CANCELS
from entrepost.operations.store import EVENT, Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.text import fill

OFFICE = finding_code("exchange_event_office_other", "An event is reported at an office that is not its sender's.")
ITEM = finding_code(
    "exchange_event_item_other", "An event is about an item that neither comes from nor goes to a sender."
)
REMEMBERED = "exchange"
"""Under what name a store remembers readers, and items of which partners may tell."""
WHY = {"file": pl.UInt32(), "code": pl.String(), "what": pl.String()}


def apply_events(store: Store, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    """Record the events of messages; one of which nothing can be used is refused."""
    verdicts: dict[int, Verdict] = {}
    groups = dict.fromkeys((each.operator.operator, each.channel.profile if each.channel else "") for each in mine)
    for operator, profile in groups:
        places = [at for at, each in enumerate(mine) if _is_of(each, operator, profile)]
        given = [mine[at] for at in places]
        found = _apply(store, desk, given, next((each for each in desk.profiles if each.file == profile), None))
        verdicts |= dict(zip(places, found, strict=True))
    return [verdicts[at] for at in range(len(mine))]


def _is_of(given: Incoming, operator: str, profile: str) -> bool:
    return given.operator.operator == operator and (given.channel.profile if given.channel else "") == profile


def _apply(store: Store, desk: Desk, mine: Sequence[Incoming], profile: Profile | None) -> list[Verdict]:
    """The messages of one partner, read as a batch in which each is a file of its own."""
    bulk = _reader(store, desk, profile).read([(str(at), each.piece.content) for at, each in enumerate(mine)])
    events = bulk.events.filter(pl.col("function") != "cancel")
    strange = _find_strange(store, desk, mine[0].operator, events)
    good = (
        events.filter(~pl.int_range(pl.len()).is_in(strange.get_column("at").implode())) if strange.height else events
    )
    sent = pl.min_horizontal("recorded_at", pl.lit(desk.now).cast(INSTANT))
    typed = good.with_columns(pl.col("reason").replace("", None), recorded_at=sent)
    typed = typed.select([name for name in SCHEMA if name in ("item_id", *EVENT)])
    _, findings = record_inside(store, typed, bulk.zones, desk.tenant)
    wrong = pl.concat([strange.select(list(WHY)), _placed(findings, good)])
    return let_wait(store, desk, mine, _find_unknown(findings, good), _judge(mine, bulk, events, wrong))


def _reader(store: Store, desk: Desk, profile: Profile | None) -> BulkReader:
    """The reader of the last batch, which remembers the segments that it met, as long as offices keep their zones."""
    zones = desk.partners.zones(desk.now.date())
    readers = store.remembered.setdefault(REMEMBERED, {})
    name = (profile.file if profile else "", tuple(sorted(zones.items())))
    if name not in readers:
        readers[name] = BulkReader(zones, profile)
    reader: BulkReader = readers[name]
    return reader


def _find_strange(store: Store, desk: Desk, operator: Operator, events: pl.DataFrame) -> pl.DataFrame:
    """Events that this partner has no business to tell: their place, file and why."""
    today = desk.now.date()
    offices = events.get_column("facility").unique().to_list()
    bad = [each for each in offices if not desk.partners.has_office(operator.operator, each, today)]
    others = _find_others(store, desk, operator, events.get_column("item_id"))
    name = operator.operator
    at_office, of_item = pl.col("facility").is_in(bad), pl.col("item_id").is_in(others)
    strange = events.with_row_index("at").filter(at_office | of_item)
    return strange.select(
        "at",
        "file",
        code=pl.when(at_office).then(pl.lit(OFFICE)).otherwise(pl.lit(ITEM)),
        what=pl.when(at_office)
        .then(fill(f"{{}} is no office of {name}", "facility"))
        .otherwise(fill(f"{{}} neither comes from {name} nor goes there", "item_id")),
    )


def _find_others(store: Store, desk: Desk, operator: Operator, items: pl.Series) -> list[str]:
    """Items that neither come from an operator nor go to it; what was found right once is not asked for again."""
    countries = operator.countries.split()
    known: set[str] = store.remembered.setdefault(f"{REMEMBERED} {desk.tenant} {operator.operator} {countries}", set())
    shared = _find_shared(desk, operator)
    doubted = ~items.str.slice(-2).is_in([each for each in countries if each not in shared])
    asked = [each for each in items.filter(doubted).unique().to_list() if each not in known]
    if not asked:
        return []
    destinations = store.exchange.find_destinations(desk.tenant, asked)
    others = {item for item, to in destinations.items() if item[-2:] not in countries and to not in countries}
    if shared:
        found = store.inbound.find(desk.tenant, [each for each in asked if each[-2:] in shared])
        told = found.filter((pl.col("operator") != "") & (pl.col("operator") != operator.operator))
        others |= {*told.filter(~pl.col("country").is_in(countries)).get_column("item_id").to_list()}
    known |= destinations.keys() - others
    return sorted(others)


def _find_shared(desk: Desk, operator: Operator) -> list[str]:
    """The countries of an operator that another one has, too: what comes from there may be the other's."""
    others = [each.countries.split() for each in desk.partners.operators if each.operator != operator.operator]
    return [each for each in operator.countries.split() if any(each in listed for listed in others)]


def _placed(findings: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """What is wrong with recorded events, by message; a warning loses no event and is left out."""
    errors = findings.filter(pl.col("level") == "error")
    files = events.get_column("file").gather(errors.get_column("row") - 1)
    return pl.DataFrame({"file": files, "code": errors["code"], "what": errors["message"]}, schema=WHY)


def _find_unknown(findings: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Of events about items that are not there the message and the item."""
    rows = findings.filter(pl.col("code") == ITEM_UNKNOWN).get_column("row") - 1
    return events.select(pl.col("file", "item_id").gather(rows)).unique(maintain_order=True)


def _judge(mine: Sequence[Incoming], bulk: Bulk, events: pl.DataFrame, wrong: pl.DataFrame) -> list[Verdict]:
    """A verdict for each message: refused where it has errors and no event of it could be used."""
    told = dict(events.group_by("file").len().iter_rows())
    lost: dict[int, list[str]] = {}
    for file, code, what in wrong.iter_rows():
        lost.setdefault(file, []).append(f"{code}: {what}")
    heard: dict[int, list[Finding]] = {}
    for finding in bulk.findings:
        heard.setdefault(int(finding.subject), []).append(
            replace(finding, subject=mine[int(finding.subject)].row.entry)
        )
    verdicts = []
    for at, each in enumerate(mine):
        count, gone = told.get(at, 0), lost.get(at, [])
        why: list[Finding | str] = [*heard.get(at, []), *gone]
        if each.row.function == "cancel":
            why.append(f"{CANCELS}: events are facts and stay; send what is right at a later time")
        is_empty = count == len(gone) and any(isinstance(one, str) or one.level == "error" for one in why)
        verdicts.append(Verdict(REFUSED if is_empty else "applied", to_why(why)))
    return verdicts
