"""Row-level security of PostgreSQL: who acts for an account is shown its rows alone, whatever a query forgets to ask.

The server does an account's work as the role `entrepost_account`, which owns nothing and for which every table has a
policy: the row is of the account that the transaction names. The owner has to say that it means all accounts, too.
"""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from entrepost.base.errors import StoreError
from entrepost.store.record_tables import TABLES
from entrepost.store.rows import Rows
from entrepost.store.schema import METADATA

ROLE = "entrepost_account"
ACCOUNT, ALL_ACCOUNTS = "entrepost.account", "entrepost.all_accounts"
"""The settings by which a transaction names its account, and an owner says that it means all."""

MINE = f"(SELECT NULLIF(current_setting('{ACCOUNT}', true), ''))"
OF_ITEM = "(SELECT i.tenant FROM items i WHERE i.item_no = {table}.item_no)"
OF_DELIVERY = "(SELECT d.tenant FROM webhook_deliveries d WHERE d.delivery_no = {table}.delivery_no)"
OTHERWISE = {
    "statuses": f"{OF_ITEM} = {MINE}",
    "events": f"{OF_ITEM} = {MINE}",
    "webhook_attempts": f"{OF_DELIVERY} = {MINE}",
    "number_blocks": f"tenant = {MINE} OR tenant = ''",
    "number_runs": "EXISTS (SELECT 1 FROM number_blocks b WHERE b.block_no = {table}.block_no)",
}
"""Whose a row is in tables that do not tell it by a column `tenant` alone."""

READY = """SELECT (SELECT count(*) FROM pg_policy WHERE polname IN ('account_rows', 'all_accounts'))
    + (SELECT count(*) FROM pg_roles WHERE rolname = ?)"""
ROLE_MADE = f"""DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
MAY_BE = f"""SELECT pg_has_role(current_user, '{ROLE}', CASE
    WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)"""


def list_tables() -> list[Table]:
    """Every table, each with a policy."""
    return [*{table.name: table for table in (*METADATA.sorted_tables, *TABLES.values())}.values()]


def condition_of(table: Table) -> str:
    """What holds of the rows of the account for which is acted."""
    if table.name in OTHERWISE:
        return OTHERWISE[table.name].format(table=table.name)
    return f"{table.columns['tenant'].name} = {MINE}"


def is_secure(rows: Rows) -> bool:
    """Whether the role and all policies are there."""
    found = rows.find_row(READY, [ROLE])
    return found is not None and int(found[0]) == 2 * len(list_tables()) + 1


def secure(rows: Rows, place: str) -> None:
    """Make the role and the policies; the caller holds a transaction as the tables' owner.

    Raises
    ------
    StoreError
        When the owner may not make the role.
    """
    try:
        rows.change(ROLE_MADE, [])
        if rows.find_row(MAY_BE, []) == (False,):
            rows.change(f"GRANT {ROLE} TO CURRENT_USER", [])
    except (StoreError, DBAPIError) as error:
        raise StoreError(
            f"{place}: the role {ROLE}, by which accounts are kept apart, cannot be made ({error}); "
            f"let a superuser say: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO your user"
        ) from None
    for table in list_tables():
        for statement in _statements(table):
            rows.change(statement, [])
    rows.change(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}", [])


def say_account(account: str | None) -> str:
    """The SQL by which a transaction acts for an account from now on, or for all."""
    if account is None:
        return f"SET LOCAL ROLE NONE; SET LOCAL {ACCOUNT} = ''"
    return f"SET LOCAL ROLE {ROLE}; SET LOCAL {ACCOUNT} = {_literal(account)}"


def _statements(table: Table) -> list[str]:
    name, mine = table.name, condition_of(table)
    everything = f"current_setting('{ALL_ACCOUNTS}', true) = 'yes'"
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS account_rows ON {name}",
        f"CREATE POLICY account_rows ON {name} TO {ROLE} USING ({mine}) WITH CHECK ({mine})",
        f"DROP POLICY IF EXISTS all_accounts ON {name}",
        f"CREATE POLICY all_accounts ON {name} TO CURRENT_USER USING ({everything}) WITH CHECK ({everything})",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {ROLE}",
    ]


def _literal(text: str) -> str:
    """A text as SQL has it; NUL, which no text of the database has, is nobody's account."""
    if "\0" in text:
        return "''"
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'"
