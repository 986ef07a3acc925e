"""The destination learns which consignment is on its way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.messages import precon
from entrepost.messages.precon import Precon
from tests.messages.consignments import require_read_and_written_as_it_was, require_wrong_totals_told
from tests.messages.letters import ENVELOPE, ZONES, consigned

SAMPLE = "postal/samples/constructed/precon_v1_1_profile.edi"


@given(consigned(Precon))
@settings(max_examples=25)
def test_what_is_written_is_read(message: Precon) -> None:
    received = precon.read(precon.write([message], ENVELOPE, ZONES), ZONES)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    require_read_and_written_as_it_was(precon, (shared / SAMPLE).read_bytes())


@pytest.mark.shared
def test_totals_that_are_not_those_of_the_receptacles_are_told(shared: Path) -> None:
    require_wrong_totals_told(precon, (shared / SAMPLE).read_bytes())
