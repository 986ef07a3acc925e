"""`/v1/partners`: with whom messages are exchanged, and how that stands."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.operations.access import Caller
from entrepost.operations.exchanging.partners import get_partners
from entrepost.operations.message_desk import READ, watch_messages

router = APIRouter(prefix="/v1/partners")


class ChannelShown(BaseModel):
    """What is exchanged: a message, in or out, in a version, over a transport, from a day on."""

    direction: str
    message: str
    version: str
    syntax: str
    transport: str
    stage: str
    valid_from: date
    valid_to: date | None


class AlarmShown(BaseModel):
    """Something odd about what a partner sends, since when."""

    kind: str
    message: str
    what: str
    found_at: datetime


class PartnerShown(BaseModel):
    """A partner: what came and went, what is kept, refused or unanswered, its alarms, and its channels."""

    operator: str
    name: str
    came: int
    kept: int
    refused: int
    sent: int
    unanswered: int
    refused_by_them: int
    last_came_at: datetime | None
    last_sent_at: datetime | None
    oldest_unanswered_at: datetime | None
    oldest_kept_at: datetime | None
    alarms: list[AlarmShown]
    channels: list[ChannelShown]


class Partners(BaseModel):
    """All partners of the account."""

    data: list[PartnerShown]


@router.get("", summary="Partners", **guarded(READ))
def list_all(caller: Annotated[Caller, Depends(caller_with(READ))], house: HouseOf) -> Partners:
    """With whom messages are exchanged, and how that stands now."""
    watched = watch_messages(house.store, caller.tenant)
    channels = get_partners(house.store, caller.tenant).channels
    return Partners(
        data=[
            PartnerShown(
                **asdict(each),
                alarms=[_alarm(alarm) for alarm in watched.alarms if alarm.operator == each.operator],
                channels=[_channel(channel) for channel in channels if channel.operator == each.operator],
            )
            for each in watched.partners
        ]
    )


def _alarm(alarm: object) -> AlarmShown:
    return AlarmShown(**{name: getattr(alarm, name) for name in AlarmShown.model_fields})


def _channel(channel: object) -> ChannelShown:
    return ChannelShown(**{name: getattr(channel, name) for name in ChannelShown.model_fields})
