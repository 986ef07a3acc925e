"""entrepost quote: a service for every order; of the store, or of a file without keeping anything."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    Terminal,
    get_network,
    here,
    opened,
)

if TYPE_CHECKING:
    from entrepost.network.network import Network
    from entrepost.operations.progress import Outcome
    from entrepost.service.clearance import Clearance
    from entrepost.service.policy import Policy

POLICIES = ("balanced", "keep-date", "least-charge", "fastest")


@dataclass(frozen=True)
class Asked:
    """What is told of the orders of a file, and what is known of who is stopped at customs."""

    every: Annotated[bool, typer.Option("--all", help="With a file: every service with its reason, not the best.")] = (
        False
    )
    landed: Annotated[
        bool,
        typer.Option(
            "--landed/--no-landed", help="With a file: duty, tax and fees too, and decide on what is paid in all."
        ),
    ] = True
    clearance: Annotated[
        Path | None,
        typer.Option(
            "--clearance", help="Promise by who is stopped at customs, as `customs learn` found.", metavar="FILE.csv"
        ),
    ] = None
    scores: Annotated[
        Path | None,
        typer.Option("--scores", help="With --clearance: the sellers' scores that it wrote.", metavar="FILE.csv"),
    ] = None


def run(
    file: Annotated[
        Path | None, typer.Argument(help="Quote the orders of this file ('-': standard input) and keep nothing.")
    ] = None,
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    policy: Annotated[
        str,
        typer.Option(
            "--policy",
            help=f"{', '.join(POLICIES)}, or a seller's rule file (.toml); without it balanced, and for orders of the "
            "store the active segments of their account.",
        ),
    ] = "",
    asked: Asked = Asked(),
) -> None:
    """Promise a service to every order of the store that has none; or quote the orders of a file.

    Without a file the promises are kept in the store and counted. With a file the chosen service of each
    order is written to standard output as CSV, or as JSON lines.
    """
    terminal = here()
    places = get_network(network)
    clearance = _read_clearance(asked)
    if file is None:
        _promise(terminal, store, places, get_policy(policy), clearance)
    else:
        _quote_file(terminal, file, places, get_policy(policy), asked, clearance)


def _read_clearance(asked: Asked) -> Clearance | None:
    import polars as pl

    from entrepost.base.errors import UnreadableInputError
    from entrepost.customs.estimate import read_clearance
    from entrepost.service.clearance import Clearance

    if asked.clearance is None:
        if asked.scores is not None:
            raise MisuseError("--scores says how good sellers' data are; --clearance FILE.csv says what that tells")
        return None
    model = read_clearance(asked.clearance)
    if asked.scores is None:
        return Clearance(model)
    try:
        known = pl.read_csv(asked.scores, columns=["seller", "seller_score"], schema_overrides={"seller": pl.String})
        rows = known.with_columns(pl.col("seller_score").cast(pl.Float64)).drop_nulls().rows()
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableInputError(f"{asked.scores}: needs seller and seller_score: {reason}") from None
    return Clearance(model, dict(rows))


def get_policy(name: str) -> Policy | None:
    """The policy of that name, or the rule file at that path; None of no name."""
    from entrepost.service.policy import RuleFile, named_policy

    if not name:
        return None
    if name in POLICIES:
        return named_policy(name)
    if not name.endswith(".toml"):
        raise MisuseError(f"there is no policy {name!r}; use {', '.join(POLICIES)}, or the path of a rule file (.toml)")
    if not Path(name).exists():
        raise MisuseError(f"the rule file {name} is not there")
    return RuleFile(name)


def _promise(
    terminal: Terminal, store: str, network: Network, policy: Policy | None, clearance: Clearance | None
) -> None:
    from entrepost.operations.order_desk import promise_orders

    with opened(store) as kept, terminal.progress("orders") as progress:
        done = promise_orders(kept, network, policy, progress=progress, clearance=clearance)
    lines = [f"{done.promised:,} of {done.orders:,} orders were promised a service, {done.items:,} items numbered"]
    if done.unserved:
        lines.append(f"{done.unserved:,} orders cannot be carried by any service; entrepost quote FILE --all tells why")
    terminal.answer(done, lines)
    if done.unserved:
        raise typer.Exit(3)


def _quote_file(
    terminal: Terminal, file: Path, network: Network, policy: Policy | None, asked: Asked, clearance: Clearance | None
) -> None:
    """Read the file by way of a store that is thrown away, so that its rows are checked as everywhere."""
    from entrepost.operations.intake import intake_orders
    from entrepost.service.choice import choose
    from entrepost.service.landed import Landed
    from entrepost.service.quote import quote

    with tempfile.TemporaryDirectory() as folder:
        path = _from_standard_input(Path(folder)) if str(file) == "-" else file
        with opened(Path(folder) / "quote.db", create=True) as kept:
            outcome = intake_orders(kept, path, None, network.facility_by_code)
            orders = kept.list_orders()
            _tell_findings(
                terminal, outcome, kept.list_findings(outcome.intake).select("subject", "row", "message").rows()
            )
    if orders.height:
        quotes = quote(network, orders, landed=Landed() if asked.landed else None, clearance=clearance)
        terminal.write(quotes if asked.every else choose(network, orders, policy, quotes))
    if outcome.rejected:
        raise typer.Exit(3)


def _from_standard_input(folder: Path) -> Path:
    data = sys.stdin.buffer.read()
    path = folder / ("orders.jsonl" if data.lstrip()[:1] == b"{" else "orders.csv")
    path.write_bytes(data)
    return path


def _tell_findings(terminal: Terminal, outcome: Outcome, rows: list[tuple[str, int, str]]) -> None:
    for subject, row, message in rows[:20]:
        terminal.say(f"{subject}:{row}: {message}")
    if outcome.rejected:
        terminal.say(f"{outcome.rejected:,} rows rejected, {outcome.accepted:,} quoted")
