"""The page in process: what it says of each state, in which language, and that nothing on it is ever executed."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api import pages
from api.pages import router
from api.pages.fragments import FRAGMENTS
from api.pages.labels import labels
from api.pages.static import addresses, static_files
from api.picture import Picture
from inventory.words import LANGUAGES
from tests.api import stills
from tests.api.stills import Stills

PICTURES = stills.every()


def ask(path: str, picture: Picture | None = None, headers: dict[str, str] | None = None) -> httpx.Response:
    async def asked() -> httpx.Response:
        app = FastAPI()
        app.include_router(router(Stills(picture)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(asked())


class Parsed(HTMLParser):
    """A page's elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str]:
        return [value for _tag, attributes in self.elements if (value := attributes.get(attribute)) is not None]


@pytest.mark.parametrize(
    ("name", "shape", "title"),
    [
        ("well", "up", "The network works"),
        ("broken", "down", "Budynek drugi is cut off"),
        ("cut_off", "down", "Siedziba główna, serwerownia is cut off from everything else"),
        ("unsure", "unknown", "It is not certain that all is well"),
        ("silent", "unknown", "The watch is silent"),
        ("unwatched", "unknown", "The watch has not been heard of yet"),
        ("unchecked", "heed", "The network works, 1 thing is to be seen to"),
        ("storeless", "heed", "The network works, 2 things are to be seen to"),
        ("maintained", "down", "Budynek drugi is cut off"),
    ],
)
def test_the_first_thing_said_is_how_it_is(name: str, shape: str, title: str) -> None:
    answer = ask("/?lang=en", PICTURES[name])
    assert answer.status_code == 200
    assert f'<div class="verdict {shape}">' in answer.text
    assert f"<h1>{title}</h1>" in answer.text
    assert f"<title>{title} · " in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_makes_a_whole_page(name: str, language: str) -> None:
    page = Parsed(ask(f"/?lang={language}", PICTURES[name]).text)
    assert page.elements[0][1]["lang"] == language
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert set(page.all("data-live")) == set(FRAGMENTS)
    assert set(page.all("aria-labelledby")) <= set(ids)
    inside = {address[1:] for address in page.all("href") if address.startswith("#")}
    assert inside <= set(ids)
    assert "fosa" in page.text


def test_silence_maintenance_and_the_store_are_said() -> None:
    silent = ask("/?lang=en", stills.silent()).text
    assert "Nothing has been heard of it for 12 s: everything below is unknown." in silent
    assert "2 of 3 work" not in silent
    assert "0 of 3 work" in silent
    assert "exchange of the switch in Budynek drugi" in ask("/?lang=en", stills.maintained()).text
    assert "the store /var/lib/fosa/store/fosa.db is locked" in ask("/?lang=en", stills.storeless()).text


def test_times_are_those_of_the_office() -> None:
    english, polish = (ask(f"/?lang={language}", stills.broken()).text for language in ("en", "pl"))
    assert '<time datetime="2026-11-20T13:03:22Z">2026-11-20 14:03:22</time>' in english
    assert '<time datetime="2026-11-20T13:03:22Z">20.11.2026 14:03:22</time>' in polish
    assert '<time datetime="2026-11-20T13:00:04Z">14:00:04</time> (3 min)' in english


def test_a_finding_stands_with_its_fix_its_line_and_the_hash_of_what_was_read() -> None:
    page = ask("/?lang=en", stills.broken()).text
    finding = page[page.index("How bad: critical") : page.index("How bad: medium")]
    assert "tcp/9999 is let in from anywhere" in finding
    assert "push the intended configuration, or write the flow into the inventory" in finding
    assert "kernel nftables, line 261" in finding
    assert "<code>tcp dport 9999 accept</code>" in finding
    assert re.search(r'<abbr title="[^"]*: [0-9a-f]{64}">[0-9a-f]{12}</abbr>', finding)


def test_a_score_never_stands_without_its_coverage_nor_the_catalogue_without_its_mark() -> None:
    page = Parsed(ask("/?lang=en", stills.broken()).text).text
    check = page[page.index("Judged by") - 400 :]
    assert "In order88\N{NO-BREAK SPACE}% 22 of 25 decided" in check
    assert "Decided60\N{NO-BREAK SPACE}% 25 of 42: each rule on each managed device" in check
    assert "2 of 3 managed devices; the office has 200 devices" in check
    assert "draft" in check
    assert "Draft catalogue" in check


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "spoken"),
    [
        ("", "", "", "pl"),
        ("", "", "en-GB,en;q=0.9,pl;q=0.8", "en"),
        ("", "", "de-DE,de;q=0.9", "pl"),
        ("", "", "en;q=0.2,pl-PL;q=0.7", "pl"),
        ("", "", "en;q=0,*;q=0.5", "pl"),
        ("", "", "en;q=nonsense,,;;=", "pl"),
        ("", "en", "pl", "en"),
        ("?lang=pl", "en", "en", "pl"),
        ("?lang=xx", "en", "pl", "en"),
    ],
)
def test_the_language_is_asked_for_remembered_or_the_browsers(
    query: str, cookie: str, accepted: str, spoken: str
) -> None:
    headers = {"accept-language": accepted} | ({"cookie": f"lang={cookie}"} if cookie else {})
    answer = ask(f"/{query}", headers=headers)
    assert f'<html lang="{spoken}"' in answer.text
    assert answer.headers["vary"] == "accept-language, cookie"
    assert answer.headers["cache-control"] == "no-store"


def test_only_a_language_that_was_asked_for_is_remembered() -> None:
    assert "set-cookie" not in ask("/").headers
    assert "set-cookie" not in ask("/?lang=xx").headers
    remembered = ask("/?lang=en").headers["set-cookie"]
    assert remembered.startswith("lang=en; ")
    assert "HttpOnly" in remembered
    assert "SameSite=strict" in remembered


def test_its_files_are_named_by_their_content_and_kept_for_long() -> None:
    for name, address in addresses().items():
        answer = ask(address)
        assert answer.content == static_files()[name].content
        assert "immutable" in answer.headers["cache-control"]
        assert address in ask("/").text
    assert ask("/static/fosa.js").headers["content-type"].startswith("text/javascript")
    assert ask("/static/..%2fsite.py").status_code == 404
    assert ask("/static/site.py").status_code == 404


def test_its_own_script_is_short_and_its_pages_hold_no_other() -> None:
    assert static_files()["fosa.js"].content.count(b"\n") < 100
    for forbidden in (b"eval(", b"Function(", b"document.write"):
        assert forbidden not in static_files()["fosa.js"].content
    for picture in PICTURES.values():
        page = Parsed(ask("/", picture).text)
        scripts = [attributes for tag, attributes in page.elements if tag == "script"]
        assert scripts == [{"src": addresses()["fosa.js"], "defer": None}]
        assert not [tag for tag, _attributes in page.elements if tag == "style"]
        names = {name for _tag, attributes in page.elements for name in attributes}
        assert not [name for name in names if name.startswith("on") or name == "style"]


def test_every_label_is_used() -> None:
    folder = Path(pages.__file__).parent / "templates"
    templates = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    # Titles of sections are looked up by the name of their fragment.
    used = set(re.findall(r"\bt\.([a-z_]+)", templates)) | set(FRAGMENTS) | {"is_assumed"}
    assert set(labels()) <= used


def test_an_old_report_and_no_report_are_said() -> None:
    assert "Nothing has been checked yet." in ask("/?lang=en", stills.unchecked()).text
    assert "The check does not run" in ask("/?lang=en", stills.unchecked()).text
    picture = stills.well()
    assert picture.report is not None
    old = picture.report.model_copy(update={"made_at": picture.watched.began})
    assert "The check does not run" in ask("/?lang=en", replace(picture, report=old)).text


def test_who_comes_after_the_most_readers_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.site.MOST_READERS", 0)
    answer = ask("/events")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
