"""What goes over the wire, to which address, and how little of what comes back is listened to."""

from __future__ import annotations

import datetime
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from entrepost.base.errors import MisuseError
from entrepost.exchange.addresses import read_networks
from entrepost.exchange.webhooks import HttpSender, WebhookSettings, read_webhook_settings
from tests.exchange.receiver import LOCAL, Receiver, serve

HERE = WebhookSettings(http=True, networks=read_networks(LOCAL), timeout_seconds=5)
HEADERS = {"webhook-id": "msg_1"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = serve(Receiver())
    yield started
    started.close()


def answering(*parts: bytes, pause: float = 0) -> str:
    """The URL of a receiver that says these bytes to whoever comes, with a pause before each."""
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        connection, _ = listening.accept()
        with connection, listening:
            connection.recv(65_536)
            try:
                for part in parts:
                    time.sleep(pause)
                    connection.sendall(part)
            except OSError:
                pass

    Thread(target=talk, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_a_message_arrives_as_it_was_written(receiver: Receiver) -> None:
    reply = HttpSender(HERE).send(receiver.url, HEADERS, '{"city":"Zürich"}'.encode())
    headers, body = receiver.taken[0]
    assert (reply.code, reply.is_taken, body.decode()) == (204, True, '{"city":"Zürich"}')
    assert headers["content-type"] == "application/json"
    assert (headers["webhook-id"], headers["host"]) == ("msg_1", receiver.url.split("/")[2])


def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert HttpSender(HERE).send(receiver.url, HEADERS, b"{}").code == 204


def test_a_redirect_is_an_answer_and_leads_nowhere(receiver: Receiver) -> None:
    other = serve(Receiver())
    receiver.answer, receiver.extra = lambda headers: 307, {"location": other.url}
    reply = HttpSender(HERE).send(receiver.url, HEADERS, b"{}")
    other.close()
    assert (reply.code, reply.is_taken, other.asked) == (307, False, [])
    assert "not followed" in reply.said


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_judged() -> None:
    judged, other = serve(Receiver(), address="127.0.0.2"), serve(Receiver(), address="127.0.0.3")
    asked: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.3"]

    port = judged.url.split(":")[2].split("/")[0]
    sender = HttpSender(replace(HERE, networks=read_networks("127.0.0.2/32")), turning)
    assert sender.send(f"http://hooks.example.org:{port}/", HEADERS, b"{}").code == 204
    assert sender.send(f"http://hooks.example.org:{port}/", HEADERS, b"{}").said.startswith("127.0.0.3 is refused")
    judged.close()
    other.close()
    assert (asked, len(judged.taken), other.asked) == (["hooks.example.org"] * 2, 1, [])
    assert judged.taken[0][0]["host"] == f"hooks.example.org:{port}"


def test_only_https_goes_unless_http_is_allowed(receiver: Receiver) -> None:
    reply = HttpSender(replace(HERE, http=False)).send(receiver.url, HEADERS, b"{}")
    assert (reply.said, receiver.asked) == ("only https is allowed", [])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for hooks.example.org that signs itself, and its key."""
    key, folder = ec.generate_private_key(ec.SECP256R1()), tmp_path_factory.mktemp("tls")
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return certificate, private


def test_tls_is_for_the_name_and_from_somebody_who_is_trusted(authority: tuple[Path, Path]) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*authority)
    receiver = serve(Receiver(), serving)
    port = receiver.url.split(":")[2].split("/")[0]
    trusting = replace(HERE, context=ssl.create_default_context(cafile=str(authority[0])))

    def local(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    right, wrong = (f"https://{name}.example.org:{port}/" for name in ("hooks", "others"))
    assert HttpSender(trusting, local).send(right, HEADERS, b"{}").code == 204
    assert "CERTIFICATE_VERIFY_FAILED" in HttpSender(trusting, local).send(wrong, HEADERS, b"{}").said
    assert "CERTIFICATE_VERIFY_FAILED" in HttpSender(HERE, local).send(right, HEADERS, b"{}").said
    receiver.close()
    assert len(receiver.taken) == 1


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((), "the receiver went away without an answer"),
        ((b"SSH-2.0-OpenSSH_9.2\r\n\r\n",), "the answer is no HTTP"),
        ((b"HTTP/1.1 200 OK\r\n", b"x: " + b"y" * 40_000), "the header of the answer is too long"),
        ((b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 202 Accepted\r\n\r\n"), "202"),
        ((b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n" + b"z" * 60_000,), "200"),
        ((b"HTTP/1.0 410\r\n\r\n",), "410"),
    ],
)
def test_odd_answers_are_answers(parts: tuple[bytes, ...], said: str) -> None:
    assert HttpSender(HERE).send(answering(*parts), HEADERS, b"{}").said == said


def test_who_answers_drop_by_drop_is_not_listened_to_for_longer_than_the_limit() -> None:
    url, began = answering(*[b"H"] * 40, pause=0.05), time.monotonic()
    reply = HttpSender(replace(HERE, timeout_seconds=0.3)).send(url, HEADERS, b"{}")
    assert reply.said == "no answer within 0.3 s"
    assert time.monotonic() - began < 1.5


def test_a_receiver_says_for_how_long_to_wait() -> None:
    busy = answering(b"HTTP/1.1 429 Too Many\r\nRetry-After: 120\r\n\r\n")
    assert HttpSender(HERE).send(busy, HEADERS, b"{}").wait_seconds == 120


def test_a_closed_port_is_a_reply() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.close()
    assert HttpSender(HERE).send(f"http://127.0.0.1:{port}/", HEADERS, b"{}").said == "Connection refused"


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"ENTREPOST_WEBHOOK_HTTP": "yes", "ENTREPOST_WEBHOOK_NETWORKS": "10.1.0.0/16 fd00::/8"}
    read: Callable[[dict[str, str]], WebhookSettings] = read_webhook_settings
    assert read(given) == WebhookSettings(http=True, networks=read_networks("10.1.0.0/16,fd00::/8"))
    assert read({}) == WebhookSettings()
    with pytest.raises(MisuseError, match="give yes or no"):
        read({"ENTREPOST_WEBHOOK_HTTP": "1"})
    with pytest.raises(MisuseError, match=r"write networks as 10\.1\.0\.0/16"):
        read({"ENTREPOST_WEBHOOK_NETWORKS": "10.1.0.1/16"})
