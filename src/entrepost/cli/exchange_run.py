"""entrepost exchange partners, run, send, status, dead, replay, prune: exchange messages with other operators."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.errors import MisuseError, StoreError
from entrepost.cli.terminal import STORE, StoreOption, TenantOption, here, opened

if TYPE_CHECKING:
    from entrepost.base.findings import Finding
    from entrepost.mail.partner import Partners
    from entrepost.operations.exchange import Ran
    from entrepost.operations.exchange_records import ExchangeAlarm
    from entrepost.operations.exchanging.rounds import Rounds

REJECTED = 3
COUNTS = "again", "interchanges"


def partners(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder to load; otherwise what is loaded is shown.", metavar="FOLDER")
    ] = None,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Load the table of partners from its folder in the place of what is there, or show it."""
    from entrepost.base.findings import list_errors
    from entrepost.operations.exchanging.partners import get_partners, load_partners

    terminal = here()
    with opened(store, create=folder is not None) as kept:
        found, findings = load_partners(kept, tenant, folder) if folder else (get_partners(kept, tenant), [])
    for finding in findings:
        terminal.say(str(finding))
    terminal.answer({**_facts(found), "findings": findings}, _lines(found))
    if list_errors(findings):
        terminal.say("nothing is changed: correct the folder, and load it again")
        raise typer.Exit(REJECTED)


def run(
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped, looking every two seconds.")] = False,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Take in what came, answer it, and send what is due; stopped anywhere, the next run goes on.

    A server makes these rounds itself, unless it is told not to: then this waits until that one ends. Settings:
    ENTREPOST_EXCHANGE_FOLDER, ENTREPOST_EXCHANGE_PROFILES.
    """
    from entrepost.operations.chores import Turns
    from entrepost.operations.exchanging import alarms
    from entrepost.operations.exchanging.rounds import RoundParams, Rounds
    from entrepost.wiring import open_exchange

    terminal, params = here(), RoundParams()
    with opened(store) as kept, terminal.progress("messages in") as progress:
        rounds = Rounds(kept, tenant, Turns(kept, timedelta(seconds=params.lease_seconds)), open_exchange, params)
        try:
            total = _go_round(rounds, watch, progress)
            raised = alarms.watch(kept, tenant)
        finally:
            rounds.close()
    lines = [f"{count:>10,} {name}" for name, count in total.items()]
    terminal.answer({**total, "alarms": raised}, [*lines, *map(_alarm_line, raised)])
    if total.get("messages refused", 0):
        raise typer.Exit(REJECTED)


def send(
    file: Annotated[Path, typer.Argument(help="Messages as plain JSON, one a line.", metavar="FILE")],
    to: Annotated[str, typer.Option("--to", help="To the operator of this office, or to this carrier.")],
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Queue messages for a partner, by the channels that hold today; `exchange run` sends them."""
    from entrepost.messages import plain
    from entrepost.operations.dispatching.names import Telling
    from entrepost.operations.exchanging.partners import get_partners
    from entrepost.operations.exchanging.posting import post
    from entrepost.operations.source import read_bytes

    tellings: list[Any] = []
    findings: list[Finding] = []
    for line in read_bytes(file).splitlines():
        if line.strip():
            received = plain.read(line)
            findings += received.findings
            tellings += [_to(each, to, Telling) for each in received.messages]
    with opened(store) as kept:
        posted = post(kept, tenant, get_partners(kept, tenant), tellings)
    findings += posted.findings
    for finding in findings:
        here().say(str(finding))
    lines = [
        f"{each.sent}  {each.messages:,} messages for {each.operator} over {each.transport}" for each in posted.sent
    ]
    here().answer({"sent": [asdict(each) for each in posted.sent], "findings": findings}, lines or ["nothing queued"])
    if findings:
        raise typer.Exit(REJECTED)


def prune(
    days: Annotated[int, typer.Option("--days", min=200, help="So long after they came or were sent.")] = 0,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Let rows of finished interchanges go that are old; a server does it every day.

    What came stays known, so that it is never applied twice. Setting: ENTREPOST_EXCHANGE_KEEP_DAYS, otherwise 400.
    """
    from entrepost.operations.exchanging.pruning import PruneParams, prune_old
    from entrepost.wiring import read_prune_params

    with opened(store) as kept:
        done = prune_old(kept, tenant, PruneParams(days) if days else read_prune_params())
    lines = [f"{done.came:>10,} interchanges that came", f"{done.sent:>10,} that were sent"]
    here().answer(done, [*lines, f"{done.messages:>10,} messages in them"])


def status(tenant: TenantOption = "main", store: StoreOption = STORE) -> None:
    """Count messages in and out by partner, type and state; tell what is stuck, and open alarms."""
    from entrepost.operations.exchange_records import ExchangeAlarm
    from entrepost.operations.exchanging.looking import count_messages, list_stuck

    with opened(store) as kept:
        counts = count_messages(kept, tenant)
        out, waiting = list_stuck(kept, tenant)
        raised = [each for each in kept.exchange.list_with(ExchangeAlarm, tenant, {}) if each.ended_at is None]
    names = ("direction", "operator", "message", "state", "count")
    lines = [
        f"{way:3} {operator:8} {message:8} {state:11} {count:>10,}" for way, operator, message, state, count in counts
    ]
    lines += [f"unanswered since {row.created_at:%Y-%m-%d %H:%M}: {row.sent}  {row.answer}" for row in out]
    lines += [f"waits to be applied: {row.entry}  {row.message} {row.document}" for row in waiting]
    lines += map(_alarm_line, raised)
    counted = [dict(zip(names, each, strict=True)) for each in counts]
    facts = {"messages": counted, "unanswered": out, "waiting": waiting, "alarms": raised}
    here().answer(facts, lines or ["nothing was exchanged yet"])


def dead(
    most: Annotated[int, typer.Option("--most", min=1, help="So many of each kind at most.")] = 20,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """List what was refused, by us or by partners, and what nobody will ever take, with the reasons."""
    from entrepost.operations.exchange_records import Came, Sent
    from entrepost.operations.exchanging.looking import Asked, list_interchanges, list_messages

    with opened(store) as kept:
        came = list_messages(kept, tenant, Asked("in", ("refused",)), limit=most)
        told = list_messages(kept, tenant, Asked("out", ("refused",)), limit=most)
        inwards = list_interchanges(kept, tenant, "in", ["refused"])[:most]
        outwards = list_interchanges(kept, tenant, "out", ["dead"])[:most]
    lines = [_line("in", row.entry, f"{row.message} {row.document}", row.why) for row in came]
    lines += [_line("out", row.entry, f"{row.message} {row.document}", row.why) for row in told]
    lines += [_line("in", row.came, "interchange", row.why) for row in inwards if isinstance(row, Came)]
    lines += [_line("out", row.sent, "interchange", row.answer) for row in outwards if isinstance(row, Sent)]
    facts = {"came": came, "sent": told, "interchanges_in": inwards, "interchanges_out": outwards}
    here().answer(facts, lines or ["nothing is dead"])


def replay(
    names: Annotated[
        list[str], typer.Argument(help="Messages or interchanges, as `dead` lists them.", metavar="NAME...")
    ],
    mended: Annotated[
        Path | None, typer.Option("--mended", help="The message mended, an interchange of it alone.", metavar="FILE")
    ] = None,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Apply messages that were refused once more, as they came or mended, or send interchanges once more."""
    from entrepost.operations.exchange import open_desk
    from entrepost.operations.exchange_records import Sent
    from entrepost.operations.exchanging import looking
    from entrepost.operations.source import read_bytes
    from entrepost.wiring import open_exchange

    if mended and len(names) != 1:
        raise MisuseError("a mended message replaces one; name one")
    with opened(store) as kept:
        sent = list(kept.exchange.find(Sent, tenant, names))
        others = [name for name in names if name not in sent]
        again = looking.send_again(kept, tenant, sent) if sent else 0
        done = []
        if others:
            means = open_exchange(kept, tenant)
            bodies = {others[0]: read_bytes(mended)} if mended else None
            done = looking.replay(kept, open_desk(kept, means), means.appliers, others, bodies)
    lines = [f"{row.entry}  {row.state}  {row.why}".rstrip() for row in done]
    lines += [f"{again:,} interchanges are sent once more: entrepost exchange run"] if again else []
    here().answer({"messages": done, "sent_again": again}, lines)
    if any(row.state == "refused" for row in done):
        raise typer.Exit(REJECTED)


def _go_round(rounds: Rounds, watch: bool, progress: Callable[[int], None] | None) -> dict[str, int]:
    """Rounds until there is nothing to do, or until stopped; what they did together."""
    total: dict[str, int] = {}
    away: Mapping[str, str] = {}
    heard = 0
    while True:
        before = heard
        _wait_for_turn(rounds, watch)
        ran = rounds.go(lambda count, before=before: progress(before + count) if progress else None)  # type: ignore[misc]
        if ran is None:
            continue
        _add(total, ran)
        heard += ran.came.total() - sum(ran.came[name] for name in COUNTS)
        for name, why in ran.away.items():
            if away.get(name) != why:
                here().say(f"{name}: {why}")
        away = ran.away
        if ran.is_idle and not watch:
            return total
        for each in rounds.look() if watch else ():
            here().say(_alarm_line(each))
        time.sleep(rounds.params.idle_seconds if ran.is_idle else 0)


def _wait_for_turn(rounds: Rounds, watch: bool) -> None:
    """Wait while another process makes the rounds; without `watch` as long as one that died would hold them up."""
    deadline = time.monotonic() + rounds.params.lease_seconds + rounds.params.idle_seconds
    rounds.prepare()
    while not rounds.has():
        if not watch and time.monotonic() > deadline:
            raise StoreError(f"another process exchanges for {rounds.tenant}, such as a server; there is nothing to do")
        time.sleep(rounds.params.idle_seconds)


def _alarm_line(each: ExchangeAlarm) -> str:
    return f"alarm: {each.operator} {each.message} {each.kind}: {each.what}"


def _to(message: Any, to: str, kind: Callable[..., Any]) -> Any:
    return kind(message, office=to) if len(to) == 6 else kind(message, carrier=to)


def _add(total: dict[str, int], ran: Ran) -> None:
    told = {f"messages {name}": count for name, count in ran.came.items() if name not in COUNTS}
    told |= {"interchanges in": ran.came["interchanges"], "of them again": ran.came["again"]}
    told |= {"receipts in": ran.receipts_in, "receipts out": ran.receipts_out}
    told |= {"interchanges out": ran.went.taken, "put off": ran.went.waiting, "dead": ran.went.dead}
    for name, count in told.items():
        total[name] = total.get(name, 0) + count


def _facts(found: Partners) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("operators", "offices", "addresses", "channels")}


def _lines(found: Partners) -> list[str]:
    lines = [f"{each.operator}  {each.name}{'  (own)' if each.own else ''}" for each in found.operators]
    for each in found.channels:
        way = "to  " if each.direction == "out" else "from"
        until = f" to {each.valid_to}" if each.valid_to else ""
        what = f"{each.message} {each.version}".rstrip()
        how = f"{each.syntax} over {each.transport}, {each.stage}, from {each.valid_from}{until}"
        lines.append(f"{way} {each.operator}  {what}  {how}")
    return lines or ["no partners"]


def _line(way: str, name: str, what: str, why: str) -> str:
    return f"{way:3}  {name}  {what}\n" + "\n".join(f"       {reason}" for reason in why.split("\n"))


COMMANDS: dict[str, Callable[..., None]] = {
    "partners": partners,
    "run": run,
    "send": send,
    "status": status,
    "dead": dead,
    "replay": replay,
    "prune": prune,
}
