"""What all tests share: the reference data beside the repository, the scale of campaigns, real servers."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest

from tests.servers import MissingServerError, Postgres
from tests.sharing import BySharedWorld, sort_longest_first

gc.disable()  # until all tests are imported: nothing of that is ever garbage

ROOT = Path(__file__).parent.parent
SERVERS = {"chromium": ("chromium", "chromium-browser", "google-chrome")}

# Stores on a server have no place for a key of their own; servers and children of tests get the same one.
os.environ.setdefault("ENTREPOST_MASTER_KEY", "dGhlIHRlc3RzIG9mIGVudHJlcG9zdCB1c2UgdGhpcyE")

# The first call of a compiled kernel takes seconds; in CI the same cases are drawn each time.
hypothesis.settings.register_profile(
    "entrepost",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    max_examples=1_000 if os.environ.get("ENTREPOST_CAMPAIGN") == "full" else 50,
)
hypothesis.settings.load_profile("entrepost")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySharedWorld:
    """Several workers share the tests by what these need."""
    return BySharedWorld(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests come first; what was imported by now is not looked through again and again."""
    sort_longest_first(items)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 20)
    gc.enable()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the repository; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference data are not there: this test reads ../shared, beside the repository")
    return folder


@pytest.fixture(scope="session")
def campaign_scale() -> float:
    """How much of a campaign is run: all of it with ENTREPOST_CAMPAIGN=full, otherwise a twentieth."""
    return 1.0 if os.environ.get("ENTREPOST_CAMPAIGN") == "full" else 0.05


@pytest.fixture(scope="session")
def require_server() -> Callable[[str], Path]:
    """Call with a server's name for its program; where it is not installed, see `find_server`."""
    return find_server


def find_server(name: str) -> Path:
    """A server's program, or the test is skipped; with ENTREPOST_REQUIRE_SERVERS=1 it fails instead."""
    programs = SERVERS.get(name, (name,))
    for program in programs:
        if found := shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent)):
            return Path(found)
    miss_server(f"{name} is not installed: none of {', '.join(programs)} is on the path or beside Python")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server from the wheel; where it cannot be started, see `miss_server`."""
    try:
        server = Postgres()
    except MissingServerError as error:
        miss_server(str(error))
    yield server
    server.close()


def miss_server(message: str) -> NoReturn:
    """Skip a test whose server is missing; with ENTREPOST_REQUIRE_SERVERS=1 it fails instead."""
    if os.environ.get("ENTREPOST_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    pytest.skip(message)
