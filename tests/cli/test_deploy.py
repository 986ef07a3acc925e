"""What stands in `deploy/` says what the command line takes, and copies what is there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.cli.shell import entrepost

ROOT = Path(__file__).parents[2]
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "entrepost.service").read_text(encoding="utf-8")


def test_what_the_container_is_made_of_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \./", CONTAINER, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert {"requirements.lock", "pyproject.toml", "src"} <= set(names)


def test_the_container_has_the_driver_of_postgresql_by_its_hashes(tmp_path: Path) -> None:
    found = re.search(r"^RUN (awk .+) > postgres\.lock$", CONTAINER, re.MULTILINE)
    assert found
    told = subprocess.run(["sh", "-c", found[1]], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    heads = [line for line in told.splitlines() if not line.startswith(" ")]
    assert {re.split(r"[=\[]", line)[0] for line in heads} == {"psycopg", "psycopg-binary"}
    assert told.count("--hash=sha256:") > len(heads)


def test_the_container_serves_as_a_user_without_rights(tmp_path: Path) -> None:
    found = re.search(r"^CMD (\[.+\])$", CONTAINER, re.MULTILINE)
    assert found
    answer = entrepost(*json.loads(found[1]), "--check", folder=tmp_path)
    assert (answer.code, "0.0.0.0:8000" in answer.out) == (0, True)
    assert re.search(r"^USER 10001$", CONTAINER, re.MULTILINE)
    assert CONTAINER.index("USER 10001") < CONTAINER.index("ENTRYPOINT")


def test_the_unit_says_what_the_command_takes(tmp_path: Path) -> None:
    lines = re.findall(r"^ExecStart(?:Pre)?=/usr/local/bin/entrepost (.+)$", UNIT, re.MULTILINE)
    places = {"${STORE}": "entrepost.db", "${NETWORK}": "sample", "${WORKERS}": "1", "%S": str(tmp_path)}
    for line in lines:
        words = line.replace("%S", str(tmp_path)).split()
        given = [places.get(word, word) for word in words]
        assert entrepost(*given, *([] if "--check" in given else ["--check"]), folder=tmp_path).code == 0
    assert len(lines) == 2
