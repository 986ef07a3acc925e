"""What recipients should know is queued once, in the store, and what no longer holds is dropped."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.clock import EPOCH
from entrepost.experience.notice import NoticeParams
from entrepost.operations.events import record_events
from entrepost.operations.notices import RANGE, find_news, plan_notices, promised_ranges
from entrepost.operations.notices_post import send_notices
from entrepost.operations.store import PROMISE, Store
from tests.operations.post import Pigeon, after, expected, with_contacts
from tests.operations.shop import LAMP_NO, MUG_NO, NOW, POSTED, event, two_items
from tests.operations.test_events import frame
from tests.tidy.source import ROOT

NOTHING = pl.DataFrame(schema=RANGE)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two items with contacts; nothing was promised or told."""
    return with_contacts(two_items(tmp_path))


def promise(store: Store, days: float, service: str = "PACKET", begins: float | None = None) -> None:
    """Promise the lamp by so many days from now, and not before so many."""
    hours = {} if begins is None else {"wait_hours_p10": round(24 * begins), "wait_hours_p90": round(24 * days)}
    given = {
        **hours,
        "tenant": "main",
        "seller": "shop",
        "order_id": "o1",
        "service": service,
        "given_at": POSTED,
        "items": 1,
        "currency": "EUR",
        "arrive_by_p90": after(days),
        "arrive_by_p90_probability": 0.93,
    }
    types = {"given_at": pl.Datetime("us", "UTC"), "arrive_by_p90": pl.Datetime("us", "UTC")}
    store.add_promises(pl.DataFrame([given], schema_overrides=types).select(name for name in PROMISE if name in given))


def told(store: Store) -> list[tuple[str, str, str]]:
    """Item, kind and state of each notice, in the order of planning."""
    return store.list_notices().sort("planned_at", "item_no").select("item_id", "kind", "state").rows()


def tell(store: Store, ranges: pl.DataFrame, days: float = 0, params: NoticeParams | None = None) -> list[str]:
    """Plan and send as of so many days from now; the kinds of what was sent."""
    store.clock.instant = after(days)  # type: ignore[attr-defined]
    plan_notices(store, ranges, params=params)
    pigeon = Pigeon()
    send_notices(store, pigeon)
    kinds = dict(store.list_notices().select("notice", "kind").iter_rows())
    return [kinds[letter.notice] for _, letter in pigeon.taken]


def test_a_promise_was_told_so_the_same_range_is_no_news(store: Store) -> None:
    promise(store, days=5)
    ranges = promised_ranges(store)
    assert ranges.rows() == [("main", LAMP_NO, None, after(5), 0.93)]
    assert plan_notices(store, ranges).news == {}
    assert tell(store, expected(6)) == ["later"], "a promise is no notice, after which it would be quiet"


def test_a_promise_from_then_to_then_was_told_as_that_range(store: Store) -> None:
    promise(store, days=12, begins=4)
    ranges = promised_ranges(store)
    assert ranges.rows() == [("main", LAMP_NO, after(4), after(12), 0.93)]
    assert tell(store, ranges) == []
    assert tell(store, expected(5, 12)) == []
    assert tell(store, expected(9, 9)) == ["narrower"], "nine days became one"


def test_who_was_promised_nothing_hears_the_first_range_and_then_only_changes(store: Store) -> None:
    assert tell(store, expected(2, 5)) == ["first"]
    assert tell(store, expected(2, 5), days=1.5) == []
    assert tell(store, expected(4, 7), days=2) == ["later"]
    assert tell(store, expected(4, 8), days=2.5) == []
    assert tell(store, expected(4, 8), days=3.5) == ["later"]
    assert tell(store, expected(6, 6), days=5) == ["narrower"]


def test_what_was_told_before_is_told_again_when_it_holds_again(store: Store) -> None:
    said = [tell(store, expected(last), days=day) for day, last in ((0, 10), (1, 12), (2, 5), (3, 12), (4, 5))]
    assert said == [["first"], ["later"], ["earlier"], ["later"], ["earlier"]]


def test_an_item_without_contact_or_range_is_not_told_of(store: Store) -> None:
    store.remove_contacts(store.find_contacts().tail(1))
    done = plan_notices(store, expected(5, item_id=MUG_NO))
    assert (done.items, done.queued) == (1, 0)
    assert plan_notices(store, NOTHING).queued == 0


def test_a_range_that_is_over_is_not_told(store: Store) -> None:
    assert tell(store, expected(1, 2), days=3) == []
    assert tell(store, expected(1, 3), days=3) == ["first"]


def test_days_are_those_of_the_recipients_zone(store: Store) -> None:
    evening = NOW.replace(hour=20)
    ranges = pl.DataFrame(
        [("main", item, None, evening + timedelta(days=3), 0.9) for item in (LAMP_NO, MUG_NO)], RANGE, orient="row"
    )
    found = find_news(store, ranges).sort("item_no")
    days = [EPOCH.date() + timedelta(days=each) for each in found.get_column("to_day")]
    assert days == [date(2026, 1, 13), date(2026, 1, 14)]


def test_that_the_wait_is_over_is_told_whatever_ranges_say(store: Store) -> None:
    assert tell(store, expected(2, 5)) == ["first"]
    record_events(store, frame([event("EMA"), event("EDH", 130)]))
    assert tell(store, expected(4, 9)) == ["ready"]
    record_events(store, frame([event("EMI", 140)]))
    assert tell(store, expected(4, 9)) == ["delivered"]
    assert tell(store, expected(4, 9), days=2) == []
    assert sorted(told(store)) == [(LAMP_NO, kind, "sent") for kind in ("delivered", "first", "ready")]


def test_what_happened_long_ago_is_no_news_to_a_contact_that_comes_late(store: Store) -> None:
    record_events(store, frame([event("EMA"), event("EMI", 10)]))
    assert find_news(store, NOTHING, after(7)).height == 0
    assert find_news(store, NOTHING, after(7), NoticeParams(stale_days=30)).get_column("kind").to_list() == [
        "delivered"
    ]


def test_the_same_news_is_queued_once_however_often_it_is_planned(store: Store) -> None:
    assert [plan_notices(store, expected(2, 5)).queued for _ in range(3)] == [1, 0, 0]
    assert told(store) == [(LAMP_NO, "first", "queued")]


def test_news_that_no_longer_holds_is_dropped_and_may_come_back(store: Store) -> None:
    plan_notices(store, expected(2, 5))
    done = plan_notices(store, expected(3, 6), after(0.1))
    assert (done.queued, done.dropped) == (1, 1)
    assert [state for _, _, state in told(store)] == ["dropped", "queued"]
    again = plan_notices(store, expected(2, 5), after(0.2))
    assert (again.queued, again.dropped) == (1, 1)
    assert [state for _, _, state in told(store)] == ["queued", "dropped"]
    assert tell(store, expected(2, 5), days=0.3) == ["first"]


def test_a_change_that_was_taken_back_before_it_was_told_is_never_told(store: Store) -> None:
    assert tell(store, expected(2, 5)) == ["first"]
    plan_notices(store, expected(2, 8), after(2))
    assert tell(store, expected(2, 5), days=2) == []
    assert [state for _, _, state in told(store)] == ["sent", "dropped"]


def test_a_dry_run_changes_nothing(store: Store) -> None:
    found = find_news(store, expected(2, 5))
    assert found.select("item_id", "kind", "probability").rows() == [(LAMP_NO, "first", 0.9)]
    assert told(store) == []


def test_only_the_account_that_is_asked_for_is_looked_at(store: Store) -> None:
    assert plan_notices(store, expected(2, 5), tenant="other").items == 0
    assert plan_notices(store, expected(2, 5), tenant="main").items == 2


@pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")
def test_the_guide_can_be_followed(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guide = (ROOT / "docs" / "guides" / "notices.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```python\n(.*?)```", guide, re.DOTALL))
    assert script.count('"entrepost.db"') == script.count('"o-1"') == 1
    script = script.replace("entrepost.db", str(tmp_path / "shop.db")).replace("o-1", "o1")
    exec(script + "store.close()", {})
    assert capsys.readouterr().out == "0\n0\n"
    assert store.find_contacts().get_column("order_id").to_list() == ["o2"]


def test_a_store_without_contacts_has_nobody_to_tell(tmp_path: Path) -> None:
    assert plan_notices(two_items(tmp_path), expected(2, 5)).items == 0
