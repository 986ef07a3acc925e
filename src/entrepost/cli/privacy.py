"""entrepost privacy: forget what is old, give people their data, erase them, and change keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import STORE, StoreOption, TenantOption, here, opened, with_voice

if TYPE_CHECKING:
    from entrepost.operations.privacy import Person

app = typer.Typer(
    help="Forget people's data when they are old, give or erase them when asked, and change keys.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
OrderOption = Annotated[
    str, typer.Option("--order", help="The person is the recipient of this order.", metavar="SELLER/ORDER")
]
ItemOption = Annotated[
    str, typer.Option("--item", help="The person gets this item, which a partner may have announced.", metavar="NUMBER")
]
EmailOption = Annotated[str, typer.Option("--email", help="The person has this address.", metavar="ADDRESS")]


def forget(
    days: Annotated[int, typer.Option("--days", min=0, help="So long after the last event of what is over.")] = 90,
    open_days: Annotated[
        int, typer.Option("--open-days", min=0, help="So long after the last event of what never came to an end.")
    ] = 365,
    store: StoreOption = STORE,
) -> None:
    """Pseudonymise orders that are long over; made to run every day."""
    from entrepost.operations.privacy import PrivacyParams, forget_old

    with opened(store) as kept:
        done = forget_old(kept, PrivacyParams(days, open_days))
    lines = [f"{done.orders:,} orders pseudonymised", f"{done.rows:,} rejected rows of files forgotten"]
    here().answer(done, lines)


def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write, for its owner alone.", metavar="FILE")],
    order: OrderOption = "",
    item: ItemOption = "",
    email: EmailOption = "",
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Write all that is kept of a person, as JSON."""
    import json

    from entrepost.operations.privacy import export_person

    with opened(store) as kept:
        tables = export_person(kept, tenant, _person(order, item, email))
    out.touch(mode=0o600)
    out.write_text(json.dumps(tables, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    counts = {name: len(rows) for name, rows in tables.items()}
    here().answer(counts, [f"{count:>10,} {name}" for name, count in counts.items()])


def erase(
    order: OrderOption = "",
    item: ItemOption = "",
    email: EmailOption = "",
    asked_by: Annotated[
        str, typer.Option("--asked-by", help="On whose word, as it is written down; no person's name.", metavar="WHO")
    ] = "",
    tenant: TenantOption = "main",
    store: StoreOption = STORE,
) -> None:
    """Erase name, addresses and contacts of a person from all of the person's orders and messages, for good."""
    from entrepost.operations.privacy import erase_person

    with opened(store) as kept:
        count = erase_person(kept, tenant, _person(order, item, email), asked_by)
    here().answer({"orders": count}, [f"erased from {count:,} orders"])


def new_key() -> None:
    """Make a master key; keep it in a file that only its owner reads, and not beside the database."""
    from entrepost.wiring import make_key

    key = make_key()
    here().answer({"key": key}, [key])


def turn_keys(tenant: TenantOption = "main", store: StoreOption = STORE) -> None:
    """Give an account a new key, and seal everything by it."""
    from entrepost.operations.privacy import turn_keys as turn

    with opened(store) as kept:
        count = turn(kept, tenant)
    here().answer({"sealed": count}, [f"{count:,} texts sealed anew"])


def wrap_keys(store: StoreOption = STORE) -> None:
    """Wrap the keys of all accounts by the first of the master keys; the others may be put away then."""
    with opened(store) as kept:
        count = kept.recipients.wrap_anew()
    here().answer({"wrapped": count}, [f"{count:,} keys wrapped anew"])


def _person(order: str, item: str, email: str) -> Person:
    from entrepost.operations.privacy import Person

    seller, found, order_id = order.partition("/")
    if order and not (found and seller and order_id):
        raise MisuseError(f"--order {order}: write it as SELLER/ORDER")
    return Person((seller, order_id) if order else None, email, item)


COMMANDS: dict[str, Callable[..., None]] = {
    "forget": forget,
    "export": export,
    "erase": erase,
    "new-key": new_key,
    "turn-keys": turn_keys,
    "wrap-keys": wrap_keys,
}
for name, command in COMMANDS.items():
    app.command(name=name)(with_voice(command))
