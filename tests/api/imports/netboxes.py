"""A small NetBox: a real HTTP server that answers as its REST API is documented to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "0123456789abcdef0123456789abcdef01234567"

Record = dict[str, object]
URL = "http://netbox/api/dcim/things/1/"


@dataclass
class NetBox:
    """What it holds, how it misbehaves, and what it was asked."""

    devices: list[Record]
    interfaces: list[Record] = field(default_factory=list)
    page: int = 50
    """The most it gives at once, whatever it is asked."""
    behaviour: str = ""
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def netbox(held: NetBox) -> Iterator[NetBox]:
    """Run it on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            parts = urlsplit(self.path)
            if held.behaviour == "redirects":
                self._answer(302, b"", Location="http://127.0.0.1:9/")
            elif held.behaviour == "chats":
                self._answer(200, b"<html>Hello</html>")
            elif self.headers.get("authorization") != f"Token {TOKEN}":
                self._answer(403, b'{"detail": "Invalid token"}')
            elif parts.path in {"/api/dcim/devices/", "/api/dcim/interfaces/"}:
                self._answer(200, json.dumps(_page(held, parts.path, parse_qs(parts.query))).encode())
            else:
                self._answer(404, b'{"detail": "Not found."}')

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "API-Version": "4.2", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its base's word
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        held.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield held
        finally:
            server.shutdown()
            thread.join()


def _page(held: NetBox, path: str, query: dict[str, list[str]]) -> Record:
    records = held.devices if "devices" in path else held.interfaces
    if wanted := query.get("device_id"):
        records = [each for each in records if str(_inner(each, "device")["id"]) in wanted]
    offset = int(query.get("offset", ["0"])[0])
    limit = min(int(query.get("limit", ["50"])[0]) or held.page, held.page)
    more = offset + limit < len(records)
    there = "http://10.9.9.9" if held.behaviour == "lures" else held.url
    following = f"{there}{path}?limit={limit}&offset={offset + limit}"
    return {
        "count": len(records),
        "next": following if more else None,
        "previous": None,
        "results": records[offset : offset + limit],
    }


def _inner(record: Record, key: str) -> Record:
    inner = record[key]
    assert isinstance(inner, dict)
    return inner


def device(number: int, name: str | None, role: str, site: str, **more: object) -> Record:
    """As `/api/dcim/devices/` gives one."""
    return {
        "id": number,
        "url": f"http://netbox/api/dcim/devices/{number}/",
        "display": name or f"device {number}",
        "name": name,
        "device_type": {
            "id": 1, "url": URL, "display": "2960", "model": "C2960X-24", "slug": "c2960x",
            "manufacturer": {"id": 1, "url": URL, "display": "Cisco", "name": "Cisco", "slug": "cisco"},
        },
        "role": {"id": 1, "url": URL, "display": role, "name": role, "slug": role.lower()},
        "tenant": None,
        "platform": None,
        "serial": f"FOC{number:05d}",
        "asset_tag": None,
        "site": {"id": 1, "url": URL, "display": site, "name": site, "slug": site.lower()},
        "location": None,
        "status": {"value": "active", "label": "Active"},
        "primary_ip4": None,
        "custom_fields": {},
        **more,
    }  # fmt: skip


def interface(number: int, of: int, name: str, **more: object) -> Record:
    """As `/api/dcim/interfaces/` gives one."""
    return {
        "id": number,
        "url": f"http://netbox/api/dcim/interfaces/{number}/",
        "display": name,
        "device": {"id": of, "url": URL, "display": "d", "name": "d"},
        "name": name,
        "type": {"value": "1000base-t", "label": "1000BASE-T"},
        "enabled": True,
        "mgmt_only": False,
        "mode": None,
        "untagged_vlan": None,
        "tagged_vlans": [],
        "link_peers": [],
        "link_peers_type": None,
        **more,
    }


def vlan(number: int) -> Record:
    """A VLAN as it stands in an interface."""
    return {
        "id": number,
        "url": URL,
        "display": f"v ({number})",
        "vid": number,
        "name": "v",
    }
