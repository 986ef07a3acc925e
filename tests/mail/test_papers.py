"""Papers: an address needs a name, a line and a city."""

from __future__ import annotations

import pytest

from entrepost.mail.papers import check_papers
from tests.documents.labels.made_up import papers


def test_whole_papers_have_nothing_wrong() -> None:
    assert check_papers(papers()) == []


@pytest.mark.parametrize(("field", "value"), [("name", " "), ("lines", ()), ("city", "")])
def test_an_address_that_lacks_something_is_told(field: str, value: object) -> None:
    findings = check_papers(papers(**{f"recipient_{field}": value}))
    assert [(each.code, each.subject) for each in findings] == [("address_incomplete", "RB123456785CN")]
