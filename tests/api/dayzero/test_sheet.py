"""The sheet: in both languages, with the same lines to type, and without anything secret."""

import datetime as dt
import re
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from api.dayzero import sheet as paper
from api.dayzero.fingerprint import fingerprint
from inventory.load import load
from inventory.model import Access, Contact, Login, Office
from inventory.words import speaking

PILA = Path(__file__).parents[3] / "inventory/examples/pila"
TODAY = dt.date(2026, 11, 22)
KEY = f"ssh-ed25519 {'A' * 68}"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def office() -> Office:
    """The practice office with a pinned key and a contact whose name tries something."""
    found = load(PILA).require()
    login = Login(address=IPv4Address("10.64.0.1"), user="fosa-read", host_key=KEY, key="file:secrets/manager-read")
    contact = Contact(name="isp", title="<b>ISP</b> & more", phone="123 45 67")
    access = Access(device="gw-k", read=login, write=login)
    return found.model_copy(update={"access": (access,), "contacts": (*found.contacts, contact)})


def commands(html: str) -> list[str]:
    return re.findall(r'<code lang="zxx">(.*?)</code>', html, re.DOTALL)


def test_it_has_a_page_in_each_language_with_the_same_lines_to_type(office: Office) -> None:
    html = paper.html(paper.sheet(office, office.device("gw-k"), TODAY))
    polish, english = html.split("<article lang=")[1:]
    assert (polish[:4], english[:4]) == ('"pl"', '"en"')
    assert commands(polish) == commands(english)
    assert len(commands(english)) >= 10


def test_facts_and_contacts_are_on_it_and_texts_are_escaped(office: Office) -> None:
    html = paper.html(paper.sheet(office, office.device("gw-k"), TODAY))
    for text in (
        fingerprint(KEY),
        "203.0.113.10/29",
        "10.64.0.10",
        "(42) 230 29 19",
        "&lt;b&gt;ISP&lt;/b&gt; &amp; more",
    ):
        assert text in html
    assert "http" not in html
    assert "src=" not in html


@pytest.mark.parametrize("device", ["gw-k", "gw-b", "gw-c"])
def test_no_secret_and_no_way_to_one_is_on_it(office: Office, device: str) -> None:
    printed = paper.sheet(office, office.device(device), TODAY)
    text = paper.html(printed) + "".join(line for line, _style in paper.lines(printed))
    assert not re.search(r"secret|file:|vault:|env:|PRIVATE|manager-read", text)


def test_certificates_are_facts_when_they_are_known(office: Office) -> None:
    known = paper.Certificate("gw-k.mops.example", "4f:00:11", dt.date(2027, 5, 1))
    with speaking("en"):
        lines = [text for text, _style in paper.lines(paper.sheet(office, office.device("gw-k"), TODAY, (known,)))]
    assert any("4f:00:11, valid until 2027-05-01" in line for line in lines)


def test_the_command_prints_it_and_writes_it(capsys: Captured, tmp_path: Path) -> None:
    assert run(["sheet", "gw-b", "--inventory", str(PILA)]) == Exit.DONE
    assert "swanctl --initiate --child k-b" in capsys.readouterr().out
    assert run(["sheet", "gw-b", "--inventory", str(PILA), "--html", str(tmp_path / "s.html")]) == Exit.DONE
    assert (tmp_path / "s.html").read_text().startswith("<!doctype html>")
    assert run(["sheet", "sw-b-1", "--inventory", str(PILA)]) == Exit.BAD_INPUT
    assert "sw-b-1 is no gateway; gateways: gw-k, gw-b, gw-c" in capsys.readouterr().err
    assert run(["sheet", "log-k", "--inventory", str(PILA)]) == Exit.BAD_INPUT
    assert run(["sheet", "gw-b", "--inventory", str(PILA), "--html", str(tmp_path / "no/s.html")]) == Exit.BAD_INPUT
