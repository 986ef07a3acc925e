"""Whatever is sent in the form that the description allows, or nearly: no 5xx, and answers are as described.

Half of the requests name in their path what is there, and have a sound body of which one part at most was made, so
that more than "there is no such thing" is tried. They are made and judged by Schemathesis and sent in the process of
the test to one server, which nothing is done beside. A request that is not answered in time ends the process and tells
where every thread stands.
"""

from __future__ import annotations

import faulthandler
import time
from collections import Counter
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.durability.conftest import ProgressLine
from tests.hostile.target import Target

EXAMPLES, EXAMPLES_OF_EVERY_CHANGE = 500, 10
"""A twentieth would take a minute of the processor."""

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance]
HANGS_SECONDS = 600
NOTHING, PARTS = -1, 8
"""Which part of a sound body is made anew: nothing of it, or one of so many."""
SECONDS_MAX, LONG_MAX = 3.0, 2
"""No more than so many requests of an operation take longer than this: what compiles does so once."""


@pytest.mark.campaign
def test_no_operation_breaks(target: Target, campaign_scale: float, progress_line: ProgressLine) -> None:
    described = schemathesis.openapi.from_dict(target.client.get("/v1/openapi.json").json())
    operations = [each.ok() for each in described.get_all_operations()]
    trials = [Trial(target, each) for each in operations]
    examples = EXAMPLES if campaign_scale == 1.0 else EXAMPLES_OF_EVERY_CHANGE
    for number, trial in enumerate(trials):
        trial.go(examples)
        print(f"{trial.operation.label}: {trial.told()}", *trial.wrong, sep="\n", flush=True)
        progress_line("operations tried with generated requests", number + 1, len(trials))
    print(f"{sum(each.statuses.total() for each in trials):,} requests to {len(trials)} operations")
    assert [wrong for trial in trials for wrong in trial.wrong] == []


class Trial:
    """An operation, how its requests were answered, and what is wrong with that."""

    def __init__(self, target: Target, operation: Any) -> None:
        self.target, self.operation = target, operation
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.seconds: list[float] = []

    def go(self, examples: int) -> None:
        """Try it with so many requests."""
        spoilt = st.sampled_from([NOTHING, *range(PARTS)])

        @hypothesis.settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        )
        @hypothesis.given(self.operation.as_strategy(), st.booleans(), spoilt)
        def ask(case: Any, is_named: bool, part: int) -> None:
            self._ask(self._named(case, part) if is_named else case)

        try:
            ask()
        except (AssertionError, schemathesis.errors.SchemathesisError, BaseExceptionGroup) as error:
            inner = getattr(error, "exceptions", (error,))
            self.wrong += [f"{self.operation.label}: {each}" for each in inner]
        long = sum(each > SECONDS_MAX for each in self.seconds)
        if long > LONG_MAX:
            self.wrong.append(f"{self.operation.label}: {long} requests took more than {SECONDS_MAX} s")

    def told(self) -> str:
        """How it went, in a line."""
        return f"{dict(sorted(self.statuses.items()))}, {sum(self.seconds):.1f} s, {max(self.seconds):.2f} s at most"

    def _named(self, case: Any, part: int) -> Any:
        """The case about what is there: its names in the path, and a sound body with one part of what was made."""
        names = self.target.names_in(self.operation.path)
        case.path_parameters = {name: names.get(name, "x") for name in case.path_parameters or {}}
        sound = self.target.body_of(self.operation.method.upper(), self.operation.path)
        if isinstance(sound, dict) and isinstance(case.body, dict):
            made = sorted(case.body)[part : part + 1] if part != NOTHING else []
            case.body = sound | {name: case.body[name] for name in made}
        return case

    def _ask(self, case: Any) -> None:
        own = {"Authorization": f"Bearer {self.target.key}"}
        sent = requests.Request(**case.as_transport_kwargs("https://tower.example", own)).prepare()
        faulthandler.dump_traceback_later(HANGS_SECONDS, exit=True)
        began = time.process_time()
        answer = self.target.client.request(sent.method, sent.url, content=sent.body, headers=dict(sent.headers))
        self.seconds.append(time.process_time() - began)
        faulthandler.cancel_dump_traceback_later()
        self.statuses[answer.status_code] += 1
        self.target.mend(self.operation.path, answer.status_code)
        case.validate_response(answer, checks=CHECKS)
