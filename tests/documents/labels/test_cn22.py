"""CN 22: the nature is ticked, rows shrink to find room, and too many are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.documents.labels.cn22 import NATURES, draw_cn22
from entrepost.documents.labels.sheet import Words
from entrepost.mail.declaration import NATURES as ALL
from entrepost.mail.declaration import Declaration
from tests.documents.labels.made_up import SHIRTS, papers


@pytest.mark.parametrize("nature", ALL)
def test_one_box_is_ticked(nature: str) -> None:
    sheets, findings = draw_cn22(papers(declaration=replace(papers().declaration, nature=nature)))
    assert findings == []
    crosses = [mark for mark in sheets[0].marks if isinstance(mark, Words) and mark.shaped.text == "×"]
    assert len(crosses) == 1
    place = list(dict(NATURES)).index(nature if nature in dict(NATURES) else "other")
    assert (crosses[0].x > 200) == bool(place % 2)


def test_rows_shrink_until_all_find_room_and_too_many_are_told() -> None:
    few, many = (Declaration("sale", "EUR", (replace(SHIRTS, net_weight_g=1),) * count) for count in (5, 30))
    assert draw_cn22(papers(declaration=few))[1] == []
    findings = draw_cn22(papers(declaration=many))[1]
    assert [each.code for each in findings] == ["customs_form_full"]
    assert findings[0].fix == "print CN 23"
