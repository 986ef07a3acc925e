"""What `entrepost serve` runs in each of its processes: the API and the pages, put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI

from entrepost.api import serve
from entrepost.api.house import House
from entrepost.api.limits import Buckets, RateParams
from entrepost.operations.forecasts import Forecasts
from entrepost.web.desk import Boards, Desk
from entrepost.web.page import check_frames
from entrepost.web.tower import open_tower
from entrepost.web.track import TrackingDesk, make_tracking

if TYPE_CHECKING:
    from entrepost.network.network import Network

PAGE_SECONDS = 0.15
"""So long a page waits for what was never worked out; then it says that it is being worked out, and asks again."""

LOOKED_UP = RateParams(per_second=1.0, burst=120)
"""How many numbers may be looked up from one address: three full pages at once, then one a second."""


def app_of_settings() -> FastAPI:
    """The app of the settings that the environment tells, with its pages."""
    desks: list[Desk] = []

    def make_pages(params: serve.ServeParams, house: House) -> Sequence[APIRouter]:
        desks.append(make_desk(params, house, house.forecasts))
        return (make_tracking(make_tracking_desk(params, house, house.forecasts)),)

    app = serve.app_of_settings(make_pages)
    open_tower(app, desks[0])
    return app


def make_desk(params: serve.ServeParams, house: House, forecasts: Forecasts) -> Desk:
    """What the control tower runs on."""

    def begin(tenant: str) -> None:
        house.exceptions.begin(tenant)
        house.lanes.begin(tenant)

    return Desk(
        house.store,
        lambda: house.network,
        lambda: house.surroundings,
        forecasts,
        house.uploads,
        house.wake,
        house.strangers,
        params.account,
        house.params.is_secure,
        house.params.upload_bytes_max,
        house.params.sign_in,
        boards=Boards(
            lambda tenant: house.exceptions.get(tenant, PAGE_SECONDS),
            lambda tenant: house.lanes.get(tenant, PAGE_SECONDS),
            lambda tenant: house.open_lists.get(tenant, 0.0),
            begin,
        ),
        network_source=house.network_source,
        wake_planner=house.planner_awake.set,
        check_url=house.sender.check,
    )


def make_tracking_desk(params: serve.ServeParams, house: House, forecasts: Forecasts) -> TrackingDesk:
    """What the tracking page runs on."""

    def network() -> Network:
        return house.network

    frames = check_frames(params.frames)
    return TrackingDesk(house.store, network, forecasts, Buckets(LOOKED_UP), params.account, frames)
