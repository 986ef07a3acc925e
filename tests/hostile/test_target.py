"""What is attacked is there: every name that stands in a path of the API names something real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from entrepost.api.handbook import operations_of
from tests.hostile.target import Target, target_in


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """One that nobody attacked yet."""
    with target_in(tmp_path_factory.mktemp("whole")) as made:
        yield made


def test_every_name_in_a_path_that_can_be_read_is_of_something_real(target: Target) -> None:
    own = {"authorization": f"Bearer {target.key}"}
    described = operations_of(target.client.get("/v1/openapi.json").json())
    paths = [path for method, path, _ in described if method == "GET" and "{" in path]
    answers = {path: target.client.get(path.format(**target.names_in(path)), headers=own) for path in paths}
    assert {path: answer.text for path, answer in answers.items() if answer.status_code != 200} == {
        "/v1/plans/{plan}/report": answers["/v1/plans/{plan}/report"].text  # the plan was put there, not made
    }
    assert len(answers) > 20


def test_what_requests_use_up_is_brought_back(target: Target) -> None:
    own = {"authorization": f"Bearer {target.key}"}
    for method, path in (
        ("DELETE", "/v1/receptacles/{tag}/items/{item_id}"),
        ("DELETE", "/v1/receptacles/{tag}"),
        ("POST", "/v1/dispatches/{dispatch}/cancellation"),
        ("POST", "/v1/consignments/{consignment}/cancellation"),
        ("DELETE", "/v1/feeds/{feed}"),
    ):
        for _ in range(2):
            answer = target.client.request(method, path.format(**target.names_in(path)), headers=own)
            found = [each["code"] for each in answer.json().get("findings", []) if each["level"] == "error"]
            assert (answer.status_code, found) == (200, []), answer.text
            target.mend(path, answer.status_code)
