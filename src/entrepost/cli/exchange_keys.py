"""entrepost exchange make-key, take-key, keys, end-key: by what partners and we sign what goes over HTTPS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.cli.terminal import STORE, StoreOption, TenantOption, here, opened
from entrepost.operations.access import SCOPES, Caller

if TYPE_CHECKING:
    from entrepost.operations.partner_key_store import PartnerKey

Own = Annotated[str, typer.Argument(help="Our EDI address.", metavar="OWN")]
Partner = Annotated[str, typer.Argument(help="The partner's EDI address.", metavar="PARTNER")]


def make(
    own: Own,
    partner: Partner,
    days: Annotated[float, typer.Option("--days", min=0, help="For so long the former key holds beside it.")] = 7,
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Make the key by which a partner signs what it posts to us; it is shown this once."""
    from entrepost.operations.partner_keys import make_partner_key

    with opened(store, create=True) as kept:
        made, text = make_partner_key(kept, _holder(tenant), own, partner, days)
    here().answer(_facts(made) | {"secret": text}, [text, f"hand it to {partner}; it is not shown again"])


def take(
    own: Own,
    partner: Partner,
    key: Annotated[str, typer.Argument(help="What the partner made for us; it begins with epx.", metavar="KEY")],
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Sign what goes to a partner by the key that it made for us."""
    from entrepost.operations.partner_keys import take_partner_key

    with opened(store, create=True) as kept:
        taken = take_partner_key(kept, _holder(tenant), own, partner, key)
    here().answer(_facts(taken), [f"what {own} posts to {partner} is signed by {taken.key} from now on"])


def list_all(tenant: TenantOption = "main", store: StoreOption = STORE) -> None:
    """List the keys of partners, and until when they hold."""
    with opened(store) as kept:
        keys, now = kept.partner_keys.list_all(tenant), kept.clock.now()
    ends = {each.key: "" if each.until is None else f", until {each.until:%Y-%m-%d %H:%M}" for each in keys}
    lines = [
        f"{each.key}  {each.direction:<3}  {each.own} {'from' if each.direction == 'in' else 'to'} {each.partner}  "
        f"made {each.created_at:%Y-%m-%d}{ends[each.key]}{' (over)' if each.until and each.until <= now else ''}"
        for each in keys
    ]
    here().answer([_facts(each) for each in keys], lines or ["no keys of partners"])


def end(
    key: Annotated[str, typer.Argument(help="The key, as it is listed.", metavar="KEY")],
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """End a key at once."""
    from entrepost.operations.partner_keys import end_partner_key

    with opened(store) as kept:
        ended = end_partner_key(kept, _holder(tenant), key)
    here().answer(_facts(ended), [f"{key} holds no longer"])


def _holder(tenant: str) -> Caller:
    return Caller(tenant, "terminal", frozenset(SCOPES))


def _facts(key: PartnerKey) -> dict[str, Any]:
    names = ("key", "direction", "own", "partner", "created_at", "until")
    return {name: getattr(key, name) for name in names}
