"""However an address is written, and whatever a name points to: only the public internet is written to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from threading import Thread

import pytest

from entrepost.exchange.addresses import NOT_PUBLIC, check_name, find_addresses, read_networks, resolve, why_not
from entrepost.exchange.webhooks import HttpSender, WebhookSettings

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "1.1.1.1", "2a01:4f8::1")
HOSTILE = (
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
    ),
    *("0", "0.0.0.0", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "localhost", "localhost.", "LOCALHOST", "a.localhost"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1"),
    *(
        "192.0.0.8",
        "192.0.2.1",
        "198.51.100.7",
        "203.0.113.9",
        "192.88.99.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
    ),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:93.184.215.14]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a00:1::1]"),
    *(
        "[2001::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[fe80::1]",
        "[fe80::1%25lo]",
        "[fe80::1%lo]",
        "[fec0::1]",
    ),
    *("[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[5f00::1]", "[4000::1]"),
    *("127。0。0。1", "①②⑦.0.0.1", "127%2e0%2e0%2e1", "%6c%6f%63%61%6c%68%6f%73%74", "0x7f.0x0.0x0.0x1", "1.2.3.0x7f"),
    *(
        "metadata",
        "metadata.google.internal",
        "printer.local",
        "db",
        "host.docker.internal",
        "a_b",
        "-a.example",
        "a..b",
    ),
    *("user@127.0.0.1", "example.org@127.0.0.1", "127.0.0.1#@example.org", "example.org\\@127.0.0.1", "[127.0.0.1]"),
    *("[::1", "::1", "", ".", "127.0.0.1:22", "example.org:25", "example.org:0", "example.org:99999", "exa mple.org"),
    *("inside.example.org", "both.example.org", "mapped.example.org", "nowhere.example.org", "example.org\r\nhost: b"),
)
NAMES = {
    "inside.example.org": ["10.0.0.5"],
    "both.example.org": ["93.184.215.14", "127.0.0.1"],
    "mapped.example.org": ["::ffff:10.0.0.5"],
    "nowhere.example.org": [],
}


def look_up(host: str, port: int) -> list[str]:
    """The names of the table, and what the system makes of everything that is no name."""
    return NAMES[host] if host in NAMES else resolve(host, port)


@pytest.fixture(scope="module")
def door() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine on which nobody may knock: its number, and who did."""
    knocks: list[str] = []
    listening = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)

    def listen() -> None:
        while True:
            try:
                connection, place = listening.accept()
            except OSError:
                return
            knocks.append(str(place))
            connection.close()

    thread = Thread(target=listen, daemon=True)
    thread.start()
    yield int(listening.getsockname()[1]), knocks
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


@pytest.mark.parametrize("host", HOSTILE)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_no_hostile_host_is_connected_to(scheme: str, host: str, door: tuple[int, list[str]]) -> None:
    port, knocks = door
    place = host if ":" in host.rpartition("]")[2] else f"{host}:{port}"
    sender = HttpSender(WebhookSettings(http=True, timeout_seconds=2), look_up)
    reply = sender.send(f"{scheme}://{place}/", {}, b"{}")
    assert (reply.code, knocks) == (None, []), reply.said
    refusals = ("refused", "the host is", "URL", "no address", "belongs to another service")
    assert any(word in reply.said for word in refusals), reply.said


def test_the_door_is_one_that_opens(door: tuple[int, list[str]]) -> None:
    port, knocks = door
    sender = HttpSender(WebhookSettings(http=True, networks=read_networks("127.0.0.0/8")), look_up)
    assert sender.send(f"http://127.0.0.1:{port}/", {}, b"{}").code is None
    assert len(knocks) == 1
    knocks.clear()


@pytest.mark.parametrize("text", PUBLIC)
def test_the_public_internet_is_written_to(text: str) -> None:
    assert why_not(ip_address(text)) == ""
    assert [str(each) for each in find_addresses("hooks.example.org", 443, lambda host, port: [text])] == [text]


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_both_ends_of_every_special_network_are_refused(text: str) -> None:
    network = ip_network(text)
    assert why_not(network[0]) != ""
    assert why_not(network[-1]) != ""


def test_what_the_operator_names_is_reached_and_nothing_beside_it() -> None:
    allowed = read_networks("10.1.0.0/16, fd00:1::/64")
    assert why_not(ip_address("10.1.2.3"), allowed) == why_not(ip_address("fd00:1::7"), allowed) == ""
    assert why_not(ip_address("10.2.0.1"), allowed) == "it is private"
    assert why_not(ip_address("::ffff:10.1.2.3"), allowed) == "it is IPv4-mapped"


def test_a_number_is_never_a_name() -> None:
    with pytest.raises(PermissionError, match="a number in disguise"):
        check_name("0x7f.1")
    assert check_name("xn--80ak6aa92e.com") == "xn--80ak6aa92e.com"
