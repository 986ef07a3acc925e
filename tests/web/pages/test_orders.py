"""Orders come in by a file, and what is wrong with them is corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from entrepost.operations.records import Batch
from tests.web.inside import CARL, OTHER, VERA, Person, Tower, tower_in

THEIRS = (
    "Order No,Created at,Shop,Grams,Origin,Shipping Country,Title\n"
    "A1,2026-01-06T10:00:00+08:00,shop,400,CNSHAA,DE,desk lamp\n"
    "A2,2026-01-06T11:00:00+08:00,shop,heavy,CNSHAA,XX,=cmd()\n"
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Tower]:
    with tower_in(tmp_path) as made:
        yield made


def upload(person: Person, text: str = THEIRS, name: str = "January.csv", **headers: str) -> Any:
    sent = {"X-CSRF-Token": person.csrf(), "Accept": "application/json"} | headers
    return person.client.post("/orders/files", params={"name": name}, content=text.encode(), headers=sent)


def fields_of(html: str) -> dict[str, str]:
    """What the mapping's form would send."""
    form = html[html.index('id="mapping"') :]
    inputs = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form)
    found = {name: unescape(value) for name, value in inputs}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def test_a_file_with_errors_is_mapped_taken_in_corrected_and_taken_in_again(own: Tower) -> None:
    person = own.enter(CARL)
    address = upload(person).json()["address"]
    html = person.look(address)
    fields = fields_of(html)
    assert (fields["from.order_id"], fields["from.placed_at"]) == ("Order No", "Created at")
    assert (fields["from.country"], fields["from.weight_g"]) == ("Shipping Country", "Grams")
    assert "heavy" in html
    begun = person.client.post(address.partition("?")[0], data=fields)
    assert begun.status_code == 303, begun.text
    own.take_in()
    page = person.look(begun.headers["location"])
    assert "The file is being taken in." in page
    assert "country" in page
    assert "weight_g" in page
    sheet = person.client.get(f"{begun.headers['location']}/rejected.csv")
    assert 'filename="January-rejected.csv"' in sheet.headers["content-disposition"]
    assert "'=cmd()" in sheet.text
    corrected = sheet.text.replace("heavy", "300").replace("XX", "FR")
    again = person.look(upload(person, corrected).json()["address"])
    assert "Nothing is wrong with the first rows." in again
    draft = re.search(r'action="(/orders/files/[^"]+)" id="mapping"', again)
    assert draft
    done = person.client.post(draft[1], data=fields_of(again))
    own.take_in()
    assert "Nothing is wrong with it." in person.look(done.headers["location"])
    assert {"A1", "A2"} <= set(own.store.list_orders()["order_id"])
    assert "January.csv" in person.look("/orders")


def test_how_a_file_is_read_can_be_tried_in_other_ways(own: Tower) -> None:
    person = own.enter(CARL)
    address = upload(person).json()["address"]
    fields = fields_of(person.look(address)) | {"from.order_id": ""}
    tried = person.client.get(address.partition("?")[0], params=fields)
    assert "lacks the required columns order_id" in unescape(tried.text)
    assert person.client.post(address.partition("?")[0], data=fields).status_code == 422
    assert own.store.records.list_of(Batch) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [("", "a.csv"), ("a,a\n1,2\n", "a.csv"), ("x", "a.exe"), ("PAR1", "a.parquet"), ("\0\0", "a.csv.gz")],
)
def test_what_cannot_be_read_is_refused_and_not_kept(own: Tower, text: str, name: str) -> None:
    answer = upload(own.enter(CARL), text, name)
    assert (answer.status_code, bool(answer.json()["message"])) == (422, True)
    assert list(own.desk.uploads.glob("*")) == []


def test_who_may_only_look_uploads_nothing_and_another_account_sees_nothing(own: Tower) -> None:
    viewer = own.enter(VERA)
    assert upload(viewer).status_code == 403
    assert "Upload a file" not in viewer.look("/orders")
    clerk, other = own.enter(CARL), own.enter(OTHER, "other")
    address = upload(clerk).json()["address"]
    other.look(address, 404)
    batch = clerk.client.post(address.partition("?")[0], data=fields_of(clerk.look(address))).headers["location"]
    for path in (batch, f"{batch}/progress", f"{batch}/rejected.csv"):
        other.look(path, 404)
    assert clerk.client.get(f"{batch}/progress").json()["state"] == "waiting"


def test_an_upload_without_the_token_of_its_page_is_refused(own: Tower) -> None:
    assert upload(own.enter(CARL), **{"X-CSRF-Token": "guess"}).status_code == 403


def test_what_is_wrong_with_a_file_that_is_sent_twice_is_told_once(own: Tower) -> None:
    person, told = own.enter(CARL), []
    for _ in range(2):
        address = upload(person).json()["address"]
        begun = person.client.post(address.partition("?")[0], data=fields_of(person.look(address)))
        own.take_in()
        told.append(person.look(begun.headers["location"]).count("XX is not known"))
        assert person.client.get(f"{begun.headers['location']}/rejected.csv").text.count("XX is not known") == 1
    assert told == [1, 1]
    person.look(f"{begun.headers['location']}?after=x", 422)


def test_whom_orders_go_to_is_read_from_the_file_and_found_by_name(own: Tower) -> None:
    text = THEIRS.replace("Title\n", "Title,Buyer,Street\n").replace("desk lamp\n", "desk lamp,Zoë Weiß,Zeil 1\n")
    person = own.enter(CARL)
    address = upload(person, text.replace("=cmd()", "cup,Bo,Main 2")).json()["address"]
    html = person.look(address)
    fields = fields_of(html)
    assert (fields["from.recipient_name"], fields["from.recipient_line1"]) == ("Buyer", "Street")
    assert html.count("Zoë Weiß") >= 2, "beside the column, and as it would be read"
    person.client.post(address.partition("?")[0], data=fields)
    own.take_in()
    assert "A1" in person.look("/items?q=weiss zoe")


def test_orders_are_promised_by_a_button_and_those_that_no_service_takes_say_why(own: Tower) -> None:
    person, text = own.enter(CARL), THEIRS.replace("heavy,CNSHAA,XX", "300,CNSHAA,BR")
    address = upload(person, text).json()["address"]
    person.client.post(address.partition("?")[0], data=fields_of(person.look(address)))
    own.take_in()
    page = person.look("/orders")
    assert "the policy <strong>balanced</strong>" in page
    assert "Orders are promised when somebody asks for it." in page
    begun = person.send("/orders/promises")
    assert own.awake.is_set()
    where = begun.headers["location"]
    assert '<span data-told="waiting">2</span> wait' in person.look(where)
    assert person.client.get(f"{where}/progress").json()["waiting"] == 2
    own.promise()
    done = person.look(where)
    assert "Orders that no service takes: 1" in done
    assert "/orders/one?seller=shop&amp;order_id=A2" in done
    assert "PACKET" in person.look("/orders/one?seller=shop&order_id=A1")
    assert "No service was promised yet" in person.look("/orders/one?seller=shop&order_id=A2")
    assert "for all orders without one" in person.look("/orders")


def test_who_may_only_look_promises_nothing(own: Tower) -> None:
    viewer = own.enter(VERA)
    assert "Promise them" not in viewer.look("/orders")
    assert viewer.send("/orders/promises").status_code == 403
