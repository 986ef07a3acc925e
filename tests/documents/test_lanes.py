from __future__ import annotations

import polars as pl

from entrepost.documents.lanes import draw_lanes
from entrepost.documents.table import WHOLE
from tests.documents.made_up import spec_of

CELLS = pl.DataFrame(
    {
        "label": ["Shanghai to Brazil"] * 2 + ["Shanghai to Japan"] * 2,
        "part": [WHOLE, "Customs"] * 2,
        "days": [12.0, 4.0, 5.0, 1.0],
    }
)


def test_lanes_and_parts_stay_in_their_order() -> None:
    cells = spec_of(draw_lanes(CELLS))["layer"][0]["encoding"]
    assert cells["y"]["sort"] == ["Shanghai to Brazil", "Shanghai to Japan"]
    assert cells["x"]["sort"] == [WHOLE, "Customs"]


def test_the_whole_wait_is_written_but_does_not_stretch_the_colours() -> None:
    cells = spec_of(draw_lanes(CELLS))["layer"][0]
    assert cells["encoding"]["color"]["scale"]["domain"] == [0, 4.0]
    assert cells["transform"] == [{"filter": "(datum.part !== 'Whole wait')"}]
