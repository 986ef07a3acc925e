"""Nobody waits for the first forecast."""

from __future__ import annotations

from pathlib import Path

from entrepost.operations.forecasts import Forecasts
from entrepost.operations.track import track
from tests.operations.shop import store_in
from tests.web.shop import NOW, ON_ITS_WAY, fill
from tests.worlds import two_offices


def test_the_first_forecast_is_made_beside_and_the_next_is_told(tmp_path: Path) -> None:
    store = fill(store_in(tmp_path), tmp_path)
    forecasts = Forecasts(store, two_offices)
    forecasts.wait()
    assert forecasts.follow_some(NOW, 10) == 0, "nothing is ready"
    item = track(store, store.list_items().filter(order_id=ON_ITS_WAY)["item_id"][0])
    assert forecasts.find(item, NOW) is None
    forecasts.wait()
    told = forecasts.find(item, NOW)
    assert told is not None
    assert (told.from_.date(), told.to.date()) == (NOW.date().replace(day=8), NOW.date().replace(day=8))
    assert forecasts.follow_some(NOW, 10) == 3
    store.close()
