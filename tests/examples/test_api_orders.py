"""The example of the API, run against a server that listens."""

from __future__ import annotations

import importlib.util
import threading
import time
from pathlib import Path
from types import ModuleType

import pytest
import uvicorn

from tests.api.world import world_at
from tests.examples.test_brazil import FOLDER
from tests.operations.shop import LAMP_NO


def test_the_example_quotes_brings_in_prints_and_follows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with world_at(str(tmp_path / "shop.db"), tmp_path) as world:
        config = uvicorn.Config(world.client.app, port=0, lifespan="off", log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        example().main(f"http://127.0.0.1:{port}", world.keys["main"], tmp_path)
        server.should_exit = True
        thread.join(10)
    told = capsys.readouterr().out
    assert "1 accepted, 1 rejected" in told
    assert "'heavy' is not a number" in told
    assert f"{LAMP_NO}: in_transit" in told
    assert "404 not_found" in told


def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_orders", FOLDER.parent / "api_orders.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
