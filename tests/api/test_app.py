"""The service in process: what it answers, to whom, and what every answer carries."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from api.app import create_app
from api.picture import Picture, Pictures
from monitor.exposition import CONTENT_TYPE
from tests.api import stills
from tests.api.stills import Stills

_T = TypeVar("_T")


def talk(pictures: Pictures, conversation: Callable[[httpx.AsyncClient], Awaitable[_T]]) -> _T:
    """Hold a conversation with the service over these pictures."""

    async def held() -> _T:
        transport = httpx.ASGITransport(app=create_app(pictures), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8064") as client:
            return await conversation(client)

    return asyncio.run(held())


def ask(path: str, picture: Picture | None = None, method: str = "GET", **headers: str) -> httpx.Response:
    """One answer."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return talk(Stills(picture), lambda client: client.request(method, path, headers=fields))


def test_the_office_is_told_without_references_to_secrets() -> None:
    answer = ask("/api/v1/office")
    assert answer.status_code == 200
    assert answer.json()["name"] == "pila"
    assert answer.json()["managed"] == 14
    everything = "".join(ask(f"/api/v1/{name}?limit=1000").text for name in ("office", "buildings", "devices"))
    assert "file:" not in everything
    assert "secret" not in everything


def test_every_expected_tunnel_is_told_whatever_is_up() -> None:
    told = ask("/api/v1/tunnels", stills.unwatched()).json()
    assert [tunnel["name"] for tunnel in told["items"]] == ["k-b", "k-c", "k-platform"]
    assert {tunnel["reading"]["state"] for tunnel in told["items"]} == {"unknown"}
    assert ask("/api/v1/tunnels?state=up", stills.unwatched()).json()["total"] == 0


def test_one_thing_is_found_by_name_or_is_a_problem() -> None:
    assert ask("/api/v1/tunnels/k-b", stills.broken()).json()["reading"]["state"] == "down"
    assert ask("/api/v1/devices/gw-b", stills.broken()).json()["reading"]["reason"] == "unreachable"
    assert ask("/api/v1/devices/sw-k-1").json().get("reading") is None
    missing = ask("/api/v1/devices/gw-x")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    assert missing.json()["detail"] == "the inventory has no device gw-x"


def test_what_follows_from_another_failure_says_from_which() -> None:
    devices = ask("/api/v1/devices?limit=1000", stills.broken()).json()["items"]
    causes = {device["name"]: device["explained_by"] for device in devices if device["explained_by"]}
    assert causes == {"gw-b": "tunnel:k-b"}
    assert ask("/api/v1/devices/gw-b", stills.broken()).json()["explained_by"] == "tunnel:k-b"
    assert ask("/api/v1/tunnels/k-b", stills.broken()).json()["explained_by"] is None, "it is the cause"
    for name in ("tunnels", "links", "devices"):
        told = ask(f"/api/v1/{name}?limit=1000", stills.well()).json()["items"]
        assert told
        assert {one["explained_by"] for one in told} == {None}


def test_devices_are_chosen_and_come_in_pages() -> None:
    everything = ask("/api/v1/devices?limit=1000").json()
    first, second = (ask(f"/api/v1/devices?limit=2&offset={offset}").json() for offset in (0, 2))
    assert first["total"] == everything["total"] == len(everything["items"])
    assert [*first["items"], *second["items"]] == everything["items"][:4]
    managed = ask("/api/v1/devices?managed=true&building=budynek-drugi").json()["items"]
    assert all(device["managed"] and device["building"] == "budynek-drugi" for device in managed)
    assert ask("/api/v1/devices?limit=1001").status_code == 422
    assert ask("/api/v1/devices?offset=-1").status_code == 422


def test_findings_are_chosen_and_speak_the_reader_s_language() -> None:
    failed = ask("/api/v1/findings?result=fail", stills.broken()).json()["items"]
    assert failed
    assert {finding["result"] for finding in failed} == {"fail"}
    one = failed[0]
    of_asset = ask(f"/api/v1/findings?asset={one['asset']}&severity={one['severity']}", stills.broken()).json()
    assert one in of_asset["items"]
    assert ask("/api/v1/findings?lang=lv").status_code == 422
    assert ask("/api/v1/findings", accept_language="pl-PL,pl;q=0.9").status_code == 200


def test_before_the_first_check_there_is_no_report() -> None:
    for name in ("report", "findings", "clauses"):
        assert ask(f"/api/v1/{name}", stills.unchecked()).status_code == 404
    report = ask("/api/v1/report", stills.broken()).json()
    assert report["results"]["fail"] == ask("/api/v1/findings?result=fail", stills.broken()).json()["total"]
    assert report["coverage"]["assets_expected"] == 3


def test_events_are_the_newest_first() -> None:
    told = ask("/api/v1/events", stills.broken()).json()["items"]
    assert [event["at"] for event in told] == sorted((event["at"] for event in told), reverse=True)
    assert ask("/api/v1/events?subject=tunnel:k-b", stills.broken()).json()["total"] == 1


@pytest.mark.parametrize(
    ("picture", "status", "said"),
    [
        (stills.well(), 200, "ok\n"),
        (stills.silent(), 500, "failing\nthe watch has been silent for 12 s\n"),
        (stills.unwatched(), 500, "failing\nthe watch has not been heard of yet\n"),
        (stills.maintained(), 503, "maintenance\nexchange of the switch in Budynek drugi\n"),
    ],
)
def test_health_has_three_values_and_a_reason(picture: Picture, status: int, said: str) -> None:
    answer = ask("/healthz", picture)
    assert (answer.status_code, answer.text) == (status, said)
    as_json = ask("/healthz", picture, accept="application/json")
    assert as_json.status_code == status
    assert [as_json.json()["status"], *as_json.json()["reasons"]] == said.splitlines()


def test_health_knows_the_store_and_what_the_watch_suffers_from() -> None:
    answer = ask("/healthz", stills.storeless())
    assert answer.status_code == 500
    assert answer.text.splitlines()[1:] == [
        "the store /var/lib/fosa/store/fosa.db is locked",
        "store: database is locked",
    ]


def test_a_tunnel_that_is_down_is_no_fault_of_fosa() -> None:
    assert ask("/healthz", stills.cut_off()).status_code == 200


def test_metrics_are_prometheus_text_packed_where_that_is_understood() -> None:
    plain = ask("/metrics", accept_encoding="identity")
    assert plain.headers["content-type"] == CONTENT_TYPE
    assert 'fosa_tunnel_up{office="pila",tunnel="k-b"} 1\n' in plain.text
    assert "fosa_store_up" in plain.text
    packed = ask("/metrics", accept_encoding="gzip;q=0.5, identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    refused = ask("/metrics", accept_encoding="gzip;q=0")
    assert "content-encoding" not in refused.headers
    assert int(packed.headers["content-length"]) < len(gzip.compress(plain.content, 1)) + 64


def test_a_probe_shows_what_was_sent_and_what_came() -> None:
    assert ask("/debug/probe").json() == {"probes": ["k-b", "k-c"]}
    text = ask("/debug/probe/k-b").text
    assert text.startswith("probe k-b, target 10.64.16.1\n")
    assert "came: echo reply, id 4711, seq 0, 32 bytes in 2.10 ms" in text
    assert "came: nothing  (no answer within 200 ms)" in text
    log = json.loads(ask("/debug/probe/k-b", accept="application/json").text)
    assert (len(log["last"]), len(log["failures"])) == (20, 1)
    assert ask("/debug/probe/k-x").status_code == 404


def test_a_probe_of_a_silent_watch_is_unavailable() -> None:
    class Mute(Stills):
        async def exchanges(self, _probe: str) -> None:
            return None

    answer = talk(Mute(), lambda client: client.get("/debug/probe/k-b"))
    assert (answer.status_code, answer.json()["detail"]) == (503, "the watch does not answer")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/api/v1/office", "/metrics", "/healthz", "/nowhere"])
def test_nothing_can_be_written(method: str, path: str) -> None:
    answer = ask(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.json()["detail"] == "this service only reads"


def test_head_is_get_without_the_body() -> None:
    head, get = ask("/api/v1/office", method="HEAD"), ask("/api/v1/office")
    assert head.content == b""
    assert head.headers == get.headers


def test_head_of_a_stream_ends() -> None:
    head = ask("/events", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")


def test_streams_end_when_the_service_closes() -> None:
    async def held() -> httpx.Response:
        app = create_app(Stills())
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client, asyncio.timeout(20):
            streams = [asyncio.create_task(client.get("/events")) for _number in range(3)]
            await asyncio.sleep(0.2)
            assert not any(stream.done() for stream in streams)
            app.close()
            return (await asyncio.gather(*streams))[0]

    assert asyncio.run(held()).content.startswith(b"retry: ")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:1", "127.0.0.1", "127.0.0.9:8064", "[::1]", "[::1]:8064", "LOCALHOST:8064"]
)
def test_this_machine_is_answered(host: str) -> None:
    assert ask("/healthz", host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["fosa.example", "localhost.example", "127.0.0.1.example", "10.64.1.10", "[fe80::1]", "", "[::1", "a b"]
)
def test_a_foreign_name_for_this_machine_is_not(host: str) -> None:
    answer = ask("/healthz", host=host)
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/office", "/nowhere", "/metrics", "/api/v1/devices?limit=x"])
def test_every_answer_is_closed_to_foreign_script(path: str) -> None:
    headers = ask(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_fault_of_ours_tells_nothing_of_our_insides() -> None:
    class Broken(Stills):
        def now(self) -> Picture:
            raise RuntimeError("the inside")

    answer = talk(Broken(), lambda client: client.get("/api/v1/office"))
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "inside" not in answer.text.replace("insides", "")
