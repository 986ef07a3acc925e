"""Segments that an account's quotes obey: the rules of a plan, kept, activated and ended by people of the account."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.desk_records import ActiveSegments, PlanRun, Segments
from entrepost.operations.plan_course import RULES
from entrepost.operations.store import Store
from entrepost.service.choice import choose
from entrepost.service.policy import Policy, RuleFile
from entrepost.service.rule_file import load_rules

QUOTES = "quotes"
"""What segments are activated for: the choice of services, wherever it is asked for."""

KEPT = 64
"""So many rule files lie ready in a process."""


def keep_segments(store: Store, run: PlanRun, folder: Path) -> Segments | None:
    """Keep the rules of a plan that is done, with the facts beside them, under its name; None where it has none."""
    path = folder / RULES
    if not path.is_file():
        return None
    facts = {each.name: each.read_text(encoding="utf-8") for each in sorted(folder.glob("facts-*.csv"))}
    text = path.read_text(encoding="utf-8")
    kept = Segments(
        *(run.tenant, run.run, run.run, run.title, text),
        json.dumps(facts),
        run.created_by,
        store.clock.now(),
    )
    store.records.put(kept)
    return kept


def get_segments(store: Store, tenant: str, name: str) -> Segments:
    """Segments of an account; raises `MissingRowError` where it has none of that name."""
    found = store.records.find(Segments, tenant, name)
    if found is None:
        raise MissingRowError(f"the account has no segments {name}")
    return found


def list_segments(store: Store, tenant: str, before: str = "", limit: int = 0) -> list[Segments]:
    """The segments of an account, the latest first."""
    return store.records.list_latest(Segments, tenant, before, limit)


def find_active(store: Store, tenant: str) -> ActiveSegments | None:
    """Which segments the quotes of an account obey, since when and by whom; None: none."""
    found = store.records.find(ActiveSegments, tenant, QUOTES)
    return found if found is not None and found.segments else None


def has_active(store: Store, tenant: str) -> bool:
    """Whether the quotes of an account obey segments, at a glance."""
    found = store.glance.find(ActiveSegments, tenant, QUOTES)
    return found is not None and bool(found.segments)


def activate(store: Store, network: Network, by: Caller, name: str) -> ActiveSegments:
    """From now on quotes of the account obey these segments.

    Raises
    ------
    MissingRowError
        When the account has no such segments.
    MisuseError
        When their rules name a service that the network has not.
    """
    segments = get_segments(store, by.tenant, name)
    rules, _ = load_rules(_ready(segments).path)
    unknown = sorted({code for rule in rules for code in rule.services} - set(network.service_by_code))
    if unknown:
        raise MisuseError(
            f"these rules name the service {unknown[0]}, which the network of the server has not; serve the network "
            "of the plan first"
        )
    return _put(store, by, name, f"segments activated: {segments.title}", name)


def deactivate(store: Store, by: Caller, name: str) -> ActiveSegments:
    """End that quotes obey these segments, where they do; quotes are then decided as before any were activated."""
    get_segments(store, by.tenant, name)
    active = find_active(store, by.tenant)
    if active is None or active.segments != name:
        raise MisuseError(f"the segments {name} are not active")
    return _put(store, by, "", "segments ended", name)


def policy_of(store: Store, tenant: str) -> Policy | None:
    """How the account's services are chosen: by its active segments; None where none are."""
    active = find_active(store, tenant)
    if active is None:
        return None
    with suppress(MissingRowError):
        return _ready(get_segments(store, tenant, active.segments))
    return None


def pack(segments: Segments) -> bytes:
    """The rule file and what lies beside it, as a ZIP archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(RULES, segments.rules)
        for name, text in json.loads(segments.facts).items():
            file.writestr(name, text)
    return packed.getvalue()


def choose_by_account(
    store: Store, network: Network, lines: pl.DataFrame, quotes: pl.DataFrame, policy: Policy | None = None
) -> pl.DataFrame:
    """Choose a service for each order: by a policy, or, without one, by the active segments of its account.

    See `service.choice.choose`. Accounts that have no active segments are decided together.
    """
    if policy is not None or lines.is_empty():
        return choose(network, lines, policy, quotes)
    parts = list(_by_policy(store, lines))
    if len(parts) == 1:
        return choose(network, lines, parts[0][0], quotes)
    chosen = [
        choose(network, part, own, quotes.join(part.select("tenant").unique(), on="tenant", how="semi"))
        for own, part in parts
    ]
    return pl.concat(chosen)


def _by_policy(store: Store, lines: pl.DataFrame) -> Iterator[tuple[Policy | None, pl.DataFrame]]:
    tenants = lines.get_column("tenant").unique(maintain_order=True).to_list()
    own = {tenant: found for tenant in tenants if (found := policy_of(store, tenant)) is not None}
    others = lines.filter(~pl.col("tenant").is_in(list(own)))
    if others.height:
        yield None, others
    for tenant, found in own.items():
        yield found, lines.filter(pl.col("tenant") == tenant)


def _put(store: Store, by: Caller, name: str, action: str, subject: str) -> ActiveSegments:
    active = ActiveSegments(by.tenant, QUOTES, name, by.who, store.clock.now())
    with store.transaction():
        store.records.put(active)
        write_down(store, by.tenant, by.who, action, subject)
    return active


def _ready(segments: Segments) -> RuleFile:
    """The rule file of segments in a folder of this process, with its facts beside it."""
    return RuleFile(_lay_out(segments.rules, segments.facts).path)


class _Folder:
    """A folder that goes when nobody needs it any more."""

    def __init__(self, rules: str, facts: str) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="entrepost-rules-"))
        self.path = self._place / RULES
        self.path.write_text(rules, encoding="utf-8")
        for name, text in json.loads(facts).items():
            (self._place / Path(name).name).write_text(text, encoding="utf-8")

    def __del__(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)


@lru_cache(KEPT)
def _lay_out(rules: str, facts: str) -> _Folder:
    return _Folder(rules, facts)
