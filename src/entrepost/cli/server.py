"""What `entrepost serve` runs in each of its processes: the API and the pages, put together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI

from entrepost.api import serve
from entrepost.api.house import House
from entrepost.api.limits import Buckets, RateParams
from entrepost.web.forecasts import Forecasts
from entrepost.web.page import check_frames
from entrepost.web.track import TrackingDesk, make_tracking

if TYPE_CHECKING:
    from entrepost.network.network import Network

LOOKED_UP = RateParams(per_second=1.0, burst=120)
"""How many numbers may be looked up from one address: three full pages at once, then one a second."""


def app_of_settings() -> FastAPI:
    """The app of the settings that the environment tells, with its pages."""
    return serve.app_of_settings(make_pages)


def make_pages(params: serve.ServeParams, house: House) -> Sequence[APIRouter]:
    """The pages over a house."""
    learned = None if params.network == "sample" else Path(params.network)

    def network() -> Network:
        return house.network

    desk = TrackingDesk(
        house.store,
        network,
        Forecasts(house.store, network, learned),
        Buckets(LOOKED_UP),
        params.account,
        check_frames(params.frames),
    )
    return (make_tracking(desk),)
