"""entrepost demo --serve: the control tower on a demonstration, with a sign-in that is shown once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import entrepost
from entrepost.cli.demo import prepare
from entrepost.cli.demo_tower import ACCOUNT, EMAIL
from entrepost.network.feed import write_network
from entrepost.operations.sign_in import find_session, sign_in
from entrepost.wiring import open_store
from tests.api.test_serve import free_port, get
from tests.cli.shell import PROGRAM
from tests.operations.shop import two_items
from tests.worlds import one_warehouse


def test_a_demonstration_that_was_made_is_served_to_whoever_reads_the_password(tmp_path: Path) -> None:
    write_network(one_warehouse(), tmp_path / "network")
    out, port, network = tmp_path / "out", free_port(), entrepost.load_network(str(tmp_path / "network"))
    settings = {"orders": 400, "seed": 1, "network": network.content_hash, "version": entrepost.__version__}
    prepare(out, settings)
    (out / "report.html").write_text("made before")
    two_items(tmp_path).close()
    (tmp_path / "shop.db").rename(out / "demo.db")
    options = ["demo", "--orders", "400", "--network", "network", "--serve", "--port", str(port)]
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, *options]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        try:
            ready = get(port, "/health/ready")
            process.send_signal(signal.SIGTERM)
            told = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    assert ready["status"] == "ok"
    found = re.search(rf"account {ACCOUNT}, address {EMAIL}, password (\S{{12,}})", told)
    assert found, told
    assert f"control tower http://127.0.0.1:{port}/" in told
    store = open_store(out / "demo.db")
    signed_in = find_session(store, sign_in(store, ACCOUNT, EMAIL, found[1]))
    assert signed_in is not None
    assert signed_in.person.role == "admin"
    store.close()
