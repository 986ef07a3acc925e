"""Endpoints, messages to them and the queue of deliveries, in the database."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime

import polars as pl

from entrepost.base.clock import to_micros
from entrepost.operations.webhook_store import ATTEMPT, DELIVERY, HEALTH, MESSAGE, Endpoint
from entrepost.store.access import Access
from entrepost.store.rows import frame_schema
from entrepost.store.schema import WEBHOOK_ATTEMPTS, WEBHOOK_DELIVERIES, WEBHOOK_ENDPOINTS, WEBHOOK_MESSAGES

ENDPOINT = tuple(each.name for each in fields(Endpoint))
SECRETS = ("secret", "former_secret")
OPEN = "('queued', 'sending')"
FREE = (
    "SELECT d.due_at FROM webhook_deliveries d WHERE d.tenant = t.tenant AND d.endpoint = t.endpoint AND NOT EXISTS ("
    "SELECT 1 FROM webhook_deliveries b WHERE b.tenant = d.tenant AND b.endpoint = d.endpoint "
    f"AND b.subject = d.subject AND b.delivery_no < d.delivery_no AND b.state IN {OPEN})"
)
"""Deliveries to the endpoint t that do not wait behind another one."""


class SqlWebhooks:
    """`WebhookStore` in either database."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def put_endpoint(self, endpoint: Endpoint) -> None:
        """Keep an endpoint, its secrets sealed."""
        places = [f"{name} of webhook {endpoint.endpoint}" for name in SECRETS]
        cells = asdict(endpoint) | {"kinds": " ".join(endpoint.kinds)}
        with self._access.transaction():
            sealed = self._access.vault.seal(endpoint.tenant, [endpoint.secret, endpoint.former_secret], places)
            row = pl.DataFrame([cells | dict(zip(SECRETS, sealed, strict=True))], schema=_schema_of_endpoints())
            self._access.rows().put(WEBHOOK_ENDPOINTS, row)

    def find_endpoint(self, tenant: str, endpoint: str) -> Endpoint | None:
        """An endpoint, or None."""
        found = self._list_endpoints("t.tenant = ? AND t.endpoint = ?", [tenant, endpoint])
        return found[0] if found else None

    def list_endpoints(self, tenant: str = "") -> list[Endpoint]:
        """Endpoints of an account, or all."""
        return self._list_endpoints("t.tenant = ?", [tenant]) if tenant else self._list_endpoints("TRUE", [])

    def remove_endpoint(self, tenant: str, endpoint: str) -> None:
        """Forget an endpoint, and what was queued for it or told to it."""
        whose = [tenant, endpoint]
        with self._access.transaction():
            rows = self._access.rows()
            theirs = "SELECT delivery_no FROM webhook_deliveries WHERE tenant = ? AND endpoint = ?"
            rows.change(f"DELETE FROM webhook_attempts WHERE delivery_no IN ({theirs})", whose)
            rows.change("DELETE FROM webhook_deliveries WHERE tenant = ? AND endpoint = ?", whose)
            rows.change("DELETE FROM webhook_endpoints WHERE tenant = ? AND endpoint = ?", whose)

    def set_health(self, health: pl.DataFrame) -> None:
        """Change how endpoints fare."""
        with self._access.transaction():
            self._access.rows().update(WEBHOOK_ENDPOINTS, health.select(HEALTH))

    def list_subscriptions(self) -> pl.DataFrame:
        """Who is told of what."""
        names = ("tenant", "endpoint", "kinds")
        sql = "SELECT tenant, endpoint, kinds FROM webhook_endpoints WHERE state <> 'off' ORDER BY 1, 2"
        with self._access.reading():
            return self._access.rows().select(sql, [], frame_schema(WEBHOOK_ENDPOINTS, names))

    def add_messages(self, messages: pl.DataFrame) -> None:
        """Keep messages."""
        with self._access.transaction():
            self._access.rows().insert_new(WEBHOOK_MESSAGES, messages.select(MESSAGE))

    def find_known(self, tenant: str, names: list[str]) -> set[str]:
        """Which of these messages are there already."""
        with self._access.reading():
            self._access.hold(f"webhooks of {tenant}")
            asked = pl.DataFrame({"message": names}, schema={"message": pl.String()})
            return set(self._find_messages(asked, ("message",)).get_column("message"))

    def find_messages(self, names: pl.DataFrame) -> pl.DataFrame:
        """The messages of these names."""
        with self._access.reading():
            return self._find_messages(names, MESSAGE)

    def list_messages(self, tenant: str, since: datetime, until: datetime) -> pl.DataFrame:
        """What was told of an account in a time, without bodies."""
        names = tuple(name for name in MESSAGE if name != "body")
        first = "SELECT min(d.delivery_no) FROM webhook_deliveries d WHERE d.message = t.message"
        source = "webhook_messages t WHERE t.tenant = ? AND t.created_at >= ? AND t.created_at < ?"
        with self._access.reading():
            return self._access.rows().select(
                f"SELECT {_of_t(names)} FROM {source} ORDER BY t.created_at, ({first}), t.message",
                [tenant, to_micros(since), to_micros(until)],
                frame_schema(WEBHOOK_MESSAGES, names),
            )

    def add_deliveries(self, deliveries: pl.DataFrame) -> None:
        """Queue messages for endpoints."""
        with self._access.transaction():
            self._access.rows().insert(WEBHOOK_DELIVERIES, deliveries.select(DELIVERY[1:]))

    def free_expired(self, now: datetime) -> None:
        """Queue again what was taken by a sender whose lease is over."""
        instant = to_micros(now)
        with self._access.transaction():
            self._access.hold("webhooks")
            self._access.rows().change(
                "UPDATE webhook_deliveries SET state = 'queued', due_at = ?, lease_until = NULL "
                "WHERE state = 'sending' AND lease_until <= ?",
                [instant, instant],
            )

    def list_ready(self, now: datetime) -> list[Endpoint]:
        """Endpoints that are on and not paused, with deliveries whose time has come."""
        instant = to_micros(now)
        due = (
            "SELECT 1 FROM webhook_deliveries d WHERE d.tenant = t.tenant AND d.endpoint = t.endpoint "
            "AND d.state = 'queued' AND d.due_at <= ?"
        )
        where = f"t.state = 'on' AND (t.paused_until IS NULL OR t.paused_until <= ?) AND EXISTS ({due})"
        return self._list_endpoints(where, [instant, instant])

    def find_due(self, endpoint: Endpoint, now: datetime, limit: int) -> pl.DataFrame:
        """Deliveries to an endpoint whose time has come, none behind another about the same subject."""
        before = (
            "SELECT 1 FROM webhook_deliveries b WHERE b.tenant = t.tenant AND b.endpoint = t.endpoint "
            f"AND b.subject = t.subject AND b.delivery_no < t.delivery_no AND b.state IN {OPEN}"
        )
        where = f"t.tenant = ? AND t.endpoint = ? AND t.state = 'queued' AND t.due_at <= ? AND NOT EXISTS ({before})"
        values = [endpoint.tenant, endpoint.endpoint, to_micros(now)]
        return self._deliveries(f"{where} ORDER BY t.due_at, t.delivery_no LIMIT {limit:d}", values)

    def set_deliveries(self, deliveries: pl.DataFrame) -> None:
        """Change what the frame tells of deliveries."""
        with self._access.transaction():
            self._access.rows().update(WEBHOOK_DELIVERIES, deliveries)

    def end_attempts(self, ended: pl.DataFrame) -> None:
        """What became of deliveries, unless others have taken them."""
        sql = (
            "UPDATE webhook_deliveries SET state = ?, due_at = ?, done_at = ?, answer = ?, lease_until = NULL "
            "WHERE delivery_no = ? AND attempts = ? AND state = 'sending'"
        )
        with self._access.transaction():
            for row in ended.iter_rows(named=True):
                done_at = None if row["done_at"] is None else to_micros(row["done_at"])
                cells = [row["state"], to_micros(row["due_at"]), done_at, row["answer"]]
                self._access.rows().change(sql, [*cells, row["delivery_no"], row["attempts"]])

    def move_followers(self, moved: pl.DataFrame) -> None:
        """Give what waits behind deliveries another time."""
        sql = (
            "UPDATE webhook_deliveries SET due_at = ? WHERE tenant = ? AND endpoint = ? AND subject = ? "
            "AND delivery_no > ? AND state = 'queued'"
        )
        with self._access.transaction():
            for row in moved.iter_rows(named=True):
                whose = [row["tenant"], row["endpoint"], row["subject"], row["delivery_no"]]
                self._access.rows().change(sql, [to_micros(row["due_at"]), *whose])

    def add_attempts(self, attempts: pl.DataFrame) -> None:
        """Write into the log."""
        with self._access.transaction():
            self._access.rows().insert_new(WEBHOOK_ATTEMPTS, attempts.select(ATTEMPT))

    def list_attempts(self, deliveries: pl.DataFrame) -> pl.DataFrame:
        """The log of deliveries."""
        with self._access.reading():
            rows = self._access.rows()
            source = f"{rows.wanted(WEBHOOK_ATTEMPTS, 'delivery_no')} ORDER BY t.delivery_no, t.attempt"
            keys, schema = rows.keys(deliveries.select("delivery_no")), frame_schema(WEBHOOK_ATTEMPTS, ATTEMPT)
            return rows.select(f"SELECT {_of_t(ATTEMPT)} FROM {source}", [keys], schema)

    def list_deliveries(
        self, tenant: str, endpoint: str = "", state: str = "", before: int = 0, limit: int = 100
    ) -> pl.DataFrame:
        """Deliveries of an account, the latest first."""
        asked = {"t.tenant = ?": tenant, "t.endpoint = ?": endpoint, "t.state = ?": state, "t.delivery_no < ?": before}
        chosen = {where: value for where, value in asked.items() if value}
        most = f"LIMIT {limit:d}" if limit else ""
        where = " AND ".join(chosen or ["TRUE"])
        return self._deliveries(f"{where} ORDER BY t.delivery_no DESC {most}", list(chosen.values()))

    def count_deliveries(self, tenant: str = "") -> pl.DataFrame:
        """How many deliveries are in which state."""
        names = ("tenant", "endpoint", "state")
        where, values = ("WHERE tenant = ?", [tenant]) if tenant else ("", [])
        counted = f"SELECT tenant, endpoint, state, count(*) FROM webhook_deliveries {where}"
        sql = f"{counted} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        with self._access.reading():
            schema = frame_schema(WEBHOOK_DELIVERIES, names) | {"deliveries": pl.Int64()}
            return self._access.rows().select(sql, values, schema)

    def find_next_due(self) -> datetime | None:
        """When the next delivery, or the end of a pause or lease, comes."""
        first = f"{FREE} AND d.state = 'queued' ORDER BY d.due_at LIMIT 1"
        sql = f"SELECT t.paused_until, ({first}) AS due_at FROM webhook_endpoints t WHERE t.state = 'on'"
        leases = (
            "SELECT NULL AS paused_until, min(lease_until) AS due_at FROM webhook_deliveries WHERE state = 'sending'"
        )
        schema = frame_schema(WEBHOOK_ENDPOINTS, ("paused_until",)) | frame_schema(WEBHOOK_DELIVERIES, ("due_at",))
        with self._access.reading():
            found = pl.concat([self._access.rows().select(each, [], schema) for each in (sql, leases)])
        ends = found.drop_nulls("due_at").select(pl.max_horizontal("paused_until", "due_at")).to_series()
        return ends.min()  # type: ignore[return-value]

    def remove_old(self, before: datetime) -> int:
        """Forget what was told before, and what waits since then."""
        instant = to_micros(before)
        old = "SELECT delivery_no FROM webhook_deliveries WHERE created_at < ?"
        with self._access.transaction():
            rows = self._access.rows()
            rows.change(f"DELETE FROM webhook_attempts WHERE delivery_no IN ({old})", [instant])
            rows.change("DELETE FROM webhook_deliveries WHERE created_at < ?", [instant])
            unused = "NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.message = webhook_messages.message)"
            count = rows.find_row(f"SELECT count(*) FROM webhook_messages WHERE created_at < ? AND {unused}", [instant])
            rows.change(f"DELETE FROM webhook_messages WHERE created_at < ? AND {unused}", [instant])
        return int(count[0]) if count else 0

    def _list_endpoints(self, where: str, values: list[object]) -> list[Endpoint]:
        sql = f"SELECT {_of_t(ENDPOINT)} FROM webhook_endpoints t WHERE {where} ORDER BY t.tenant, t.endpoint"
        with self._access.reading():
            found = self._access.rows().select(sql, values, _schema_of_endpoints())
            return [self._open(row) for row in found.iter_rows(named=True)]

    def _open(self, row: dict[str, object]) -> Endpoint:
        tenant, endpoint = str(row["tenant"]), str(row["endpoint"])
        places = [f"{name} of webhook {endpoint}" for name in SECRETS]
        secrets = self._access.vault.open(tenant, [str(row[name]) for name in SECRETS], places)
        opened = row | dict(zip(SECRETS, secrets, strict=True)) | {"kinds": tuple(str(row["kinds"]).split())}
        return Endpoint(**opened)  # type: ignore[arg-type]

    def _find_messages(self, names: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
        rows = self._access.rows()
        source = f"{rows.wanted(WEBHOOK_MESSAGES, 'message')} ORDER BY wanted.key"
        keys = rows.keys(names.select("message"))
        return rows.select(f"SELECT {_of_t(columns)} FROM {source}", [keys], frame_schema(WEBHOOK_MESSAGES, columns))

    def _deliveries(self, where: str, values: list[object]) -> pl.DataFrame:
        sql = f"SELECT {_of_t(DELIVERY)} FROM webhook_deliveries t WHERE {where}"
        with self._access.reading():
            return self._access.rows().select(sql, values, frame_schema(WEBHOOK_DELIVERIES, DELIVERY))


def _of_t(names: tuple[str, ...]) -> str:
    return ", ".join(f"t.{name}" for name in names)


def _schema_of_endpoints() -> dict[str, pl.DataType]:
    return frame_schema(WEBHOOK_ENDPOINTS, ENDPOINT)
