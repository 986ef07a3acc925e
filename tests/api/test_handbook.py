"""The description for people."""

from __future__ import annotations

import re

from entrepost.api.handbook import operations_of
from tests.api.world import World


def test_the_page_names_every_operation_and_loads_nothing_from_anywhere(world: World) -> None:
    answer = world.client.get("/v1/docs")
    document = world.client.get("/v1/openapi.json").json()
    for _, path, described in operations_of(document):
        assert f"<code>{path}</code>" in answer.text
        assert described["summary"] in answer.text.replace("&#39;", "'")
    assert not re.search(r"<(script|link|img|iframe)|(src|href|action)=\S?https?:|url\(", answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
