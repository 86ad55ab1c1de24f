"""A platform on loopback, as an inventory names it, with real TLS servers in its place."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from inventory.load import load
from inventory.model import Office
from monitor.probes.base import Outcome
from monitor.probes.rounds import expected_probes
from monitor.results import ProbeKind
from tests.inventory.offices import OFFICE
from tests.monitor.certificates.issuing import Issued
from tests.slots import free_port

__all__ = ["answering", "asked", "platform", "s_server", "server_context", "tls_server"]

_ENDPOINT = "{name: csizs.example, port: 443, pinned: [192.0.2.80]}"
_FLOW = '  - {name: watch, from: ["device:adm"], to: ["channel:csizs"], services: [lo], owner: ASI, purpose: Watch}\n'


def platform(
    folder: Path,
    ports: Sequence[int],
    pins: Sequence[str] = (),
    more: str = "ca: public:ca.pem",
    kind: str = "https_mtls",
) -> Office:
    """An office whose channel's host is on loopback, at the first of these ports; the manager may go to all of them."""
    endpoint = f"{{name: csizs.example, port: {ports[0]}, pinned: [127.0.0.1], pins: {list(pins)}}}"
    services = f"  - {{name: lo, ports: [{', '.join(f'tcp/{port}' for port in ports)}]}}\n"
    text = OFFICE.replace(_ENDPOINT, endpoint).replace("services:\n", f"services:\n{services}", 1)
    text = text.replace("flows:\n", f"flows:\n{_FLOW}", 1) + (f"    {more}\n" if more else "")
    (folder / "office.yaml").write_text(text.replace("kind: https_mtls", f"kind: {kind}"), encoding="utf-8")
    return load(folder).require()


def asked(
    office: Office, kind: ProbeKind, secrets: Mapping[str, str] = MappingProxyType({}), name: str = "csizs.example"
) -> Outcome:
    """What the probe of a kind finds whose name holds this."""
    (probe,) = [each for each in expected_probes(office) if each.kind is kind and name in each.name]

    async def ask() -> Outcome:
        async with asyncio.timeout(30):
            return await probe.ask(secrets)

    return asyncio.run(ask())


def server_context(folder: Path, shows: Issued, *above: Issued) -> ssl.SSLContext:
    """A server's, with its certificate and what it shows beside it."""
    file = folder / f"server-{shows.certificate.serial_number:x}.pem"
    file.write_text(shows.pem + "".join(each.pem for each in above) + shows.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(file)
    return context


@contextmanager
def tls_server(context: ssl.SSLContext, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Iterator[int]:
    """A server that shakes hands, reads, and says the same to everybody; its port."""

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            if tls.recv(4096):
                tls.sendall(answer)

    with _listening(serve) as port:
        yield port


@contextmanager
def answering(answer: Callable[[bytes], bytes]) -> Iterator[int]:
    """A server without TLS that says something to what comes first; its port."""

    def serve(connection: socket.socket) -> None:
        heard = connection.recv(65536)
        head, blank, body = heard.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n") if blank else ():
            if line.lower().startswith(b"content-length:"):
                while len(body) < int(line.split(b":")[1]):
                    body += connection.recv(65536)
        connection.sendall(answer(head + blank + body))

    with _listening(serve) as port:
        yield port


@contextmanager
def s_server(folder: Path, shows: Issued, *options: str) -> Iterator[int]:
    """OpenSSL's own server; its port."""
    file, port = folder / "s_server.pem", free_port()
    file.write_text(shows.pem + shows.key_pem)
    argv = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(file), "-www", "-quiet", *options]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        try:
            _until_listening(port)
            yield port
        finally:
            server.terminate()


@contextmanager
def _listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        thread = threading.Thread(target=_accept, args=(listener, serve))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _from = listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(20)
            try:
                serve(connection)
            except OSError:
                continue  # whoever is refused hangs up


def _until_listening(port: int) -> None:
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)
