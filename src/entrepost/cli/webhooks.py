"""entrepost webhooks: tell endpoints of an account what happens, and see what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import STORE, StoreOption, TenantOption, here, opened, with_voice

if TYPE_CHECKING:
    from entrepost.operations.webhook_store import Endpoint

app = typer.Typer(
    help="Tell endpoints of an account what happens, and see what became of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(help="The endpoint, as it is listed.", metavar="ENDPOINT")]


def add(
    url: Annotated[str, typer.Argument(help="Where messages are posted to, such as https://hooks.example.org/in.")],
    kinds: Annotated[
        list[str] | None, typer.Option("--kind", help="Only messages of this kind; may be repeated.", metavar="KIND")
    ] = None,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Add an endpoint; its secret is shown now and not again."""
    from entrepost.operations.webhooks_desk import refuse_unreachable
    from entrepost.operations.webhooks_endpoints import add_endpoint, check_url
    from entrepost.wiring import open_sender

    refuse_unreachable(check_url(url), open_sender().check)
    with opened(store, create=True) as kept:
        made = add_endpoint(kept, tenant, url, kinds or [])
    facts = _facts(made) | {"secret": made.secret}
    here().answer(facts, [made.endpoint, f"secret: {made.secret}", "keep the secret: it is not shown again"])


def list_all(tenant: TenantOption = "main", store: StoreOption = STORE) -> None:
    """List endpoints, and how much waits, went out and died."""
    with opened(store) as kept:
        endpoints = kept.webhooks.list_endpoints(tenant)
        counts = kept.webhooks.count_deliveries(tenant).rows()
    by_name = {
        each.endpoint: {state: count for _, name, state, count in counts if name == each.endpoint} for each in endpoints
    }
    lines = [_line(each, by_name[each.endpoint]) for each in endpoints]
    facts = [_facts(each) | {"deliveries": by_name[each.endpoint]} for each in endpoints]
    here().answer(facts, lines or ["no endpoints"])


def deliver(
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped, looking every second.")] = False,
    store: StoreOption = STORE,
) -> None:
    """Send what is due; several may do so at once. Settings: ENTREPOST_WEBHOOK_HTTP, ENTREPOST_WEBHOOK_NETWORKS."""
    from entrepost.operations.webhooks_send import deliver_due, keep_delivering
    from entrepost.wiring import open_sender

    with opened(store) as kept:
        if watch:
            keep_delivering(kept, open_sender)
            return
        done = deliver_due(kept, open_sender())
    lines = [
        f"{done.delivered:>10,} delivered",
        f"{done.deferred:>10,} put off and tried again later",
        f"{done.dead:>10,} given up",
        f"{done.failed_endpoints:>10,} endpoints switched off",
    ]
    here().answer(done, lines)


def log(
    endpoint: Name,
    state: Annotated[str, typer.Option("--state", help="queued, sending, delivered or dead; otherwise all.")] = "",
    most: Annotated[int, typer.Option("--most", min=1, help="So many deliveries at most.")] = 20,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """List deliveries to an endpoint, the latest first, with every attempt."""
    with opened(store) as kept:
        rows = kept.webhooks.list_deliveries(tenant, endpoint, state, limit=most)
        tries = kept.webhooks.list_attempts(rows).to_dicts()
    facts = [row | {"log": [t for t in tries if t["delivery_no"] == row["delivery_no"]]} for row in rows.to_dicts()]
    lines = []
    for row in facts:
        lines.append(f"{row['message']}  {row['state']}  {row['kind']}  {row['subject']}")
        lines += [f"    {t['tried_at']:%Y-%m-%d %H:%M:%S}  {t['took_ms']:>6,} ms  {t['answer']}" for t in row["log"]]
    here().answer(facts, lines or ["no deliveries"])


def replay(
    endpoint: Name,
    hours: Annotated[float, typer.Option("--hours", min=0, help="What was told in the last so many hours.")] = 76,
    message: Annotated[str, typer.Option("--message", help="Only this message.", metavar="MESSAGE")] = "",
    dead: Annotated[bool, typer.Option("--dead", help="Only what could not be delivered.")] = False,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Tell an endpoint again what it was told, or should have been, under the same names."""
    from entrepost.operations.webhooks_log import replay as tell_again
    from entrepost.operations.webhooks_log import replay_message

    with opened(store) as kept:
        if message:
            replay_message(kept, tenant, endpoint, message)
            count = 1
        else:
            since = datetime.now(UTC) - timedelta(hours=hours)
            count = tell_again(kept, tenant, endpoint, since, only_dead=dead)
    here().answer({"queued": count}, [f"{count:,} messages queued; send them: entrepost webhooks deliver"])


def change(
    endpoint: Name,
    how: Annotated[str, typer.Argument(help="on, off, secret (a new one), try (a message that only arrives), remove.")],
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Switch an endpoint on or off, give it another secret, try it, or remove it."""
    from entrepost.operations import webhooks_endpoints as endpoints

    with opened(store) as kept:
        if how in ("on", "off"):
            endpoints.switch_endpoint(kept, tenant, endpoint, on=how == "on")
            lines = [f"{endpoint} is {how}"]
        elif how == "secret":
            made = endpoints.turn_secret(kept, tenant, endpoint)
            lines = [f"secret: {made.secret}", f"the former one signs beside it for {endpoints.FORMER_HOURS} hours"]
        elif how == "try":
            lines = [f"{endpoints.try_endpoint(kept, tenant, endpoint)} queued"]
        elif how == "remove":
            endpoints.remove_endpoint(kept, tenant, endpoint)
            lines = [f"{endpoint} is gone"]
        else:
            raise MisuseError(f"{how!r} is nothing to do; give on, off, secret, try or remove")
    here().answer({"endpoint": endpoint, "done": how}, lines)


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    names = ("endpoint", "url", "kinds", "state", "created_at", "failures", "failing_since", "paused_until", "answer")
    return {name: getattr(endpoint, name) for name in names}


def _line(endpoint: Endpoint, counts: dict[str, int]) -> str:
    told = ", ".join(f"{count:,} {state}" for state, count in counts.items()) or "nothing told"
    failing = (
        f"; failing since {endpoint.failing_since:%Y-%m-%d %H:%M}: {endpoint.answer}" if endpoint.failing_since else ""
    )
    return f"{endpoint.endpoint}  {endpoint.state}  {endpoint.url}  {told}{failing}"


COMMANDS: dict[str, Callable[..., None]] = {
    "add": add,
    "list": list_all,
    "deliver": deliver,
    "log": log,
    "replay": replay,
    "change": change,
}
for name, command in COMMANDS.items():
    app.command(name=name)(with_voice(command))
