"""Findings are declared, say where and how to fix, and are counted."""

import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, count_by_code, finding_code, list_errors

CODE = finding_code("test_shelf_empty", "A shelf is empty.")


def test_a_finding_says_what_where_and_how_to_fix_it():
    finding = Finding(CODE, "sku", "there is nothing", "shelves.csv", 3, "fill it")
    assert str(finding) == "shelves.csv:3 [sku] error test_shelf_empty: there is nothing; fill it"


def test_a_code_is_declared_once():
    assert finding_code("test_shelf_empty", "A shelf is empty.") == CODE
    with pytest.raises(MisuseError, match="twice"):
        finding_code("test_shelf_empty", "Something else.")
    with pytest.raises(MisuseError, match="not declared"):
        Finding("nobody_knows", "", "", "")


def test_findings_are_counted_and_warnings_are_no_errors():
    error, warning = Finding(CODE, "", "", "a"), Finding(CODE, "", "", "b", level="warning")
    assert count_by_code([error, warning]) == {CODE: 2}
    assert list_errors([error, warning]) == [error]
