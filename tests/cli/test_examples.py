"""The Python that the README and the guides show runs as it stands."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path

import pytest

from tests.cli.shell import entrepost

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    *(
        f"docs/guides/{name}.md"
        for name in ("quick-start", "sample-network", "simulate", "bring-in-orders", "satisfaction", "customs")
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader of the guides has it: a network, orders, and the events of their items."""
    place = tmp_path_factory.mktemp("reader")
    for command in (
        ("init", "mine"),
        ("intake", "mine/orders.csv", "--network", "mine/network"),
        ("quote", "--network", "mine/network"),
        ("simulate", "--network", "mine/network", "--out", "mine/events.csv"),
    ):
        answer = entrepost(*command, folder=place)
        assert answer.code == 0, answer.err
    return place / "mine"


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_run_one_after_the_other(page: str, folder: Path) -> None:
    examples = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert examples
    names: dict[str, object] = {}
    with chdir(folder):
        for example in examples:
            exec(compile(example, page, "exec"), names)
