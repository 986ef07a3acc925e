"""The table of partners of an account: loaded from its folder into the store, and brought back from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.base.findings import Finding, finding_code, list_errors
from entrepost.mail.partner import EVERY, Address, Channel, Office, Operator, Partners
from entrepost.messages.profile import list_profiles, load_profile
from entrepost.messages.profiling.layout import Profile
from entrepost.operations.exchange_records import KeptAddress, KeptChannel, KeptOffice, KeptOperator
from entrepost.operations.exchange_store import Books
from entrepost.tables.partners import read_partners

PROFILE = finding_code(
    "partner_profile_missing", "A channel is for a message, version or syntax of which no profile is."
)
PROFILES = "profiles"
"""The folder, beside the tables, in which the profiles stand that channels name."""

KINDS: dict[str, tuple[type[Any], type[Any]]] = {
    "operators": (Operator, KeptOperator),
    "offices": (Office, KeptOffice),
    "addresses": (Address, KeptAddress),
    "channels": (Channel, KeptChannel),
}
"""Of each table the noun, and what is kept of it."""
NAMED: dict[type, tuple[str, ...]] = {
    KeptOffice: ("office", "valid_from"),
    KeptAddress: ("address", "valid_from"),
    KeptChannel: ("operator", "direction", "message", "valid_from"),
}
"""What names a row that is dated."""


def load_partners(books: Books, tenant: str, folder: str | Path) -> tuple[Partners, list[Finding]]:
    """Keep the table of a folder in the place of what is there; with an error nothing is changed.

    Raises
    ------
    UnreadableInputError
        Where there is no such folder.
    """
    partners, findings = read_partners(folder)
    findings += _check_profiles(partners, Path(folder) / PROFILES)
    if not list_errors(findings):
        put_partners(books, tenant, partners)
    return partners, findings


def put_partners(books: Books, tenant: str, partners: Partners) -> None:
    """Keep a table in the place of what is there, in one transaction."""
    with books.transaction():
        books.exchange.hold(f"partners of {tenant}")
        for table, (_, kind) in KINDS.items():
            rows: list[Any] = [_to_kept(kind, tenant, row) for row in getattr(partners, table)]
            key = fields(kind)[1].name
            names = {getattr(row, key) for row in rows}
            before = {getattr(row, key) for row in books.exchange.list_with(kind, tenant, {})}
            books.exchange.remove(kind, tenant, sorted(before - names))
            books.exchange.put(rows)


def get_partners(books: Books, tenant: str) -> Partners:
    """The table of an account; empty where none was loaded."""
    tables = {
        table: tuple(_to_noun(noun, row) for row in books.exchange.list_with(kind, tenant, {}))
        for table, (noun, kind) in KINDS.items()
    }
    return Partners(**tables)  # type: ignore[arg-type]


def read_profiles(partners: Partners, folder: Path) -> tuple[Profile, ...]:
    """The profiles that channels name, from their folder."""
    names = dict.fromkeys(each.profile for each in partners.channels if each.profile)
    return tuple(load_profile(folder / name) for name in names)


def _check_profiles(partners: Partners, folder: Path) -> Iterable[Finding]:
    ours = {(each.message, each.syntax): each.version for each in list_profiles()}
    lines = partners.lines.get("channels", ())
    for channel, line in zip(partners.channels, lines, strict=True):
        what = _miss_profile(channel, ours, folder)
        if what:
            fix = f"name a file of {folder}, or correct the channel"
            yield Finding(PROFILE, "profile", what, "channels.csv", line, fix)


def _miss_profile(channel: Channel, ours: dict[tuple[str, str], str], folder: Path) -> str:
    if channel.profile:
        try:
            found = load_profile(folder / channel.profile)
        except (UnreadableInputError, MisuseError) as error:
            return str(error)
        version = found.version
        if channel.message not in (EVERY, found.message):
            return f"{channel.profile} is a profile of {found.message}, not of {channel.message}"
    elif channel.message == EVERY or channel.syntax == "json":
        return "" if channel.message in (EVERY, *(name for name, _ in ours)) else f"nobody knows {channel.message}"
    elif (channel.message, channel.syntax) not in ours:
        return f"there is no profile of {channel.message} in {channel.syntax}"
    else:
        version = ours[channel.message, channel.syntax]
    if channel.version and channel.version != version:
        return f"{channel.message} {channel.version} has no profile; there is one of {version}"
    return ""


def _to_kept(kind: type, tenant: str, noun: Any) -> Any:
    cells = {each.name: _write(getattr(noun, each.name)) for each in fields(noun)}
    if kind in NAMED:
        cells["row"] = " ".join(cells[name] for name in NAMED[kind])
    return kind(tenant=tenant, **cells)


def _to_noun(kind: type, row: Any) -> Any:
    return kind(**{each.name: _read(getattr(row, each.name), str(each.type)) for each in fields(kind)})


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _read(text: str, kind: str) -> object:
    if "date" in kind:
        return date.fromisoformat(text) if text else None
    return text == "yes" if kind == "bool" else text
