"""Debian's prometheus-snmp-exporter, told to walk the interface tables, and scraped."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from bench.fastagent import AUTH, COMMUNITY, PORTS, PRIV, TABLES, USER, Agents
from bench.processes import cpu_seconds
from bench.walkers import ROWS, Run, Walker
from inventory.model import SnmpVersion

__all__ = ["Exporter", "exporting"]

_AT_ONCE = 8
_PATIENCE_S = 20.0
_SERIES_LEAST = PORTS * 35
"""Columns of texts become labels of the others."""
_TEXTS = {2: "DisplayString", 6: "PhysAddress48", 101: "DisplayString", 118: "DisplayString"}
_COUNTERS = {*range(10, 21), *range(102, 114)}


@dataclass(frozen=True, slots=True)
class Exporter:
    """It listens."""

    port: int
    pid: int

    def walker(self, version: SnmpVersion, devices: int) -> Walker:
        """Walks by being scraped; the processor's time of the scraping is not counted."""

        def walk(agents: Agents, devices: int) -> Run:
            begun, cpu = time.perf_counter(), cpu_seconds(self.pid)
            asyncio.run(self._scraped(agents, devices, version))
            return Run(devices, time.perf_counter() - begun, cpu_seconds(self.pid) - cpu)

        return Walker("snmp_exporter", devices, walk)

    async def _scraped(self, agents: Agents, devices: int, version: SnmpVersion) -> None:
        slots = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int) -> None:
            place = f"/snmp?target={agents.addresses[number]}:{agents.port}&module={version.value}"
            async with slots, asyncio.timeout(_PATIENCE_S):
                body = await self._read(place)
            found = sum(line[:2] == b"if" for line in body.splitlines())
            assert found >= _SERIES_LEAST, body[:500]

        async with asyncio.TaskGroup() as tasks:
            for number in range(devices):
                tasks.create_task(one(number))

    async def _read(self, place: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {place} HTTP/1.0\r\n\r\n".encode())
        body = await reader.read(-1)
        writer.close()
        return body


@contextmanager
def exporting() -> Iterator[Exporter]:
    """Running with a module for each version. SystemExit where it is not unpacked."""
    program = Settings.from_environ(os.environ).state / "daemons/usr/bin/prometheus-snmp-exporter"
    if not program.exists():
        raise SystemExit(f"{program} is not there: run scripts/setup")
    with tempfile.TemporaryDirectory(prefix="fosa-bench-") as folder:
        config, port = Path(folder, "snmp.yml"), _free_port()
        # JSON is YAML.
        config.write_text(json.dumps({str(version.value): _module(version) for version in _VERSIONS}))
        words = [str(program), f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _until_it_listens(port)
                yield Exporter(port, process.pid)
            finally:
                process.terminate()


_VERSIONS = (SnmpVersion.V2C, SnmpVersion.V3)


def _module(version: SnmpVersion) -> dict[str, object]:
    auth: dict[str, str] = {"community": COMMUNITY}
    if version is SnmpVersion.V3:
        auth = {"username": USER, "security_level": "authPriv", "password": AUTH, "auth_protocol": "SHA"}
        auth |= {"priv_protocol": "AES", "priv_password": PRIV}
    metrics = [
        _metric(f"{entry}.{column}", column + 100 * table)
        for table, (entry, columns) in enumerate(TABLES.items())
        for column in range(1, columns + 1)
    ]
    number = 3 if version is SnmpVersion.V3 else 2
    walk = {"walk": list(TABLES), "metrics": metrics, "version": number, "max_repetitions": ROWS}
    return {**walk, "timeout": "5s", "retries": 1, "auth": auth}


def _metric(oid: str, number: int) -> dict[str, object]:
    kind = _TEXTS.get(number) or ("counter" if number in _COUNTERS else "gauge")
    index = [{"labelname": "ifIndex", "type": "gauge"}]
    return {"name": f"if{number}", "oid": oid, "type": kind, "help": "A column.", "indexes": index}


def _until_it_listens(port: int) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while True:
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asking.request("GET", "/metrics")
            asking.getresponse().read()
        except ConnectionError:
            assert time.monotonic() < limit, "the exporter does not start"
            time.sleep(0.05)
        else:
            return
        finally:
            asking.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
