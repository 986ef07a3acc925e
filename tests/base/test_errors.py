"""One tree of errors, on one screen, that programs can catch as a whole."""

from __future__ import annotations

import inspect

import pytest

from entrepost.base import errors
from entrepost.base.errors import EntrepostError, ExhaustedError, MisuseError, NetworkError

TREE = [each for _, each in inspect.getmembers(errors, inspect.isclass)]


def test_all_that_is_raised_on_purpose_is_caught_by_one_name() -> None:
    assert len(TREE) > 5
    assert [each.__name__ for each in TREE if not issubclass(each, EntrepostError)] == []


def test_the_whole_tree_fits_on_one_screen() -> None:
    assert len(inspect.getsource(errors).splitlines()) <= 80


def test_a_wrong_argument_is_a_value_error_and_a_missing_row_a_failed_lookup() -> None:
    with pytest.raises(ValueError, match="no such option"):
        raise MisuseError("no such option")
    assert issubclass(errors.MissingRowError, LookupError)
    assert not issubclass(ExhaustedError, ValueError | LookupError)


def test_a_network_that_cannot_be_used_carries_its_findings() -> None:
    assert NetworkError("unusable", ("one", "two")).findings == ("one", "two")
    assert NetworkError("unusable").findings == ()
    assert str(NetworkError("unusable", ("one",))) == "unusable"
