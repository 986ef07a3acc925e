"""entrepost notices: tell recipients what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.clock import EPOCH
from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.cli.terminal import STORE, StoreOption, here, opened

if TYPE_CHECKING:
    import polars as pl

    from entrepost.operations.notices_post import Posted
    from entrepost.operations.store import Store

UNAVAILABLE, REJECTED = 4, 3
SHOWN = (
    *("notice", "tenant", "seller", "order_id", "item_id", "kind", "from_day", "to_day", "probability", "state"),
    "answer",
)


@dataclass(frozen=True, slots=True)
class Back:
    """What came back, letters in a mailbox or a token; and what a person decides."""

    returns: Annotated[
        Path | None,
        typer.Option("--returns", help="Take what came back into this mailbox (mbox or Maildir).", metavar="MAILBOX"),
    ] = None
    unsubscribe: Annotated[
        str, typer.Option("--unsubscribe", help="Send its recipient no more of that seller.", metavar="TOKEN")
    ] = ""
    settle: Annotated[
        str,
        typer.Option("--settle", help="Decide on a notice that is uncertain or dead.", metavar="NOTICE=sent|again"),
    ] = ""


def run(
    back: Back,
    contacts: Annotated[
        Path | None, typer.Option("--contacts", help="Bring in first whom to write to, from this CSV.", metavar="FILE")
    ] = None,
    ranges: Annotated[
        Path | None,
        typer.Option("--ranges", help="When items are expected (CSV, Parquet); otherwise as promised.", metavar="FILE"),
    ] = None,
    store: StoreOption = STORE,
    tenant: Annotated[str, typer.Option("--tenant", help="Only this account; otherwise all.", metavar="NAME")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be told; nothing is queued or sent.")
    ] = False,
) -> None:
    """Tell recipients by e-mail when the day of their item changes for them, and only then; each news once.

    The mail server is set by ENTREPOST_SMTP_HOST and its companions. What a person has to decide is listed.
    """
    with opened(store) as kept:
        if back.settle:
            _settle(kept, back.settle)
            return
        if back.returns or back.unsubscribe:
            _take_back(kept, back.returns, back.unsubscribe)
            return
        rejected = _bring_in(kept, contacts, tenant) if contacts else 0
        found = _ranges(kept, ranges, tenant)
        stopped = _show(kept, found, tenant) if dry_run else _tell(kept, found, tenant)
    if stopped or rejected:
        raise typer.Exit(UNAVAILABLE if stopped else REJECTED)


def _bring_in(store: Store, file: Path, tenant: str) -> int:
    """Bring contacts in; how many were rejected."""
    import polars as pl

    from entrepost.operations.contacts import add_contacts

    try:
        rows = pl.read_csv(file, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise UnreadableInputError(f"{file}: {str(error).splitlines()[0]}") from None
    taken = add_contacts(store, rows, tenant or "main", file.name)
    terminal = here()
    terminal.say(f"{file}: {taken.read:,} contacts, {taken.kept:,} kept, {taken.rejected:,} rejected")
    for row, code, message, fix in taken.findings.select("row", "code", "message", "fix").iter_rows():
        terminal.say(f"  {file.name}:{row} {code}: {message}; {fix}")
    return taken.rejected


def _show(store: Store, ranges: pl.DataFrame, tenant: str) -> bool:
    """Say what would be told to whom: by item, never by name or address."""
    from entrepost.operations.notices import find_news

    found = _facts(find_news(store, ranges, tenant=tenant))
    lines = [f"{len(found):,} notices would be told", *(_line(row) for row in found)]
    undecided = _undecided(store, tenant)
    here().answer({"news": found, "undecided": undecided}, lines + _undecided_lines(undecided))
    return False


def _tell(store: Store, ranges: pl.DataFrame, tenant: str) -> bool:
    """Plan and send; whether the mail server ended it."""
    from entrepost.operations.notices import plan_notices
    from entrepost.operations.notices_post import SendParams, send_notices
    from entrepost.wiring import notice_secret, open_post

    post = open_post(store.clock)
    planned = plan_notices(store, ranges, tenant=tenant)
    try:
        posted = send_notices(store, post, SendParams(secret=notice_secret()))
    finally:
        post.close()
    undecided = _undecided(store, tenant)
    news = [f"  {count:>10,} {kind}" for kind, count in planned.news.items()]
    lines = [f"{planned.queued:,} news for the recipients of {planned.items:,} items", *news, *_lines(posted)]
    facts = {"planned": planned, "posted": posted, "undecided": undecided}
    here().answer(facts, lines + _undecided_lines(undecided))
    return bool(posted.stopped)


def _lines(posted: Posted) -> list[str]:
    counts = [
        f"  {posted.sent:>10,} sent",
        f"  {posted.deferred:>10,} put off and tried again later",
        f"  {posted.dead:>10,} given up",
        f"  {posted.uncertain:>10,} uncertain: nobody can know whether they were sent",
        f"  {posted.dropped:>10,} dropped: overtaken, or the contact was withdrawn",
    ]
    shown = [line for line in counts if not line.strip().startswith("0 ")]
    return [*shown, *([f"stopped: {posted.stopped}"] if posted.stopped else [])]


def _undecided(store: Store, tenant: str) -> list[dict[str, Any]]:
    from entrepost.operations.notices_post import list_open

    return _facts(list_open(store, tenant))


def _undecided_lines(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    shown = [f"  {row['notice']}  {row['state']}  {row['item_id']}  {row['kind']}: {row['answer']}" for row in rows]
    return [f"{len(rows):,} notices to decide, with --settle NOTICE=sent or --settle NOTICE=again:", *shown]


def _settle(store: Store, decision: str) -> None:
    from entrepost.operations.notices_post import settle_notice

    notice, _, how = decision.partition("=")
    if how not in ("sent", "again"):
        raise MisuseError(f"--settle {decision}: say NOTICE=sent or NOTICE=again")
    settle_notice(store, notice, how == "sent")
    here().answer({"notice": notice, "decided": how}, [f"{notice}: {how}"])


def _take_back(store: Store, mailbox: Path | None, token: str) -> None:
    """Honour a token, and what came back by mail."""
    from entrepost.exchange.returns import read_returns
    from entrepost.operations.notices_stop import take_returns, unsubscribe
    from entrepost.wiring import notice_secret

    facts: dict[str, Any] = {}
    lines = []
    if token:
        facts["unsubscribed"] = unsubscribe(store, notice_secret(), token)
        lines.append("its recipient gets no more letters of that seller")
    if mailbox:
        taken = take_returns(store, read_returns(mailbox), notice_secret())
        facts["returns"] = taken
        lines += [
            f"{taken.read:,} letters about notices in {mailbox}",
            f"  {taken.bounced:>10,} came back: nothing is sent there until the contact is corrected",
            f"  {taken.unsubscribed:>10,} want no more letters of a seller",
            f"  {taken.ignored:>10,} passed over: taken before, or not about a notice that was sent",
        ]
    here().answer(facts, lines)


def _ranges(store: Store, file: Path | None, tenant: str) -> pl.DataFrame:
    """The ranges of a file, or those that were promised."""
    import polars as pl

    from entrepost.operations.notices import RANGE, promised_ranges

    if file is None:
        return promised_ranges(store, tenant)
    try:
        rows = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)
        given = rows if "tenant" in rows.columns else rows.with_columns(tenant=pl.lit(tenant or "main"))
        return given.select(_cell(given, name, dtype) for name, dtype in RANGE.items())
    except pl.exceptions.PolarsError as error:
        raise UnreadableInputError(f"{file}: {str(error).splitlines()[0]}") from None


def _cell(rows: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Expr:
    import polars as pl

    text = rows.schema.get(name) == pl.String and isinstance(dtype, pl.Datetime)
    value = pl.col(name).replace("", None) if text else pl.col(name)
    return value.str.to_datetime("%+", time_unit="us", time_zone="UTC") if text else value.cast(dtype)


def _facts(notices: pl.DataFrame) -> list[dict[str, Any]]:
    """Notices with their days as dates."""
    rows = notices.select(SHOWN).iter_rows(named=True)
    return [row | {name: _day(row[name]) for name in ("from_day", "to_day")} for row in rows]


def _line(row: dict[str, Any]) -> str:
    first = f"{row['from_day']} to " if row["from_day"] else "by "
    chance = f": {first}{row['to_day']} with {row['probability']:.0%}" if row["to_day"] else ""
    return f"  {row['item_id']}  {row['kind']}{chance}"


def _day(number: int | None) -> str | None:
    return None if number is None else f"{EPOCH + timedelta(days=number):%Y-%m-%d}"
