"""What people of the account of the pictures have done: keys, senders, webhooks, care, a plan, another network."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

from entrepost.network.candidates import sample_candidates
from entrepost.network.network import Network
from entrepost.network.service import Rate
from entrepost.operations.active_rules import keep_segments
from entrepost.operations.exceptions_desk import assign, name_exception, note, watch
from entrepost.operations.exceptions_source import exceptions_of_store
from entrepost.operations.keys import check_key, make_key, revoke_key
from entrepost.operations.network_versions import keep_version, versions_folder
from entrepost.operations.people import accept, invite
from entrepost.operations.plan_asked import PlanAsked
from entrepost.operations.plan_runs import begin_plan, claim_run, course_of, finish_run, folder_of
from entrepost.operations.plan_work import make_plan
from entrepost.operations.senders import set_sender
from entrepost.operations.webhooks import BATCH_FINISHED, EXCEPTION_FOUND, STATUS_CHANGED
from entrepost.operations.webhooks_desk import add, try_out
from entrepost.operations.webhooks_send import Reply, deliver_due
from tools.docs.tower.world import BY, World

ANNA, PASSWORD = "anna@example.org", "the parcel comes on Tuesday"
PEOPLE = (
    (ANNA, "admin", "Anna Meier"),
    ("ben@example.org", "clerk", "Ben Okafor"),
    ("chen@example.org", "planner", "Chen Li"),
    ("dana@example.org", "viewer", "Dana Silva"),
)
SHOP, STOCK = "https://hooks.shop.example/entrepost", "https://erp.warehouse.example/parcels"
LEASE = timedelta(hours=1)
PLAN_SECONDS = 8.0
SELLERS = (
    ("bantian", "Bantian Wearables", "8 Sample Road", "Shenzhen", "518000", "CNSZXA"),
    ("huaqiang", "Huaqiang Digital", "21 Sample Road", "Shenzhen", "518031", "CNSZXA"),
    ("jiading", "Jiading Home", "5 Example Street", "Shanghai", "201800", "CNSHAA"),
)


class Posted:
    """The receivers of webhooks: the shop takes everything, the warehouse is being repaired."""

    def send(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """What is answered."""
        del headers, body
        return Reply(200, "200 OK") if url == SHOP else Reply(503, "503 Service Unavailable")

    def check(self, url: str) -> str:
        """All may be sent to."""
        del url
        return ""


def move_in(world: World) -> None:
    """People of all roles, one who is still invited, keys, senders, and who is told by webhooks."""
    store = world.store
    world.clock.instant = world.now - timedelta(days=20)
    for email, role, name in PEOPLE:
        accept(store, invite(store, BY, email, role)[1], name, PASSWORD)
    make_key(store, BY, "warehouse scanners", ["events:read", "events:write", "items:read"], world.now + timedelta(days=300))
    lost, _ = make_key(store, BY, "old shop plug-in", ["orders:read", "orders:write"])
    _, text = make_key(store, BY, "shop plug-in", ["orders:read", "orders:write", "items:read", "quotes:read"])
    for seller, name, line1, city, postcode, office in SELLERS:
        cells = {"operator": "CNA", "office": office, "name": name, "line1": line1, "city": city, "country": "CN"}
        set_sender(store, BY, seller, cells | {"postcode": postcode, "phone": "+86 755 0000 0000"})
    shop = add(store, BY, SHOP)
    stock = add(store, BY, STOCK, (STATUS_CHANGED, BATCH_FINISHED, EXCEPTION_FOUND))
    world.clock.instant = world.now - timedelta(hours=5)
    revoke_key(store, BY, lost.key)
    for endpoint in (shop, stock):
        try_out(store, BY, endpoint.endpoint)
    deliver_due(store, Posted())
    world.clock.instant = world.now - timedelta(minutes=25)
    check_key(store, text)
    world.names["invitation"] = invite(store, BY, "frida@example.org", "clerk")[1]
    world.clock.instant = world.now


def take_care(world: World) -> None:
    """What is most urgent has somebody, and a note."""
    found = exceptions_of_store(world.store, world.network, world.now, tenant=BY.tenant)
    first = watch(world.store, BY.tenant, found)[0]
    assign(world.store, BY, first, "ben@example.org")
    note(world.store, BY, first, "Called the office of exchange: two bags wait for a second screening, back by noon.")
    world.names["exception"] = name_exception(first.row)


def change_network(world: World) -> None:
    """The network of a month ago had other departures and rates, and one service less."""
    old: Network = world.network
    rates = tuple(_dearer(each) if at % 97 == 0 else each for at, each in enumerate(old.rates))
    before = replace(old, departures=old.departures[3:], rates=rates)
    folder = versions_folder(world.uploads)
    first = keep_version(before, folder, world.now - timedelta(days=31))
    second = keep_version(old, folder, world.now - timedelta(days=3))
    world.names |= {"old": first.version, "new": second.version}


def _dearer(rate: Rate) -> Rate:
    return replace(rate, charge_item_minor=rate.charge_item_minor + 150)


def plan(world: World) -> None:
    """A plan of the account's orders with its curve and its rules, made as the server makes it."""
    store, started = world.store, time.monotonic()
    world.clock.instant = begin = world.now - timedelta(hours=2)
    asked = PlanAsked(days_max=10.5, seconds=PLAN_SECONDS, points=5, rules=4)
    begin_plan(store, world.uploads, BY, asked, "Summer: at most ten and a half days")
    run = claim_run(store, LEASE)
    if run is None:
        raise RuntimeError("nobody asked for a plan")
    folder = folder_of(world.uploads, run)

    def go_on() -> None:
        world.clock.instant = begin + timedelta(seconds=time.monotonic() - started)

    course = course_of(store, run, LEASE, go_on)
    ended = finish_run(store, run, lambda: make_plan(folder, world.network, sample_candidates(), course))
    keep_segments(store, ended, folder)
    world.names["plan"] = run.run
    world.clock.instant = world.now
