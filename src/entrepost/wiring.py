"""The only place that chooses a store, a post and a clock."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from entrepost.base.clock import Clock
from entrepost.base.errors import MisuseError
from entrepost.operations.store import Store

if TYPE_CHECKING:
    from entrepost.base.findings import Finding
    from entrepost.mail.partner import Partners
    from entrepost.operations.dispatching.names import Telling
    from entrepost.operations.exchange import Means
    from entrepost.operations.exchanging.pruning import PruneParams
    from entrepost.operations.exchanging.transport import Transport
    from entrepost.operations.notices_post import Post
    from entrepost.operations.webhooks_send import Sender
    from entrepost.store.backup import Copied
    from entrepost.store.seal import MasterKeys, MasterSource

POSTGRES = ("postgresql", "postgres")
SQLITE_HEAD = b"SQLite format 3"


def open_store(place: str | Path, clock: Clock | None = None) -> Store:
    """Open the store at a path, or at a URL: ``sqlite:///orders.db``, ``postgresql://user@host/database``.

    A missing file is created; a database of a server must be there, its tables are created.

    Raises
    ------
    StoreError
        When the file or database is not ours, was written by a newer version, or its server is away.
    """
    scheme, found, rest = str(place).partition("://")
    if found and scheme in POSTGRES:
        from entrepost.store.postgres import PostgresStore  # psycopg is there for those who chose it

        return PostgresStore(f"postgresql://{rest}", clock, _masters())
    file = find_file(place)
    if file is None:
        raise MisuseError(f"{scheme!r} is no store; give a path, sqlite:///PATH or postgresql://USER@HOST/DATABASE")
    if str(file) in (".", ":memory:"):
        raise MisuseError("a store needs a file, so that nothing is lost; give a path")
    from entrepost.store.sqlite import SqliteStore  # SQLAlchemy waits until a store is opened

    return SqliteStore(file, clock, _masters())


def open_reader(place: str | Path) -> Store:
    """Open the store at a place for somebody who only reads, beside whoever writes.

    Raises
    ------
    StoreError
        When there is none, or its server is away.
    """
    file = find_file(place)
    if file is None:
        return open_store(place)
    from entrepost.store.sqlite import SqliteStore

    return SqliteStore(file, None, _masters(), reading=True)


def back_up(place: str | Path, out: Path) -> Copied:
    """Copy the store at that place into one file, while others write; checked before it has its name.

    Raises
    ------
    MisuseError
        When there is something at the copy's place, or no store.
    StoreError
        When the copy is not sound, or the server is away.
    """
    file = find_file(place)
    if file is not None:
        from entrepost.store.backup import back_up_sqlite

        return back_up_sqlite(file, out)
    from entrepost.store.postgres_backup import back_up_postgres

    return back_up_postgres(_url(place), out)


def restore(copy: Path, place: str | Path) -> Copied:
    """Put a copy back where no store is yet: a copy of a file as a file, one of PostgreSQL into an empty database.

    Raises
    ------
    MisuseError
        When there is a store already, or the copy is of the other kind.
    StoreError
        When the copy is not sound or of a newer version, or the server is away.
    """
    file, is_sqlite = find_file(place), is_store(copy)
    if (file is not None) != is_sqlite:
        kind = "a SQLite file" if is_sqlite else "PostgreSQL"
        raise MisuseError(f"{copy} is a copy of a store in {kind}, or none; give a --store of that kind")
    if file is not None:
        from entrepost.store.backup import restore_sqlite

        found = restore_sqlite(copy, file)
    else:
        from entrepost.store.postgres_backup import restore_postgres

        found = restore_postgres(copy, _url(place))
    open_store(place).close()
    return found


def open_post(clock: Clock) -> Post:
    """The post that the environment names: a mail server, by `ENTREPOST_SMTP_HOST` and its companions.

    Raises
    ------
    MisuseError
        When a setting is missing or makes no sense.
    """
    from entrepost.exchange.smtp import SmtpPost, read_settings

    return SmtpPost(read_settings(os.environ), clock)


def notice_secret() -> str:
    """By what the tokens in letters are signed: `ENTREPOST_NOTICE_SECRET`; empty: letters have none.

    Raises
    ------
    MisuseError
        When it is too short.
    """
    from entrepost.operations.notices_stop import check_secret

    given = os.environ.get("ENTREPOST_NOTICE_SECRET", "")
    return check_secret(given) if given else ""


def open_sender() -> Sender:
    """Who sends webhooks: over HTTPS to the public internet, and where ENTREPOST_WEBHOOK_HTTP and its companion allow.

    Raises
    ------
    MisuseError
        When a setting makes no sense.
    """
    from entrepost.exchange.webhooks import HttpSender, read_webhook_settings

    return HttpSender(read_webhook_settings(os.environ))


def fetch_file(url: str) -> bytes:
    """What a URL that the operator named answers; see `exchange.fetch`."""
    from entrepost.exchange.fetch import fetch

    return fetch(url)


def open_brokers(own: str, tenant: str = "main") -> Transport:
    """The way over brokers of the operator with that EDI address, as ENTREPOST_NATS_SERVERS and its companions say.

    `{account}` in a setting stands for the account.

    Raises
    ------
    MisuseError
        When a setting is missing or makes no sense, or the extra `nats` is not installed.
    """
    from entrepost.exchange.brokers.settings import read_nats_settings

    settings = read_nats_settings(_settings_of(tenant))
    if find_spec("nats") is None:
        raise MisuseError("the way over brokers needs the extra nats: pip install 'entrepost[nats]'")
    from entrepost.exchange.nats import NatsTransport

    return NatsTransport(settings, own)


def open_https(store: Store, tenant: str, partners: Partners) -> Transport:
    """The way to the servers of an account's partners, signed by its keys.

    Raises
    ------
    MisuseError
        When a setting makes no sense.
    """
    from entrepost.exchange.https import HttpsTransport, Partner, read_https_settings
    from entrepost.exchange.webhooks import HttpSender
    from entrepost.mail.partner import holds
    from entrepost.operations.partner_keys import find_outward

    def find(own: str, partner: str) -> Partner | None:
        today = store.clock.now().date()
        places = [each.place for each in partners.addresses if each.address == partner and holds(each, today)]
        return Partner(places[0], find_outward(store, tenant, own, partner)) if places and places[0] else None

    return HttpsTransport(HttpSender(read_https_settings(os.environ)), store.clock, find)


def open_folders(store: Store, partners: Partners, own: str, tenant: str = "main") -> Transport:
    """The way over folders; those of partners lie under `ENTREPOST_EXCHANGE_FOLDER`, as `{account}` in it says.

    Raises
    ------
    MisuseError
        When the setting is missing.
    """
    from entrepost.exchange.folder import FolderTransport, Mailbox
    from entrepost.mail.partner import holds

    root = _settings_of(tenant).get("ENTREPOST_EXCHANGE_FOLDER", "")
    if not root:
        raise MisuseError("ENTREPOST_EXCHANGE_FOLDER is not set: it names the folder under which those of partners lie")
    today, us = store.clock.now().date(), partners.own.operator
    theirs = [each for each in partners.addresses if each.operator != us and holds(each, today)]
    return FolderTransport(own, {each.address: Mailbox.of(Path(root), each.address, each.place) for each in theirs})


def open_exchange(store: Store, tenant: str = "main") -> Means:
    """With what an account exchanges messages: its partners, and the transports that their channels name.

    Profiles of channels lie in `ENTREPOST_EXCHANGE_PROFILES`.

    Raises
    ------
    MisuseError
        When no partners are loaded, or a setting is missing or makes no sense.
    """
    means = open_posted(store, tenant)
    partners = means.partners
    address = partners.find_address(partners.own.operator, store.clock.now().date())
    if address is None:
        raise MisuseError(f"{partners.own.operator} has no EDI address today; add one to addresses.csv, and load it")
    ways: dict[str, Callable[[], Transport]] = {
        "folder": lambda: open_folders(store, partners, address.address, tenant),
        "https": lambda: open_https(store, tenant, partners),
        "nats": lambda: open_brokers(address.address, tenant),
    }
    transports = {name: ways[name]() for name in dict.fromkeys(each.transport for each in partners.channels)}
    return replace(means, transports=transports, places=_places_of(transports, tenant))


def open_posted(store: Store, tenant: str) -> Means:
    """With what is taken in that partners post to our server: as `open_exchange`, without any transport."""
    from entrepost.operations.exchange import Means
    from entrepost.operations.exchanging.applying import APPLIERS
    from entrepost.operations.exchanging.partners import get_partners, read_profiles

    partners, folder = get_partners(store, tenant), _settings_of(tenant).get("ENTREPOST_EXCHANGE_PROFILES", "")
    return Means(tenant, partners, {}, APPLIERS, profiles=read_profiles(partners, Path(folder or ".")))


def read_prune_params() -> PruneParams:
    """For how long rows of the exchange are kept: `ENTREPOST_EXCHANGE_KEEP_DAYS`, or as long as is usual.

    Raises
    ------
    MisuseError
        When it is no number of days, or too few.
    """
    from entrepost.operations.exchanging.pruning import PruneParams

    given = os.environ.get("ENTREPOST_EXCHANGE_KEEP_DAYS", "")
    if given and not given.isdecimal():
        raise MisuseError(f"ENTREPOST_EXCHANGE_KEEP_DAYS is {given!r}; give a number of days")
    return PruneParams(int(given)) if given else PruneParams()


def post_told(store: Store, tenant: str, told: Sequence[Telling]) -> tuple[Finding, ...]:
    """Queue messages for an account's partners, in the transaction of what caused them; nothing where it has none.

    What has no channel today is told; what caused it stands all the same.
    """
    from entrepost.operations.exchanging.posting import post

    means = open_posted(store, tenant)
    if not told or not means.partners.operators:
        return ()
    posted = post(store, tenant, means.partners, told, means.profiles)
    return tuple(replace(each, level="warning") for each in posted.findings)


def _settings_of(tenant: str) -> dict[str, str]:
    """The settings of the exchange, with an account in the place of `{account}`."""
    told = {name: text for name, text in os.environ.items() if name.startswith("ENTREPOST_")}
    if any("{account}" in text for text in told.values()) and not re.fullmatch(r"\w[\w.@-]*", tenant):
        raise MisuseError(f"the account {tenant!r} cannot stand in the name of a folder or file")
    return {name: text.replace("{account}", tenant) for name, text in told.items()}


def _places_of(transports: Mapping[str, Transport], tenant: str) -> frozenset[str]:
    """Where mail comes in that one account alone may fetch: folders, and the inbox of a certificate."""
    folders = getattr(transports.get("folder"), "mailboxes", {})
    places = {str(each.incoming.resolve()) for each in folders.values()}
    if "nats" in transports:
        places.add(_settings_of(tenant)["ENTREPOST_NATS_CERTIFICATE"])
    return frozenset(places)


def make_key() -> str:
    """A new master key, as the environment has it."""
    from entrepost.store.seal import new_key, write_key

    return write_key(new_key())


def is_store(place: str | Path) -> bool:
    """Whether there is a store at that place: a URL, or a file that SQLite wrote."""
    if "://" in str(place):
        return True
    try:
        with Path(place).open("rb") as file:
            return file.read(len(SQLITE_HEAD)) == SQLITE_HEAD
    except OSError:
        return False


def _url(place: str | Path) -> str:
    scheme, _, rest = str(place).partition("://")
    if scheme not in POSTGRES:
        raise MisuseError(f"{scheme!r} is no store; give a path, sqlite:///PATH or postgresql://USER@HOST/DATABASE")
    return f"postgresql://{rest}"


def find_file(place: str | Path) -> Path | None:
    """The file of the store at that place, or None where it is not in a file."""
    scheme, found, rest = str(place).partition("://")
    if not found:
        return Path(place)
    return Path(rest.removeprefix("/")) if scheme == "sqlite" else None


def _masters() -> MasterSource | None:
    """Where the environment says that master keys are; read when something is first sealed or opened."""
    text, file = os.environ.get("ENTREPOST_MASTER_KEY", ""), os.environ.get("ENTREPOST_MASTER_KEY_FILE", "")
    if not text and not file:
        return None
    from entrepost.store.seal import read_keys

    def read() -> MasterKeys:
        try:
            return read_keys(text or Path(file).read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError):
            raise MisuseError(f"ENTREPOST_MASTER_KEY_FILE: {file} cannot be read") from None

    return read
