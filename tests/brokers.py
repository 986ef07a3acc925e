"""Real brokers for tests: nodes of a cluster from the wheel, with the configuration that Entrepost writes."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error

from entrepost.exchange.brokers.cluster import Cluster, Node, write_config
from entrepost.exchange.brokers.line import STREAM
from entrepost.exchange.brokers.settings import NatsSettings
from tests.certificates import Authority
from tests.servers import PATIENCE_SECONDS, MissingServerError

HERE = "127.0.0.1"
QUICK = {"patience_seconds": 2.0, "again_seconds": 1.0, "pause_seconds": 0.2, "pause_seconds_most": 0.5}


class Brokers:
    """A cluster on loopback for these operators; each node can be killed and started again."""

    def __init__(
        self, program: Path, folder: Path, operators: tuple[str, ...], nodes: int = 1, **cluster: object
    ) -> None:
        self.folder, self._program = folder, program
        self.authority = Authority(folder / "certificates")
        self.authority.issue("broker", addresses=(HERE,))
        for operator in operators:
            self.authority.issue(operator)
        ports = iter(_free_ports(2 * nodes))
        self.nodes = tuple(Node(f"node-{number}", HERE, next(ports), next(ports)) for number in range(1, nodes + 1))
        places = {"certificates": str(folder / "certificates"), "data": str(folder / "data")}
        self.cluster = Cluster(operators, self.nodes, listen="", **places, **cluster)  # type: ignore[arg-type]
        for name, text in write_config(self.cluster).items():
            (folder / name).write_text(text, encoding="utf-8")
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Brokers:
        for node in self.nodes:
            self.start(node.name)
        return self

    def __exit__(self, *_how: object) -> None:
        for name in list(self._running):
            self.kill(name)

    def settings(self, operator: str, **more: object) -> NatsSettings:
        """How an operator reaches these brokers."""
        folder, servers = self.authority.folder, tuple(f"tls://{each.host}:{each.port}" for each in self.nodes)
        files = (folder / "authority.pem", folder / f"{operator}.pem", folder / f"{operator}.key")
        told = QUICK | {"copies": len(self.nodes), "inbox_bytes_most": 1 << 28} | more
        return NatsSettings(servers, *files, **told)  # type: ignore[arg-type]

    def start(self, name: str) -> None:
        """Start a node, and wait until it listens."""
        log = self.folder / f"{name}.log"
        command = [str(self._program), "-c", f"{name}.conf"]
        with log.open("ab") as out:
            self._running[name] = started = subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=out)
        port = next(node.port for node in self.nodes if node.name == name)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _listens(port):
            if started.poll() is not None or time.monotonic() > deadline:
                raise MissingServerError(f"the broker {name} does not start: {log.read_text()[-2000:]}")
            time.sleep(0.01)

    def kill(self, name: str) -> None:
        """End a node as a crash does."""
        self._running[name].kill()
        self._running.pop(name).wait()

    def let_in(self, operator: str) -> None:
        """Write a further operator into the configuration, which the nodes read again without stopping."""
        self.authority.issue(operator)
        self.cluster = replace(self.cluster, operators=(*self.cluster.operators, operator), pairs=())
        for name, text in write_config(self.cluster).items():
            (self.folder / name).write_text(text, encoding="utf-8")
        for _ in range(2):  # what is exported to a new account holds from the second reading on
            for each in self._running.values():
                each.send_signal(signal.SIGHUP)
            time.sleep(0.2)

    def find_leader(self, operator: str) -> str:
        """The node that leads the inbox of an operator; empty while none is chosen."""
        try:
            return asyncio.run(asyncio.wait_for(self._ask_leader(operator), 5))
        except (TimeoutError, Error, OSError):
            return ""

    async def _ask_leader(self, operator: str) -> str:
        settings = self.settings(operator)
        context = ssl.create_default_context(cafile=settings.authority)
        context.load_cert_chain(settings.certificate, settings.key)
        ports = {each.name: each.port for each in self.nodes}
        running = [f"tls://{HERE}:{ports[name]}" for name in self._running]
        client = Client()
        await client.connect(running, tls=context, connect_timeout=1, max_reconnect_attempts=2, reconnect_time_wait=0)
        try:
            told = await client.jetstream(timeout=2).stream_info(STREAM)
        finally:
            await client.close()
        return told.cluster.leader or "" if told.cluster else ""

    def pause(self, name: str) -> None:
        """Cut a node off: nobody hears from it until `resume`."""
        self._running[name].send_signal(signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let a node that was cut off go on."""
        self._running[name].send_signal(signal.SIGCONT)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server((HERE, 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HERE, port), timeout=1).close()
    except OSError:
        return False
    return True
