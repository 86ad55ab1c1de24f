"""What the read key can follow on a real gateway, and that it can change nothing there."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from vici.protocol import FiniteStream, Message, Packet

from inventory.access import Patience, Stream, connect, open_stream
from playbooks.drivers.base import Status
from tests.playbooks.standing import Standing

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

RESPONSE, UNKNOWN, CONFIRM, EVENT_UNKNOWN, EVENT = 1, 2, 5, 6, 7
PID = "cat /run/fosa-lab/strongswan.pid"
ORDERS = ["terminate", "initiate", "load-conn", "unload-conn", "install", "uninstall", "reset-counters", "redirect"]


@dataclass
class Talk:
    """A conversation with charon, packet by packet."""

    stream: Stream
    held: bytes = b""

    async def said(self) -> bytes:
        """The next packet; nothing at the end."""
        while len(self.held) < 4 or len(self.held) < 4 + int.from_bytes(self.held[:4], "big"):
            if not (chunk := await self.stream.read(65536)):
                return b""
            self.held += chunk
        end = 4 + int.from_bytes(self.held[:4], "big")
        packet, self.held = self.held[4:end], self.held[end:]
        return packet

    async def ask(self, packet: bytes) -> tuple[int, list[bytes]]:
        """The kind of the answer, and the events before it."""
        await self.stream.write(len(packet).to_bytes(4, "big") + packet)
        events = []
        while (said := await self.said())[:1] == bytes([EVENT]):
            events.append(said)
        return said[0], events

    async def tunnels(self) -> dict[str, bytes]:
        """Every connection that is up, with the unique number of its IKE SA."""
        assert (await self.ask(Packet.register_event("list-sa")))[0] == CONFIRM
        kind, events = await self.ask(Packet.request("list-sas", Message.serialize({"noblock": "yes"})))
        assert kind == RESPONSE
        assert (await self.ask(Packet.unregister_event("list-sa")))[0] == CONFIRM
        found = [Message.deserialize(FiniteStream(event[2 + event[1] :])) for event in events]
        return {name: sa["uniqueid"] for message in found for name, sa in message.items()}


@asynccontextmanager
async def opened(standing: Standing, words: str, device: str = "gw-k") -> AsyncIterator[Stream]:
    login = standing.access(device).read
    key = standing.secrets.get(login.key).get_secret_value()
    async with await connect(login, key, Patience(connect=5, keepalive=1)) as connection:
        stream = await open_stream(connection, login, words)
        async with asyncio.timeout(30):
            yield stream
        await stream.close()


async def lines(stream: Stream) -> AsyncIterator[dict[str, str]]:
    """What each line says."""
    held = b""
    while chunk := await stream.read(65536):
        *whole, held = (held + chunk).split(b"\n")
        for line in whole:
            told = json.loads(line)
            assert set(told) == {"links", "pair"}, "the hub is one of two"
            yield told["links"]


async def names(manager: Standing) -> set[str]:
    async with opened(manager, "vici") as stream:
        return set(await Talk(stream).tunnels())


def wait(condition: Callable[[], bool], seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.2)


def test_the_read_key_asks_charon_and_hears_its_events(manager: Standing) -> None:
    async def body() -> None:
        async with opened(manager, "vici") as stream:
            talk = Talk(stream)
            assert (await talk.ask(Packet.request("version")))[0] == RESPONSE
            assert (await talk.ask(Packet.request("stats")))[0] == RESPONSE
            assert set(await talk.tunnels()) >= {"k-b", "k-c", "k-platform"}
            for name in ("ike-updown", "child-updown", "ike-rekey", "child-rekey", "ike-update"):
                assert (await talk.ask(Packet.register_event(name)))[0] == CONFIRM
            await asyncio.to_thread(manager.console, "gw-k", "swanctl --rekey --child k-c")
            assert (await talk.said())[2:13] == b"child-rekey"

    asyncio.run(body())


def test_the_read_key_gives_no_order_and_the_attempt_is_logged(manager: Standing) -> None:
    async def body() -> None:
        async with opened(manager, "vici") as stream:
            talk = Talk(stream)
            before = await talk.tunnels()
            arguments = Message.serialize({"ike": "k-b", "child": "k-b", "name": "k-b", "timeout": "1000"})
            for order in ORDERS:
                assert (await talk.ask(Packet.request(order, arguments)))[0] == UNKNOWN, order
            for event in ("log", "control-log"):
                assert (await talk.ask(Packet.register_event(event)))[0] == EVENT_UNKNOWN
            section = Message.serialize({"k-b": {"version": "1"}})
            assert (await talk.ask(Packet.request("list-conns", section)))[0] == UNKNOWN
            assert await talk.tunnels() == before

    asyncio.run(body())
    said = "read vici: command b'terminate' refused"
    wait(lambda: said in manager.console("log-k", "cat /var/log/office.log"), 10)


@pytest.mark.parametrize("nonsense", [b"terminate everything\n", bytes(4), b"\0\1\0\1" + b"x" * 70000])
def test_nonsense_ends_the_relay_and_not_charon(manager: Standing, nonsense: bytes) -> None:
    async def body() -> None:
        before = manager.console("gw-k", PID)
        async with opened(manager, "vici") as stream:
            await stream.write(nonsense)
            assert await stream.read(1) == b""
            assert await stream.ended() == 77
        assert manager.console("gw-k", PID) == before
        assert "k-b" in await names(manager)

    asyncio.run(body())


def test_the_relay_ends_with_charon_and_says_when_there_is_none(manager: Standing) -> None:
    async def body() -> None:
        async with opened(manager, "vici") as stream:
            talk = Talk(stream)
            assert (await talk.ask(Packet.request("version")))[0] == RESPONSE
            await asyncio.to_thread(manager.console, "gw-k", f"kill -9 $({PID})")
            assert await talk.said() == b""
            assert await stream.ended() == 1
        async with opened(manager, "vici") as stream:
            assert await stream.read(1) == b""
            assert await stream.ended() == 1

    expected = asyncio.run(names(manager))
    try:
        asyncio.run(body())
    finally:
        # A far end keeps what it had with a charon that was killed, until that one says that it is new.
        initiate = (f"swanctl --initiate --child {tunnel} --timeout 10" for tunnel in sorted(expected))
        manager.console("gw-k", "; ".join(["systemctl start strongswan", *initiate]))
    wait(lambda: asyncio.run(names(manager)) >= expected, 40)


def test_every_change_of_a_link_is_told_at_once(manager: Standing) -> None:
    pair = "ip link add probe0 type veth peer name probe1"
    steps = (
        (pair, "down"),
        ("ip link set probe0 up; ip link set probe1 up", "up"),
        ("ip link set probe1 down", "down"),
        ("ip link set probe1 up", "up"),
        ("ip link del probe0", None),
    )

    async def body() -> None:
        async with opened(manager, "links") as stream:
            told = lines(stream)
            first = await anext(told)
            assert first["wan0"] == "up"
            assert "lo" not in first
            assert "probe0" not in first
            for step, expected in steps:
                await asyncio.to_thread(manager.console, "gw-k", step)
                before = time.monotonic()
                while (await anext(told)).get("probe0") != expected:
                    assert time.monotonic() < before + 30, step

    asyncio.run(body())


def test_links_are_told_again_and_again_and_nothing_can_be_asked(manager: Standing) -> None:
    async def body() -> None:
        async with opened(manager, "links") as stream:
            told = lines(stream)
            assert await anext(told) == await anext(told)
            await stream.write(b"?")
            assert await stream.ended() == 77

    asyncio.run(body())


@pytest.mark.parametrize("words", ["vici", "links"])
def test_a_stream_leaves_nothing_behind_when_its_client_goes(manager: Standing, words: str) -> None:
    async def body() -> None:
        async with opened(manager, words) as stream:
            if words == "links":
                assert await stream.read(1) == b"{"
            else:
                assert await Talk(stream).tunnels()
            assert manager.console("gw-k", f"pgrep -f '[g]ate read {words}'")

    asyncio.run(body())
    wait(lambda: not manager.console("gw-k", f"pgrep -f '[g]ate read {words}'"), 5)


def test_a_gateway_tells_of_its_time_and_its_logs(manager: Standing) -> None:
    def status() -> Status:
        answer = manager.driver("gw-k").status()
        assert isinstance(answer, Status)
        return answer

    wait(lambda: any(source.reachable for source in status().time or ()), 30)
    (target,) = status().log or ()
    assert (target.port, target.established) == (6514, True)
    manager.console("gw-k", "systemctl stop chrony")
    assert status().time is None
    manager.console("gw-k", "systemctl start chrony")
