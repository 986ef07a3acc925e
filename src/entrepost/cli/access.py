"""entrepost access: people and keys of an account, by whoever holds the store."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import STORE, StoreOption, TenantOption, here, opened, to_instant, with_voice

if TYPE_CHECKING:
    from entrepost.operations.access import Caller

app = typer.Typer(
    help="Access: who works in an account, and the keys of programs.", no_args_is_help=True, rich_markup_mode=None
)
SECRETS = ("password", "secret_hash")


def invite(
    email: Annotated[str, typer.Argument(help="Whom to invite.")],
    role: Annotated[str, typer.Option("--role", help="viewer, clerk, planner or admin.")] = "admin",
    store: StoreOption = STORE,
    tenant: TenantOption = "main",
) -> None:
    """Invite somebody; the token that is shown this once lets them choose a password."""
    from entrepost.operations.people import invite as invite_one

    with opened(store, create=True) as kept:
        invitation, token = invite_one(kept, _holder(tenant), email, role)
    facts = {"email": invitation.email, "role": role, "until": invitation.until, "token": token}
    lines = [
        f"{invitation.email} is invited as {role} until {invitation.until:%Y-%m-%d}",
        f"  {token}",
        "to be put in on the page /invitation of the server, such as http://127.0.0.1:8000/invitation",
    ]
    here().answer(facts, lines)


def key(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scopes: Annotated[
        list[str] | None, typer.Option("--scope", help="What it may, such as orders:write; otherwise everything.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="When it ends.", metavar="INSTANT")] = None,
    store: StoreOption = STORE,
    tenant: TenantOption = "main",
) -> None:
    """Make a key; it is shown this once."""
    from entrepost.operations.keys import make_key

    end = to_instant(until, "--until") if until else None
    with opened(store, create=True) as kept:
        made, text = make_key(kept, _holder(tenant), name, scopes or ["*"], end)
    here().answer({"key": made.key, "name": name, "scopes": made.scopes.split(), "secret": text}, [text])


def revoke(
    key: Annotated[str, typer.Argument(help="The key, by the name that entrepost access show tells.")],
    store: StoreOption = STORE,
    tenant: TenantOption = "main",
) -> None:
    """End a key at once."""
    from entrepost.operations.keys import revoke_key

    with opened(store) as kept:
        revoked = revoke_key(kept, _holder(tenant), key)
    here().answer({"key": revoked.key, "revoked_at": revoked.revoked_at}, [f"{revoked.name}: revoked"])


def show(store: StoreOption = STORE, tenant: TenantOption = "main") -> None:
    """Tell who works in an account and which keys it has."""
    from entrepost.operations.keys import is_valid, list_keys
    from entrepost.operations.people import list_people

    with opened(store) as kept:
        people, keys, now = list_people(kept, tenant), list_keys(kept, tenant), kept.clock.now()
    told = [*map(asdict, people), *map(asdict, keys)]
    facts = [{name: value for name, value in each.items() if name not in SECRETS} for each in told]
    lines = [f"{each.email}  {each.role}{'  (gone)' if each.ended_at else ''}" for each in people]
    lines += [f"{each.key}  {each.name}{'' if is_valid(each, now) else '  (over)'}" for each in keys]
    here().answer(facts, lines or ["nobody, and no key"])


def _holder(tenant: str) -> Caller:
    """Who holds the store may everything; what they do is written down as the terminal's."""
    from entrepost.operations.access import SCOPES, Caller

    return Caller(tenant, "terminal", frozenset(SCOPES))


for command in (invite, key, revoke, show):
    app.command(name=command.__name__)(with_voice(command))
