"""`/v1/partners`: with whom messages are exchanged, how that stands, and what is odd."""

from __future__ import annotations

from tests.api.world import CANARY, World


def test_partners_are_told_with_counts_alarms_and_channels(world: World) -> None:
    nla, usa = world.ask("GET", "/v1/partners").json()["data"]
    assert (nla["operator"], nla["name"], nla["came"], nla["last_sent_at"]) == ("NLA", CANARY, 4, None)
    assert [each["what"] for each in usa["alarms"]] == ["nothing came for 31 hours; 2 hours are usual"]
    assert [(each["direction"], each["message"]) for each in usa["channels"]] == [("in", "*"), ("out", "*")]
    assert usa["unanswered"] == 2
    assert world.ask("GET", "/v1/partners", "other").json() == {"data": []}
