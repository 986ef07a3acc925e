"""entrepost dispatch: fill receptacles, close them and their dispatches, give them to carriers, print their papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.dispatch_told import tell_findings, to_facts, write_messages
from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    TenantOption,
    get_network,
    here,
    opened,
    with_voice,
)

if TYPE_CHECKING:
    from entrepost.base.findings import Finding
    from entrepost.operations.access import Caller
    from entrepost.operations.dispatching.closing import Closing
    from entrepost.operations.dispatching.names import Telling
    from entrepost.operations.store import Store

app = typer.Typer(
    help="Fill receptacles, close them and their dispatches, give them to carriers, and print their papers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Tag = Annotated[str, typer.Argument(help="The tag of the receptacle.", metavar="TAG")]
Items = Annotated[list[str] | None, typer.Argument(help="Items by their numbers.", metavar="ITEM")]
ItemsFile = Annotated[
    Path | None, typer.Option("--from", help="A file with a number in each line, or with a column item_id.")
]
Messages = Annotated[
    Path | None, typer.Option("--messages", help="Write what is to be sent there, a message in each line as JSON.")
]
Name = Annotated[str, typer.Argument(help="The dispatch: 20 characters, or the 15 of its series.", metavar="DISPATCH")]


@dataclass(frozen=True, slots=True)
class Office:
    """Where mail is worked on: the network with its offices, the account and its store."""

    network: NetworkOption = "sample"
    tenant: TenantOption = "main"
    store: StoreOption = STORE

    def holder(self) -> Caller:
        """Whoever holds the store may do everything."""
        return _holder(self.tenant)

    @contextmanager
    def telling(self) -> Iterator[Store]:
        """The store in a transaction: what is done and what is told of it become durable together."""
        with opened(self.store) as kept, kept.transaction():
            yield kept

    def post(self, kept: Store, told: Sequence[Telling]) -> tuple[Finding, ...]:
        """Queue messages for partners, where the account has any."""
        from entrepost.wiring import post_told

        return post_told(kept, self.tenant, told)


@dataclass(frozen=True, slots=True)
class Make:
    """What kind of receptacle is opened."""

    tag: Annotated[str, typer.Option("--tag", help="What is on it; without it one is made up.")] = ""
    kind: Annotated[str, typer.Option("--kind", help="BG bag, PU tray, CW roll cage, PX pallet, BX box.")] = "BG"
    holds: Annotated[str, typer.Option("--holds", help="any, ordinary or registered.")] = "any"


def open_(
    origin: Annotated[str, typer.Argument(help="The office that fills it.")],
    destination: Annotated[str, typer.Argument(help="The office that is to open it.")],
    category: Annotated[str, typer.Argument(help="A, B, C or D.")],
    subclass: Annotated[str, typer.Argument(help="Two letters, such as UN.")],
    make: Make,
    office: Office,
) -> None:
    """Begin to fill a receptacle; the same again changes nothing."""
    from entrepost.operations.dispatching.filling import Opening, open_receptacle

    ends = (origin.upper(), destination.upper(), category.upper(), subclass.upper())
    wanted = Opening(*ends, make.tag, make.kind, holds=make.holds)
    with opened(office.store) as kept:
        made = open_receptacle(kept, get_network(office.network), office.holder(), wanted)
    here().answer(made, [f"{made.tag} is open for {made.series}"])


def put(
    tag: Tag,
    items: Items = None,
    file: ItemsFile = None,
    timeout_minutes: Annotated[
        int | None, typer.Option("--timeout-minutes", help="Silence for so long counts as no objection.", min=0)
    ] = None,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Put items in; what does not belong there, or may not be loaded, stays out. The exit code is 3 then."""
    from entrepost.operations.dispatching.filling import put_items

    with opened(store) as kept:
        done = put_items(kept, _holder(tenant), tag, _numbers(items, file), timeout_minutes)
    here().answer(to_facts(done), [f"{done.added:,} put in, {done.again:,} were in it"])
    tell_findings(done.findings)


def take(
    tag: Tag, items: Items = None, file: ItemsFile = None, tenant: TenantOption = "main", store: StoreOption = STORE
) -> None:
    """Take items out of a receptacle that is not closed."""
    from entrepost.operations.dispatching.filling import take_out

    with opened(store) as kept:
        done = take_out(kept, _holder(tenant), tag, _numbers(items, file))
    here().answer(to_facts(done), [f"{done.again:,} taken out"])
    tell_findings(done.findings)


def seal(
    weighed: Annotated[list[str], typer.Argument(help="Tag and gross weight in grams.", metavar="TAG=GRAMS")],
    hold: Annotated[str, typer.Option("--hold", help="Hold back the item, or its receptacle.")] = "item",
    *,
    office: Office,
) -> None:
    """Close receptacles: each gets its number in the open dispatch of its series. What cannot be closed stays open."""
    from entrepost.operations.dispatching.closing import ClosingParams, close_receptacles

    closings = [_closing(each) for each in weighed]
    with opened(office.store) as kept:
        done = close_receptacles(kept, get_network(office.network), office.holder(), closings, ClosingParams(hold))
    lines = [f"{each.receptacle_id}  {each.tag}  {each.items:,} items" for each in done.receptacles]
    here().answer(to_facts(done), [*lines, *(f"take out {each}" for each in done.held)] or ["nothing was closed"])
    tell_findings(done.findings)


def close(
    dispatch: Name,
    messages: Messages = None,
    *,
    office: Office,
) -> None:
    """Close a dispatch for ever, and write what is to be sent: PREDES, and EMSEVT of its items."""
    from entrepost.operations.dispatching.dispatches import close_dispatch

    with office.telling() as kept:
        done = close_dispatch(kept, get_network(office.network), office.holder(), dispatch)
        unsent = office.post(kept, () if done.again else done.messages)
    made = done.dispatch
    lines = [f"{made.dispatch_id} is closed: {made.receptacles:,} receptacles, {made.items:,} items, {made.weight_g} g"]
    if done.relabelled:
        lines.append(f"print the label of {done.receptacles[-1].receptacle_id} anew: it is the last one")
    here().answer(to_facts(done), [*lines, *write_messages(messages, done.messages)])
    tell_findings((*done.findings, *unsent))


def correct(
    dispatch: Name,
    weighed: Annotated[
        list[str], typer.Argument(help="Receptacles and their weights in grams.", metavar="RECEPTACLE=WEIGHT...")
    ],
    take_out: Annotated[
        list[str] | None, typer.Option("--take-out", help="An item that was taken out; may be repeated.")
    ] = None,
    messages: Messages = None,
    *,
    office: Office,
) -> None:
    """Correct a closed dispatch that no carrier has: other weights, items taken out; PREDES replaces what was told."""
    from entrepost.operations.dispatching.correcting import Correcting, correct_dispatch

    wanted = Correcting(tuple(map(_read_weight, weighed)), tuple(take_out or ()))
    with office.telling() as kept:
        done = correct_dispatch(kept, office.holder(), dispatch, wanted)
        unsent = office.post(kept, done.messages)
    made = done.dispatch
    lines = [f"{made.dispatch_id} has {made.receptacles:,} receptacles, {made.items:,} items, {made.weight_g} g"]
    lines += [f"print the label of {new} in the place of {old}" for old, new in done.relabelled]
    here().answer(to_facts(done), [*lines, *write_messages(messages, done.messages)])
    tell_findings((*done.findings, *unsent))


def _read_weight(text: str) -> tuple[str, int]:
    number, _, weight = text.partition("=")
    if not weight.isdecimal():
        raise MisuseError(f"{text!r} is no receptacle and weight; write NUMBER=GRAMS")
    return number, int(weight)


def cancel(
    number: Annotated[str, typer.Argument(help="A dispatch, or the number of a consignment.", metavar="NUMBER")],
    messages: Messages = None,
    *,
    office: Office,
) -> None:
    """Cancel a dispatch that no carrier has, or a consignment that its carrier has not scanned."""
    from entrepost.codes.dispatch import LENGTH
    from entrepost.operations.dispatching.consigning import cancel_consignment
    from entrepost.operations.dispatching.dispatches import cancel_dispatch

    with office.telling() as kept:
        done: Any
        if len("".join(number.split())) == LENGTH:
            done = cancel_dispatch(kept, get_network(office.network), office.holder(), number)
        else:
            done = cancel_consignment(kept, office.holder(), number)
        unsent = office.post(kept, () if done.again else done.messages)
    here().answer(to_facts(done), [f"{number} is cancelled", *write_messages(messages, done.messages)])
    tell_findings(unsent)


def consign(
    dispatch: Annotated[str, typer.Argument(help="The closed dispatch: 20 characters.", metavar="DISPATCH")],
    security: Annotated[str, typer.Option("--security", help="Its security status, such as SPX.")] = "",
    messages: Messages = None,
    *,
    office: Office,
) -> None:
    """Give a dispatch to the departures that arrive first and have room; write CARDIT and PRECON."""
    from entrepost.operations.dispatching.consigning import Consigning
    from entrepost.operations.dispatching.consigning import consign as give

    wanted = Consigning(dispatch, security_status=security)
    with office.telling() as kept:
        done = give(kept, get_network(office.network), office.holder(), wanted)
        told = [message for each in done.consignments for message in each.messages]
        unsent = office.post(kept, told)
    lines = [
        f"{each.consignment.consignment_id}  {leg.carrier} {leg.trip}  {leg.origin} {leg.departs_at:%Y-%m-%d %H:%M}Z"
        for each in done.consignments
        for leg in each.legs
    ]
    here().answer(to_facts(done), [*lines, *write_messages(messages, told)] or ["nothing was given to a carrier"])
    tell_findings((*done.findings, *unsent))


def list_all(
    direction: Annotated[str, typer.Option("--direction", help="out, or in: what was announced to us.")] = "out",
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """List dispatches by series and serial."""
    from entrepost.operations.dispatching.listing import list_dispatches

    with opened(store) as kept:
        found = list_dispatches(kept, tenant, direction)
    lines = [
        f"{each.dispatch_id}  {each.state:<9}  {each.receptacles:>4,} receptacles  {each.items:>7,} items"
        for each in found
    ]
    here().answer(found, lines or ["no dispatches"])


def documents(
    number: Annotated[str, typer.Argument(help="A dispatch, or the number of a consignment.", metavar="NUMBER")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the PDF files.", metavar="FOLDER")] = Path(),
    *,
    office: Office,
) -> None:
    """Write the papers of a dispatch, labels and bills, or the delivery bill of a consignment, as PDF."""
    from entrepost.codes.dispatch import LENGTH
    from entrepost.operations.dispatching.dispatches import find_dispatch
    from entrepost.operations.dispatching.papers import draw_consignment_paper, draw_dispatch_paper, list_papers

    places, written = get_network(office.network), {}
    with opened(office.store) as kept:
        if len("".join(number.split())) in (15, LENGTH):
            found = find_dispatch(kept, office.tenant, number)
            for paper in list_papers(kept, found):
                made = draw_dispatch_paper(kept, places, office.tenant, found.dispatch_id, paper)
                written[f"{found.dispatch_id}-{paper}.pdf"] = made
        else:
            written[f"{number}-delivery.pdf"] = draw_consignment_paper(kept, places, office.tenant, number)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in written.items():
        (out / name).write_bytes(content)
    here().answer({"files": list(written)}, [str(out / name) for name in written])


def lodge(
    items: Items = None,
    file: ItemsFile = None,
    messages: Messages = None,
    mode: Annotated[str, typer.Option("--mode", help="How they will go: air, sea, rail or road.")] = "air",
    *,
    office: Office,
) -> None:
    """Lodge the advance data of items, from their orders; write ITMATT."""
    from entrepost.operations.dispatching.lodging import lodge_items

    with office.telling() as kept:
        done = lodge_items(kept, get_network(office.network), office.holder(), _numbers(items, file), mode)
        unsent = office.post(kept, done.messages)
    here().answer(to_facts(done), [f"{len(done.item_ids):,} lodged", *write_messages(messages, done.messages)])
    tell_findings((*done.findings, *unsent))


def receive(
    receptacles: Annotated[list[str], typer.Argument(help="Their numbers, perhaps =damaged or =not_found.")],
    messages: Messages = None,
    *,
    office: Office,
) -> None:
    """Receive what was announced; write RESDES, and EMSEVT of the items that arrived."""
    from entrepost.operations.dispatching.receiving import Seen, receive_receptacles

    seen = [Seen(number, status or "received") for number, _, status in (each.partition("=") for each in receptacles)]
    with office.telling() as kept:
        done = receive_receptacles(kept, get_network(office.network), office.holder(), seen)
        unsent = office.post(kept, done.messages)
    lines = [f"{each.receptacle_id}  {each.outcome}" for each in done.receptacles]
    here().answer(to_facts(done), [*lines, *write_messages(messages, done.messages)] or ["nothing was announced"])
    tell_findings((*done.findings, *unsent))


def _holder(tenant: str) -> Caller:
    from entrepost.operations.access import SCOPES, Caller

    return Caller(tenant, "terminal", frozenset(SCOPES))


def _closing(text: str) -> Closing:
    from entrepost.operations.dispatching.closing import Closing

    tag, found, grams = text.rpartition("=")
    if not found or not grams.isdigit():
        raise MisuseError(f"{text!r}: write the tag and its gross weight in grams, such as 'bag 1=12480'")
    return Closing(tag, int(grams))


def _numbers(items: list[str] | None, file: Path | None) -> list[str]:
    """What stands in the command and in the file."""
    from entrepost.operations.content_lines import read_texts

    told = list(items or [])
    if file is not None and file.suffix == ".txt":
        told += file.read_text(encoding="utf-8").split()
    elif file is not None:
        frame, _ = read_texts(file)
        if "item_id" not in frame.columns:
            raise MisuseError(f"{file.name} has no column item_id")
        told += frame.get_column("item_id").drop_nulls().cast(str).to_list()
    if not told:
        raise MisuseError("name items, or a file of them: --from FILE")
    return told


app.command("open")(with_voice(open_))
for command in (put, take, seal, close, correct, consign, cancel, documents, lodge, receive):
    app.command(command.__name__)(with_voice(command))
app.command("list")(with_voice(list_all))
