"""The tables of who may do what and who does it: people, keys, kept answers, batches, the audit, work at desks."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from entrepost.operations.desk_records import ActiveSegments, Care, Note, PlanRun, Segments
from entrepost.operations.dispatch_records import (
    Content,
    Filling,
    KeptConsignment,
    KeptDispatch,
    KeptLeg,
    KeptReceptacle,
    KeptReferral,
    WaybillStock,
)
from entrepost.operations.exchange_records import (
    Came,
    CameMessage,
    Counter,
    Erasure,
    ExchangeAlarm,
    KeptAddress,
    KeptAdvanceData,
    KeptAwaited,
    KeptChannel,
    KeptOffice,
    KeptOperator,
    Remembered,
    Sent,
    SentMessage,
)
from entrepost.operations.house_records import CarrierFeed, Chore, Promising, Retention, Sender
from entrepost.operations.records import ApiKey, AuditEntry, Batch, Invitation, KeptAnswer, Person, Session
from entrepost.store.schema import METADATA, Whole, Words


def _table(name: str, key: str, texts: str, numbers: str, missing: str = "") -> Table:
    """A table whose rows an account and a name tell apart; `missing` are numbers that may be."""
    return Table(
        name,
        METADATA,
        *(Column(each, Words, primary_key=True, nullable=False) for each in ("tenant", key)),
        *(Column(each, Words, nullable=False) for each in texts.split()),
        *(Column(each, Whole, nullable=False) for each in numbers.split()),
        *(Column(each, Whole, nullable=True) for each in missing.split()),
        sqlite_with_rowid=False,
    )


TABLES: dict[type, Table] = {
    Person: _table("people", "email", "name role password", "created_at failures", "locked_until ended_at"),
    Invitation: _table("invitations", "invitation", "email role invited_by", "created_at until", "accepted_at"),
    Session: _table("sessions", "session", "email csrf", "created_at seen_at until"),
    ApiKey: _table("api_keys", "key", "secret_hash name scopes created_by", "created_at", "until used_at revoked_at"),
    KeptAnswer: _table("kept_answers", "idempotency_key", "request body_hash answer", "status created_at"),
    Batch: _table(
        "batches",
        "batch",
        "kind file state intake created_by message",
        "created_at size_bytes position accepted duplicates rejected",
        "lease_until finished_at",
    ),
    AuditEntry: _table("audit", "entry", "who action subject detail request", "at"),
    Chore: _table("chores", "chore", "holder", "", "lease_until done_at"),
    Retention: _table("retentions", "retention", "changed_by", "keep_days open_days changed_at"),
    Sender: _table(
        "senders",
        "seller",
        "operator office name line1 line2 line3 city region postcode country phone email tax_id changed_by",
        "changed_at",
    ),
    CarrierFeed: _table("feeds", "feed", "mapping changed_by", "changed_at"),
    Care: _table("cares", "exception", "kind subject state assigned_to reason changed_by", "changed_at items"),
    Note: _table("notes", "note", "exception text written_by", "written_at"),
    PlanRun: _table(
        "plan_runs",
        "run",
        "kind of title asked state stage message created_by",
        "created_at is_stopping seconds",
        "gap_ppm warehouses lease_until started_at finished_at",
    ),
    Segments: _table("segments", "segments", "run title rules facts created_by", "created_at"),
    Promising: _table("promising", "use", "policy changed_by", "at_once changed_at"),
    ActiveSegments: _table("active_segments", "use", "segments changed_by", "changed_at"),
    Filling: _table(
        "fillings",
        "tag",
        "origin destination mail_category mail_subclass kind handling_class holds mode receptacle opened_by",
        "opened_at",
    ),
    Content: _table("contents", "item_id", "tag", "weight_g added_at"),
    KeptReceptacle: _table(
        "receptacles",
        "receptacle",
        "receptacle_id dispatch tag kind handling_class counts state outcome consignment closed_by",
        "weight_g items exempt closed_at",
        "handed_over_at delivered_at received_at",
    ),
    KeptDispatch: _table(
        "dispatches",
        "dispatch",
        "dispatch_id state closed_by",
        "offset_minutes weight_g receptacles items version opened_at",
        "closed_at cancelled_at answered_at",
    ),
    KeptConsignment: _table(
        "consignments",
        "consignment",
        "consignment_id origin destination mail_category waybill security_status state closed_by",
        "offset_minutes weight_g receptacles version closed_at",
        "cancelled_at received_at delivered_at answered_at",
    ),
    KeptLeg: _table(
        "consignment_legs",
        "leg",
        "consignment run mode carrier trip origin destination",
        "weight_g departs_offset arrives_offset",
        "departs_at arrives_at",
    ),
    KeptReferral: _table("referrals", "referral", "item_id message", "sent_at"),
    WaybillStock: _table("waybill_stocks", "airline", "carrier changed_by", "next last changed_at"),
    Sent: _table(
        "exchange_sent",
        "sent",
        "own partner operator reference transport syntax state answer",
        "messages size_bytes attempts created_at due_at",
        "taken_at answered_at",
    ),
    SentMessage: _table(
        "exchange_sent_messages",
        "entry",
        "sent operator reference message document function state why",
        "created_at",
    ),
    Came: _table(
        "exchange_came",
        "came",
        "sender own operator reference transmission transport syntax digest state why stage receipt",
        "messages accepted refused times created_at",
        "prepared_at",
    ),
    CameMessage: _table(
        "exchange_came_messages",
        "entry",
        "came operator sender reference message document function identity digest state why",
        "told_at created_at",
        "applied_at",
    ),
    Counter: _table("exchange_counters", "counter", "", "last"),
    KeptAdvanceData: _table(
        "advance_data", "item_id", "operator came destination mail_class", "weight_g posted_at told_at received_at"
    ),
    KeptAwaited: _table("exchange_awaited", "awaited", "entry item_id operator state", "since"),
    ExchangeAlarm: _table("exchange_alarms", "alarm", "operator message kind what", "found_at", "ended_at"),
    Remembered: _table("exchange_remembered", "mark", "told", ""),
    Erasure: _table("exchange_erasures", "body", "", "asked_at"),
    KeptOperator: _table("partner_operators", "operator", "name countries time_zone own", ""),
    KeptOffice: _table("partner_offices", "row", "office operator valid_from valid_to time_zone", ""),
    KeptAddress: _table("partner_addresses", "row", "address operator valid_from valid_to qualifier place", ""),
    KeptChannel: _table(
        "partner_channels",
        "row",
        "operator direction message valid_from valid_to address version syntax profile transport stage",
        "",
    ),
}
"""The table of each noun of `operations.records`; its columns are the noun's fields."""

INDEXES = {
    "contents": ("tag",),
    "receptacles": ("dispatch", "receptacle_id", "consignment", "tag"),
    "dispatches": ("dispatch_id",),
    "consignments": ("consignment_id",),
    "consignment_legs": ("consignment", "run"),
    "referrals": ("item_id",),
}
"""By what else rows of these tables are looked for, within an account."""

for _each in TABLES.values():
    for _name in INDEXES.get(_each.name, ()):
        Index(f"ix_{_each.name}_tenant_{_name}", _each.columns["tenant"], _each.columns[_name])
