"""Files over TLS: pyftpdlib as it should be, as it should not, and servers that are none."""

from __future__ import annotations

import asyncio
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Office
from monitor.probes import ftps
from monitor.probes.base import Outcome
from monitor.results import ProbeKind, State
from tests.inventory.offices import broken, office_in
from tests.monitor.certificates.issuing import Issued, authority
from tests.monitor.probes.listeners import Served, speaking
from tests.monitor.probes.listeners import asked as asked_once
from tests.monitor.probes.platforms import asked, platform
from tests.slots import free_port

CA = authority()
SECRETS = {"public:ca.pem": CA.pem, "file:ftp": "hasło"}
LOGIN = 'ca: public:ca.pem\n    ftp: {user: gops, password: "file:ftp"}'


@contextmanager
def serving(folder: Path, shows: Issued, *, tls_required: bool = True, rights: str = "elr") -> Iterator[int]:
    """A real server of files with one account."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # asyncore's own end, where Python still has it
        from pyftpdlib.authorizers import DummyAuthorizer  # type: ignore[import-untyped]  # ships no types
        from pyftpdlib.handlers import TLS_FTPHandler  # type: ignore[import-untyped]  # ships no types
        from pyftpdlib.ioloop import IOLoop  # type: ignore[import-untyped]  # ships no types
        from pyftpdlib.servers import FTPServer  # type: ignore[import-untyped]  # ships no types
    file = folder / "ftp.pem"
    file.write_text(shows.pem + shows.key_pem)
    (folder / "files").mkdir()
    (folder / "files" / "wykaz.xml").write_text("x")
    accounts = DummyAuthorizer()
    accounts.add_user("gops", "hasło", str(folder / "files"), perm=rights)

    class Handler(TLS_FTPHandler):  # type: ignore[misc]  # pyftpdlib has no types
        certfile = str(file)
        auth_failed_timeout = 0
        authorizer = accounts
        tls_control_required = tls_data_required = tls_required

    server = FTPServer(("127.0.0.1", free_port()), Handler, ioloop=IOLoop())
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            server.serve_forever(timeout=0.05, blocking=False, handle_exit=False)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.address[1]
    finally:
        stop.set()
        thread.join()
        server.close_all()


def of(folder: Path, port: int, secrets: dict[str, str] | None = None) -> Outcome:
    office = platform(folder, [port], more=LOGIN, kind="ftps")
    return asked(office, ProbeKind.FTPS, SECRETS if secrets is None else secrets, "ftps:")


def test_login_and_listing_over_tls_are_well(tmp_path: Path) -> None:
    with serving(tmp_path, CA.issue()) as port:
        found = of(tmp_path, port)
    assert (found.state, str(found.cause)) == (State.UP, "login and listing work, and nothing goes in clear")
    assert 300 < found.measured[0].value < 366
    assert "hasło" not in repr(found)


@pytest.mark.parametrize(
    ("shows", "state", "cause"),
    [
        (CA.issue(ends=12.5), State.DEGRADED, "login and listing work; days until the server's certificate ends: 12"),
        (CA.issue(ends=-0.1), State.DOWN, "no TLS connection: certificate has expired"),
        (CA.issue(names=("other.example",)), State.DOWN, "no TLS connection: Hostname mismatch"),
        (authority("Other", key="z").issue(), State.DOWN, "no TLS connection: unable to get local issuer"),
    ],
    ids=["soon", "expired", "name", "issuer"],
)
def test_the_servers_certificate_is_held_to(tmp_path: Path, shows: Issued, state: State, cause: str) -> None:
    with serving(tmp_path, shows) as port:
        found = of(tmp_path, port)
    assert found.state is state
    assert str(found.cause).startswith(cause)


def test_a_server_that_takes_passwords_in_clear_is_down(tmp_path: Path) -> None:
    with serving(tmp_path, CA.issue(), tls_required=False) as port:
        found = of(tmp_path, port)
    assert (found.state, str(found.cause)) == (
        State.DOWN,
        "the server takes passwords in clear: whoever listens can have them",
    )


@pytest.mark.parametrize(
    ("rights", "password", "cause"),
    [("elr", "nie to", "the server does not take the account: 530"), ("er", "hasło", "the server lists nothing: 550")],
)
def test_what_the_account_may_not_is_said(tmp_path: Path, rights: str, password: str, cause: str) -> None:
    with serving(tmp_path, CA.issue(), rights=rights) as port:
        found = of(tmp_path, port, SECRETS | {"file:ftp": password})
    assert found.state is State.DOWN
    assert str(found.cause).startswith(cause)


@pytest.mark.parametrize(
    ("secrets", "cause"),
    [
        ({"public:ca.pem": CA.pem}, "file:ftp holds no password that can be sent"),
        ({"public:ca.pem": CA.pem, "file:ftp": "a\nQUIT"}, "file:ftp holds no password that can be sent"),
        ({"file:ftp": "x"}, "public:ca.pem cannot be read"),
    ],
)
def test_without_what_it_takes_nobody_is_asked(tmp_path: Path, secrets: dict[str, str], cause: str) -> None:
    found = of(tmp_path, 21, secrets)
    assert found.state is State.UNKNOWN
    assert str(found.cause).startswith(cause)


def test_without_an_account_nothing_is_known(tmp_path: Path) -> None:
    (target,) = ftps.PROBE.targets(office_in(tmp_path, broken("kind: https_mtls", "kind: ftps")).require())
    found = asked_once(ftps.PROBE, target)
    assert (found.state, str(found.cause)) == (State.UNKNOWN, "the inventory names no account for the files")


def strange(office: Office, served: Served, patience_s: float = 20.0) -> Outcome:
    """What comes of a server that says what it likes, at the port the office names."""
    port = office.channels[0].endpoints[0].port

    async def ask() -> Outcome:
        (target,) = ftps.PROBE.targets(office)
        assert not isinstance(ftps.PROBE.ask, type)
        async with speaking(served, port), asyncio.timeout(patience_s):
            return await ftps.PROBE.ask(target, SECRETS)

    return asyncio.run(ask())


def says(*parts: bytes, pause_s: float = 0.002) -> Served:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
        writer.write_eof()
        await reader.read()  # whoever closes on what it has not read resets the connection

    return served


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ([b"HTTP/1.1 400 No\r\n"], "the server does not begin TLS: HTTP/1.1 400 No"),
        ([b""], "the server does not begin TLS: ?"),
        ([b"220 hi\r\n", b"502 what\r\n"], "the server does not begin TLS: 502 what"),
        ([b"220 hi\r\n", b"234 go\r\n", b"no TLS at all\r\n"], "no TLS connection: "),
        ([b"220-x\r\n" * 100], "the server does not begin TLS: an answer of more than 64 lines"),
        ([b"220 " + b"x" * 20_000], "the server does not begin TLS: got more than 8192 bytes"),
    ],
)
def test_what_is_no_server_of_files_is_said_to_be_none(tmp_path: Path, said: list[bytes], cause: str) -> None:
    found = strange(platform(tmp_path, [free_port()], more=LOGIN, kind="ftps"), says(*said))
    assert found.state is State.DOWN
    assert str(found.cause).startswith(cause)


DRIP = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + b"\0" * 1000
"""The first bytes of a long message of a handshake."""


@pytest.mark.parametrize(
    ("first", "drips"), [([], b"220" * 1000), ([b"220 hi\r\n", b"234 go\r\n"], DRIP)], ids=["words", "handshake"]
)
def test_a_server_that_drips_is_given_up_and_its_thread_ends(tmp_path: Path, first: list[bytes], drips: bytes) -> None:
    office = platform(tmp_path, [free_port()], more=LOGIN, kind="ftps")
    with pytest.raises(TimeoutError):
        strange(office, says(*first, *(bytes([byte]) for byte in drips), pause_s=0.02), patience_s=0.4)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("asyncio_")]


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=120))
def test_whatever_a_server_says_has_its_reason(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    office = platform(tmp_path_factory.mktemp("o"), [free_port()], more=LOGIN, kind="ftps")
    try:
        assert strange(office, says(data, b"220 x\r\n", data)).state is State.DOWN
    except (OSError, ssl.SSLError):
        return  # a reset; whoever asks says so
