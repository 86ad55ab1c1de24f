"""`/metrics` in process: the format and packing asked for, and devices as they were polled."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.routes.accepted import form_wanted, takes_gzip
from monitor.exposition import Format
from monitor.snmp.texts import DeviceTexts
from tests import openmetrics as strict
from tests.api import stills
from tests.api.stills import Stills
from tests.monitor.snmp import sights

_SCRAPER = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


def _asked(pictures: Stills, *wishes: dict[str, str]) -> list[httpx.Response]:
    async def asked() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=create_app(pictures))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8064") as client:
            return [await client.get("/metrics", headers=wish) for wish in wishes]

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, Format.TEXT),
        ("*/*", Format.TEXT),
        ("text/plain", Format.TEXT),
        ("application/openmetrics-text", Format.OPENMETRICS),
        (_SCRAPER, Format.OPENMETRICS),
        ("text/plain;version=0.0.4;q=0.9, application/openmetrics-text;q=0.3", Format.TEXT),
        ("application/openmetrics-text;q=0", Format.TEXT),
        ("application/openmetrics-text;q=high", Format.TEXT),
        ("application/openmetrics-text;version=2.0.0", Format.TEXT),
        (";;=,,q", Format.TEXT),
    ],
)
def test_openmetrics_is_for_whoever_asks_for_it(accept: str | None, form: Format) -> None:
    assert form_wanted(accept) is form


@pytest.mark.parametrize(("accepted", "packed"), [("gzip", True), ("br, gzip;q=0.1", True), ("gzip;q=0", False)])
def test_packing_is_for_whoever_understands_it(accepted: str, packed: bool) -> None:
    assert takes_gzip(accepted) is packed


def test_both_formats_are_sent_as_what_they_are_and_hold_the_same() -> None:
    polled = {"sw-k-1": sights.polled("sw-k-1", sights.switch()), "ups-k": sights.silent("ups-k")}
    pictures = Stills(replace(stills.well(), polled=polled))
    text, openmetrics = _asked(pictures, {"accept": "text/plain"}, {"accept": _SCRAPER})
    assert text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert openmetrics.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert text.headers["vary"] == "accept, accept-encoding"
    found = [
        {(s.name, *sorted(s.labels.items())): s.value for family in families for s in family.samples}
        for families in (text_string_to_metric_families(text.text), strict.families(openmetrics.text))
    ]
    assert found[0] == found[1]
    assert found[0]["fosa_device_up", ("device", "sw-k-1"), ("office", "pila")] == 1
    assert found[0]["fosa_device_up", ("device", "ups-k"), ("office", "pila")] == 0


def test_what_was_made_when_devices_were_polled_is_what_is_sent() -> None:
    made = DeviceTexts(stills.office(), [sights.polled("sw-k-2", sights.switch())])
    (answer,) = _asked(Stills(replace(stills.well(), texts=made)), {})
    assert 'fosa_device_up{office="pila",device="sw-k-2"} 1' in answer.text


def test_it_is_packed_once_for_all_until_something_is_new() -> None:
    pictures = Stills()

    async def asked() -> list[bytes]:
        transport = httpx.ASGITransport(app=create_app(pictures))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8064") as client:
            found = []
            for _ in range(2):
                async with client.stream("GET", "/metrics", headers={"accept-encoding": "gzip"}) as answer:
                    found.append(b"".join([part async for part in answer.aiter_raw()]))
            # Without a word: who asks packed is shown what was heard last, as it then was.
            pictures.picture = stills.broken()
            async with client.stream("GET", "/metrics", headers={"accept-encoding": "gzip"}) as answer:
                found.append(b"".join([part async for part in answer.aiter_raw()]))
            pictures.put(stills.broken())
            found.append((await client.get("/metrics", headers={"accept-encoding": "gzip"})).content)
            return found

    first, second, third, fourth = asyncio.run(asked())
    assert first == second == third
    assert b'fosa_tunnel_up{office="pila",tunnel="k-b"} 1' in gzip.decompress(first)
    assert b'fosa_tunnel_up{office="pila",tunnel="k-b"} 0' in fourth


def test_what_is_long_is_packed_whole_as_well() -> None:
    devices = [device.name for device in stills.office().devices]
    many = {name: sights.polled(name, sights.firewall().model_copy(update={"tunnels": _tunnels()})) for name in devices}
    plain, packed = _asked(
        Stills(replace(stills.well(), polled=many)), {"accept-encoding": "identity"}, {"accept-encoding": "gzip"}
    )
    assert len(plain.content) > 1 << 20
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content


def _tunnels() -> tuple[sights.Role, ...]:
    one = sights.firewall().tunnels[0]
    return tuple(one.model_copy(update={"name": f"a tunnel with a rather long name, number {n}"}) for n in range(250))
