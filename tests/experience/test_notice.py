"""A recipient is told when his range changes materially, and only then."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.experience.notice import (
    RANGED,
    STANDINGS,
    News,
    NoticeParams,
    Standing,
    notice_news,
    range_news,
    standing_after,
)
from entrepost.mail.status import Status

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(100, 106)
DAY = 24
USUAL = NoticeParams()


def moved(told: tuple[int, int], now: tuple[int, int], params: NoticeParams = USUAL) -> News:
    """What it means that a range of days became another one."""
    figures = {
        "later_days": now[1] - told[1],
        "ahead_days": told[0] - now[1],
        "told_span_days": told[1] - told[0] + 1,
        "span_days": now[1] - now[0] + 1,
    }
    return News(range_news.of(figures, params))


def news(told: Standing, standing: Standing, moved: News = News.NONE, hours: int = 100) -> News:
    return News(notice_news(told, standing, moved, hours, 24))


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        ((TUESDAY, THURSDAY), (TUESDAY, THURSDAY), News.NONE),
        ((TUESDAY, THURSDAY), (TUESDAY, FRIDAY), News.LATER),
        ((TUESDAY, THURSDAY), (FRIDAY, SATURDAY), News.LATER),
        ((TUESDAY, THURSDAY), (TUESDAY, WEDNESDAY), News.NONE),
        ((TUESDAY, THURSDAY), (WEDNESDAY, THURSDAY), News.NONE),
        ((TUESDAY, THURSDAY), (MONDAY, TUESDAY), News.NONE),
        ((TUESDAY, THURSDAY), (MONDAY, MONDAY), News.EARLIER),
        ((TUESDAY, THURSDAY), (WEDNESDAY, WEDNESDAY), News.NARROWER),
        ((WEDNESDAY, THURSDAY), (WEDNESDAY, WEDNESDAY), News.NONE),
        ((THURSDAY, THURSDAY), (THURSDAY, THURSDAY), News.NONE),
        ((THURSDAY, THURSDAY), (THURSDAY, FRIDAY), News.LATER),
    ],
)
def test_only_a_day_that_was_not_told_or_much_less_than_was_told_is_news(
    told: tuple[int, int], now: tuple[int, int], expected: News
) -> None:
    assert moved(told, now) == expected


def test_how_much_later_is_news_can_be_set() -> None:
    patient = NoticeParams(later_days_min=2)
    assert moved((TUESDAY, THURSDAY), (TUESDAY, FRIDAY), patient) == News.NONE
    assert moved((TUESDAY, THURSDAY), (TUESDAY, SATURDAY), patient) == News.LATER


def test_a_second_range_waits_until_the_quiet_time_is_over() -> None:
    assert news(Standing.EXPECTED, Standing.EXPECTED, News.LATER, hours=DAY - 1) == News.NONE
    assert news(Standing.EXPECTED, Standing.EXPECTED, News.LATER, hours=DAY) == News.LATER


@pytest.mark.parametrize("standing", [Standing.READY, Standing.DELIVERED, Standing.RETURNED, Standing.LOST])
def test_that_the_wait_is_over_is_told_at_once_and_once(standing: Standing) -> None:
    told = news(Standing.EXPECTED, standing, hours=0)
    assert told.name == standing.name
    assert news(standing, standing, hours=10_000) == News.NONE


@pytest.mark.parametrize("told", [Standing.DELIVERED, Standing.RETURNED])
@pytest.mark.parametrize("standing", list(Standing))
def test_after_the_end_nothing_is_told(told: Standing, standing: Standing) -> None:
    assert news(told, standing, News.LATER) == News.NONE


def test_what_was_told_lost_may_be_found_or_turn_out_delivered() -> None:
    assert news(Standing.LOST, Standing.EXPECTED, hours=0) == News.FOUND
    assert news(Standing.LOST, Standing.DELIVERED, hours=0) == News.DELIVERED


def test_what_is_ready_gets_no_range_again_but_its_end_is_told() -> None:
    assert news(Standing.READY, Standing.EXPECTED, News.LATER) == News.NONE
    assert news(Standing.READY, Standing.RETURNED) == News.RETURNED


def test_who_was_told_nothing_hears_the_first_range() -> None:
    assert news(Standing.UNKNOWN, Standing.EXPECTED) == News.FIRST
    assert news(Standing.UNKNOWN, Standing.UNKNOWN) == News.NONE


def test_a_notice_leaves_behind_the_standing_that_it_told() -> None:
    assert {standing_after(each) for each in RANGED} == {Standing.EXPECTED}
    over = [each for each in News if each not in RANGED and each != News.NONE]
    assert [Standing(standing_after(each)).name for each in over] == [each.name for each in over]
    assert standing_after(News.NONE) == Standing.UNKNOWN


def test_every_status_with_a_say_of_its_own_is_one_that_items_have() -> None:
    shown = {(status.shown, status.kind) for status in Status}
    assert set(STANDINGS) <= shown
    ranged = {status for status, kind in shown - set(STANDINGS)}
    on_the_way = {"pending", "accepted", "in_transit", "at_customs", "on_hold", "out_for_delivery"}
    assert ranged == on_the_way | {"delivery_failed"}


def test_params_that_make_no_sense_are_refused() -> None:
    with pytest.raises(MisuseError, match="quiet_hours must be at least 0; stale_days must be at least 0"):
        NoticeParams(quiet_hours=-1, stale_days=-1)
