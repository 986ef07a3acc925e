"""Recipients, and what is forgotten of them, in the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

import polars as pl
from anyascii import anyascii

from entrepost.base.clock import to_micros
from entrepost.mail.status import Status
from entrepost.operations.recipient_store import RECIPIENT
from entrepost.store.access import Access
from entrepost.store.rows import frame_schema
from entrepost.store.schema import CONTACTS, FINDINGS, ORDER, ORDERS, RECIPIENTS
from entrepost.store.seals import RAW, place_of_contact, place_of_raw

SEALED = RECIPIENT[3:]
KEPT_DIGITS = 3
"""So much of a postcode is kept: 45 CFR 164.514(b)(2)(i)(B) keeps the first three digits of a ZIP code, too."""
ENDS = tuple(int(each) for each in Status if each.shown in ("delivered", "returned", "ended"))
"""States at which an item is at its end."""
RAW_KEY = ("intake", "subject", "row", "code", "field")


class SqlRecipients:
    """`RecipientStore` in either database."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def add(self, recipients: pl.DataFrame) -> None:
        """Keep to whom orders go, sealed."""
        with self._access.transaction():
            for part in self._sealed(recipients):
                self._access.rows().insert_new(RECIPIENTS, part)

    def correct(self, recipients: pl.DataFrame) -> None:
        """Write over what is not forgotten."""
        with self._access.transaction():
            rows = self._access.rows()
            sql = f"SELECT t.tenant, t.seller, t.order_id FROM {rows.wanted(ORDERS, *ORDER)}"
            keys = [rows.keys(recipients.select(ORDER))]
            kept = rows.select(f"{sql} WHERE t.pseudonymised_at IS NULL", keys, frame_schema(ORDERS, ORDER))
            for part in self._sealed(recipients.join(kept, on=ORDER, how="semi", maintain_order="left")):
                rows.put(RECIPIENTS, part)

    def list_without(self, orders: pl.DataFrame) -> pl.DataFrame:
        """Which orders have no row here, and may have one."""
        none = """t.pseudonymised_at IS NULL AND NOT EXISTS (SELECT 1 FROM recipients r
            WHERE r.tenant = t.tenant AND r.seller = t.seller AND r.order_id = t.order_id)"""
        with self._access.reading():
            rows = self._access.rows()
            sql = f"SELECT t.tenant, t.seller, t.order_id FROM {rows.wanted(ORDERS, *ORDER)} WHERE {none}"
            return rows.select(sql, [rows.keys(orders.select(ORDER))], frame_schema(ORDERS, ORDER))

    def find(self, orders: pl.DataFrame) -> pl.DataFrame:
        """To whom these orders go."""
        names = (*ORDER, "sealed", "person", "pseudonymised_at", "erased_at")
        with self._access.reading():
            rows = self._access.rows()
            sql = f"SELECT {', '.join(f't.{name}' for name in names)} FROM {rows.wanted(RECIPIENTS, *ORDER)}"
            keys = [rows.keys(orders.select(ORDER))]
            found = rows.select(f"{sql} ORDER BY wanted.key", keys, frame_schema(RECIPIENTS, names))
            return self._opened(found)

    def list_persons(self, tenant: str) -> pl.DataFrame:
        """Which orders of an account go to the same person."""
        names = ("seller", "order_id", "person")
        sql = "SELECT seller, order_id, person FROM recipients WHERE tenant = ? AND person <> '' ORDER BY 1, 2"
        with self._access.reading():
            return self._access.rows().select(sql, [tenant], frame_schema(RECIPIENTS, names))

    def find_orders_of(self, tenant: str, email: str) -> pl.DataFrame:
        """Orders whose recipient or contact has this address."""
        schema = frame_schema(RECIPIENTS, ORDER)
        wanted = email.strip().lower()
        with self._access.transaction():
            person = self._access.vault.pseudonyms(tenant, [wanted])[0]
            sql = "SELECT tenant, seller, order_id FROM recipients WHERE tenant = ? AND person = ?"
            known = self._access.rows().select(sql, [tenant, person], schema)
            contacts = self._contacts(tenant)
            texts = self._access.vault.open(tenant, contacts["email"].to_list(), _places(contacts, place_of_contact))
        theirs = contacts.filter(pl.Series([text.strip().lower() == wanted for text in texts], dtype=pl.Boolean))
        return pl.concat([known, theirs.select(ORDER)]).unique(maintain_order=True)

    def list_accounts(self) -> list[str]:
        """Accounts of which something of people may be kept."""
        sql = "SELECT tenant FROM tenants UNION SELECT tenant FROM findings WHERE raw <> '' ORDER BY 1"
        with self._access.reading():
            found = self._access.rows().select(sql, [], {"tenant": pl.String()})
        return found.get_column("tenant").to_list()

    def list_over(self, tenant: str, before: datetime, open_before: datetime, limit: int) -> pl.DataFrame:
        """Orders of an account that are to be pseudonymised, the first placed first."""
        of_order = " AND ".join(f"i.{name} = t.{name}" for name in ORDER)
        items = f"SELECT 1 FROM items i LEFT JOIN statuses s ON s.item_no = i.item_no WHERE {of_order}"
        heard = f"{items} AND s.last_event_at >= ?"
        ended = f"EXISTS ({items}) AND NOT EXISTS ({items} AND COALESCE(s.state, 0) NOT IN {ENDS})"
        where = (
            "t.tenant = ? AND t.pseudonymised_at IS NULL AND t.placed_at < ? "
            f"AND (({ended} AND NOT EXISTS ({heard})) OR (t.placed_at < ? AND NOT EXISTS ({heard})))"
        )
        instants = [to_micros(each) for each in (before, before, open_before, open_before)]
        order = ", ".join(f"t.{name}" for name in ("placed_at", *ORDER))
        names = ", ".join(f"t.{name}" for name in ORDER)
        sql = f"SELECT {names} FROM orders t WHERE {where} ORDER BY {order} LIMIT {limit:d}"
        with self._access.reading():
            return self._access.rows().select(sql, [tenant, *instants], frame_schema(ORDERS, ORDER))

    def pseudonymise(self, orders: pl.DataFrame) -> None:
        """Forget names, addresses and contacts of orders, the city, and all but the beginning of the postcode."""
        self._forget(orders, {"sealed": "", "name_key": ""}, "pseudonymised_at", KEPT_DIGITS)

    def erase(self, orders: pl.DataFrame) -> None:
        """Forget the same, the whole postcode, and that the orders went to the same person."""
        self._forget(orders, {"sealed": "", "person": "", "name_key": ""}, "erased_at", 0)

    def drop_raw(self, tenant: str, before: datetime) -> int:
        """Forget the rejected rows of an account's findings that are older."""
        where, values = "tenant = ? AND found_at < ? AND raw <> ''", [tenant, to_micros(before)]
        with self._access.transaction():
            count = self._access.rows().find_row(f"SELECT count(*) FROM findings WHERE {where}", values)
            self._access.rows().change(f"UPDATE findings SET raw = '' WHERE {where}", values)
        return int(count[0]) if count else 0

    def drop_raw_of(self, findings: pl.DataFrame) -> None:
        """Forget the rejected rows of these findings."""
        tied = " AND ".join(f'"{name}" = ?' for name in RAW_KEY)
        with self._access.transaction():
            for row in findings.select(RAW_KEY).iter_rows():
                self._access.rows().change(f"UPDATE findings SET raw = '' WHERE {tied}", list(row))

    def seal_anew(self, tenant: str) -> int:
        """Seal by the account's latest key what is sealed by an earlier one, or not yet."""
        recipients = self._select("recipients", (*ORDER, "sealed"), tenant, "sealed <> ''")
        raws = self._select("findings", ("finding_no", *RAW_KEY, "raw"), tenant, "raw <> ''")
        with self._access.transaction():
            count = self._seal(tenant, RECIPIENTS.name, recipients, "sealed", _places(recipients))
            contacts = self._contacts(tenant)
            count += self._seal(tenant, CONTACTS.name, contacts, "email", _places(contacts, place_of_contact))
            return count + self._seal(tenant, FINDINGS.name, raws, RAW, [place_of_raw(row) for row in raws.to_dicts()])

    def fill_names(self, tenant: str, limit: int) -> int:
        """Keep what stands for the names of recipients that were kept before names were looked for."""
        where = "tenant = ? AND name_key IS NULL"
        names = (*ORDER, "sealed")
        sql = f"SELECT {', '.join(names)} FROM recipients WHERE {where} AND sealed <> '' LIMIT {limit:d}"
        change = "UPDATE recipients SET name_key = ? WHERE tenant = ? AND seller = ? AND order_id = ? AND sealed = ?"
        with self._access.transaction():
            rows, vault = self._access.rows(), self._access.vault
            found = rows.select(sql, [tenant], frame_schema(RECIPIENTS, names))
            if not found.height:
                rows.change(f"UPDATE recipients SET name_key = '' WHERE {where}", [tenant])
                return 0
            told = _read(found, vault.open(tenant, found["sealed"].to_list(), _places(found)))
            keys = vault.pseudonyms(tenant, [name_of(name) for name in told["name"]])
            for key, row in zip(keys, found.iter_rows(), strict=True):
                rows.change(change, [key, *row])
        return found.height

    def turn_key(self, tenant: str) -> int:
        """Make a new key for the account."""
        with self._access.transaction():
            return self._access.vault.turn_key(tenant)

    def wrap_anew(self) -> int:
        """Wrap the keys of all accounts by the first master key."""
        with self._access.transaction():
            return self._access.vault.wrap_anew()

    def _sealed(self, recipients: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Rows of recipients, account by account."""
        rows = recipients.select(RECIPIENT).unique(ORDER, keep="last", maintain_order=True)
        for (tenant,), part in rows.group_by("tenant", maintain_order=True):
            texts = [_write(row) for row in part.select(SEALED).iter_rows()]
            sealed = self._access.vault.seal(str(tenant), texts, _places(part))
            whose = [person_of(row) for row in part.iter_rows(named=True)]
            person = self._access.vault.pseudonyms(str(tenant), whose)
            names = self._access.vault.pseudonyms(str(tenant), [name_of(name) for name in part["name"]])
            cells = {"sealed": pl.Series(sealed), "person": pl.Series(person), "name_key": pl.Series(names)}
            yield part.select(*ORDER, **cells)

    def _forget(self, orders: pl.DataFrame, cells: dict[str, str], at: str, digits: int) -> None:
        keys = orders.select(ORDER).unique(maintain_order=True)
        now = self._access.now()
        with self._access.transaction():
            rows = self._access.rows()
            blank = [pl.lit(value).alias(name) for name, value in cells.items()]
            rows.update(RECIPIENTS, keys.with_columns(*blank, now.alias(at)))
            rows.delete(CONTACTS, keys)
            sql = f"SELECT t.tenant, t.seller, t.order_id, t.postcode FROM {rows.wanted(ORDERS, *ORDER)}"
            schema = frame_schema(ORDERS, (*ORDER, "postcode"))
            known = rows.select(f"{sql} ORDER BY wanted.key", [rows.keys(keys)], schema)
            postcode = pl.col("postcode").str.slice(0, digits).replace("", None)
            gone = known.with_columns(postcode, city=pl.lit(None, pl.String), pseudonymised_at=now)
            rows.update(ORDERS, gone)

    def _opened(self, found: pl.DataFrame) -> pl.DataFrame:
        parts = [
            _read(part, self._access.vault.open(str(tenant), part["sealed"].to_list(), _places(part)))
            for (tenant,), part in found.group_by("tenant", maintain_order=True)
        ]
        names = (*RECIPIENT, "person", "pseudonymised_at", "erased_at")
        return pl.concat([part.select(names) for part in [_read(found.clear(), []), *parts]])

    def _contacts(self, tenant: str) -> pl.DataFrame:
        return self._select("contacts", (*ORDER, "email"), tenant, "TRUE")

    def _select(self, table: str, names: tuple[str, ...], tenant: str, where: str) -> pl.DataFrame:
        tables = {each.name: each for each in (RECIPIENTS, CONTACTS, FINDINGS)}
        columns = ", ".join(f'"{name}"' for name in names)
        sql = f"SELECT {columns} FROM {table} WHERE tenant = ? AND {where}"
        with self._access.reading():
            return self._access.rows().select(sql, [tenant], frame_schema(tables[table], names))

    def _seal(self, tenant: str, table: str, rows: pl.DataFrame, column: str, places: list[str]) -> int:
        """Seal a column of these rows anew, where another key sealed it; how many rows."""
        vault, changed = self._access.vault, []
        key = [name for name in rows.columns if name in ("finding_no", *ORDER)]
        where = " AND ".join(f'"{name}" = ?' for name in key)
        for row, place in zip(rows.to_dicts(), places, strict=True):
            if not vault.is_current(tenant, row[column]):
                sealed = vault.seal(tenant, vault.open(tenant, [row[column]], [place]), [place])[0]
                changed.append([sealed, *(row[name] for name in key), row[column]])
        for values in changed:
            self._access.rows().change(f"UPDATE {table} SET {column} = ? WHERE {where} AND {column} = ?", values)
        return len(changed)


def person_of(recipient: dict[str, str | None]) -> str:
    """What tells one person from another: the e-mail address, else the name with postcode and country."""
    if recipient["email"]:
        return recipient["email"].strip().lower()
    words = [recipient[name] or "" for name in ("name", "postcode", "country")]
    return " ".join(" ".join(words).lower().split()) if recipient["name"] else ""


def name_of(name: str | None) -> str:
    """A name as it is looked for: its words in the order of the alphabet, without accents and capitals."""
    words = sorted(anyascii(name or "").lower().split())
    return " ".join(["name", *words]) if words else ""


def _write(cells: tuple[str | None, ...]) -> str:
    return json.dumps({name: cell for name, cell in zip(SEALED, cells, strict=True) if cell}, ensure_ascii=False)


def _read(rows: pl.DataFrame, texts: list[str]) -> pl.DataFrame:
    told = [json.loads(text) if text else {} for text in texts]
    cells = [pl.Series(name, [each.get(name) for each in told], dtype=pl.String) for name in SEALED]
    return rows.with_columns(cells)


def _place_of_recipient(seller: str, order_id: str) -> str:
    return json.dumps(["recipient", seller, order_id])


def _places(rows: pl.DataFrame, place: Callable[[str, str], str] = _place_of_recipient) -> list[str]:
    """Where what is sealed of orders belongs."""
    return [place(*row) for row in rows.select("seller", "order_id").iter_rows()]
