"""What is really on a line: every packet's addresses and ports, read from the wire inside a namespace."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from threading import Thread
from types import TracebackType

from lab import namespace

__all__ = ["Capture", "Packet", "Recording", "in_clear", "parse"]

_ALL_PROTOCOLS = 0x0003
_IPV4, _IPV6 = 0x0800, 0x86DD
_TCP, _UDP = 6, 17
_SOL_PACKET, _PACKET_STATISTICS = 263, 6
_SO_RCVBUFFORCE = 33
_BUFFER = 64 * 1024 * 1024
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Packet:
    """The head of a packet. Ports are 0 where the protocol has none or the head does not hold them."""

    source: IPv4Address | IPv6Address
    destination: IPv4Address | IPv6Address
    protocol: int
    source_port: int = 0
    destination_port: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """All packets of a time, and how many were dropped unread: with any, that a packet is absent proves nothing."""

    packets: tuple[Packet, ...]
    lost: int


class Capture:
    """Records one interface of a namespace between `with` and `stop`; what goes in and what comes out."""

    def __init__(self, name: str, interface: str) -> None:
        """`name`: the namespace."""
        self._socket = namespace.inside(name, lambda: _open(interface))
        self._packets: list[Packet] = []
        self._ending = False
        self._thread = Thread(target=self._drain, daemon=True)

    def __enter__(self) -> Capture:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def stop(self) -> Recording:
        """End the recording; once only."""
        self._end()
        _seen, lost = struct.unpack("II", self._socket.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
        self._socket.close()
        return Recording(tuple(self._packets), lost)

    def _end(self) -> None:
        self._ending = True
        self._thread.join()

    def _drain(self) -> None:
        while True:
            try:
                frame = self._socket.recv(65536)
            except TimeoutError:
                # Only a silent line is drained to the end.
                if self._ending:
                    return
                continue
            if (packet := parse(frame)) is not None:
                self._packets.append(packet)


def parse(frame: bytes) -> Packet | None:
    """The head of the packet in an Ethernet frame; None for what is not IP or is cut off."""
    if len(frame) < 14:
        return None
    kind, packet = struct.unpack_from("!H", frame, 12)[0], frame[14:]
    if kind == _IPV4 and len(packet) >= 20:
        length = (packet[0] & 0xF) * 4
        fragment = struct.unpack_from("!H", packet, 6)[0] & 0x1FFF
        ports = (0, 0) if fragment else _ports(packet[9], packet[length:])
        return Packet(IPv4Address(packet[12:16]), IPv4Address(packet[16:20]), packet[9], *ports)
    if kind == _IPV6 and len(packet) >= 40:
        return Packet(IPv6Address(packet[8:24]), IPv6Address(packet[24:40]), packet[6], *_ports(packet[6], packet[40:]))
    return None


def in_clear(packets: Iterable[Packet], inner: Iterable[IPv4Network | IPv6Network]) -> tuple[Packet, ...]:
    """The packets that show an inner address, as sender or as receiver."""
    networks = tuple(inner)
    return tuple(packet for packet in packets if any(_shows(packet, network) for network in networks))


def _shows(packet: Packet, network: IPv4Network | IPv6Network) -> bool:
    return packet.source in network or packet.destination in network


def _ports(protocol: int, payload: bytes) -> tuple[int, int]:
    if protocol not in {_TCP, _UDP} or len(payload) < 4:
        return 0, 0
    source, destination = struct.unpack_from("!HH", payload)
    return source, destination


def _open(interface: str) -> socket.socket:
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_PROTOCOLS))
    # A small buffer drops under load, and then "no leak seen" may be false.
    made.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    made.bind((interface, 0))
    made.settimeout(_POLL_S)
    return made
