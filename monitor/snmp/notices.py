"""What traps and informs say, by pysnmp: one engine for all devices that prove themselves alike.

RFC 3418 section 2 names the notifications, RFC 2863 what linkDown and linkUp carry.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import SupportsInt, TypeAlias

from inventory.model import SnmpAuthentication, SnmpPrivacy, SnmpVersion
from monitor.errors import Flaw
from monitor.snmp.expected import Credential
from monitor.snmp.session import Keyring

__all__ = ["Heard", "Notice", "NoticeKind", "Receiver"]

_TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"
_IF_INDEX = "1.3.6.1.2.1.2.2.1.1."
_AUTH_PRIV, _COMMUNITY_BASED = 3, 2
_MOST_BINDINGS = 64
_MOST_ENGINES = 4_096
"""Devices whose traps one receiver knows; a device has one engine until it is replaced."""
_VERSION_3 = 3

_Binding: TypeAlias = tuple[object, object]
_AUTHENTICATIONS = {
    SnmpAuthentication.MD5: "USM_AUTH_HMAC96_MD5",
    SnmpAuthentication.SHA1: "USM_AUTH_HMAC96_SHA",
    SnmpAuthentication.SHA224: "USM_AUTH_HMAC128_SHA224",
    SnmpAuthentication.SHA256: "USM_AUTH_HMAC192_SHA256",
    SnmpAuthentication.SHA384: "USM_AUTH_HMAC256_SHA384",
    SnmpAuthentication.SHA512: "USM_AUTH_HMAC384_SHA512",
}
_PRIVACIES = {
    SnmpPrivacy.DES: "USM_PRIV_CBC56_DES",
    SnmpPrivacy.AES128: "USM_PRIV_CFB128_AES",
    SnmpPrivacy.AES192: "USM_PRIV_CFB192_AES_BLUMENTHAL",
    SnmpPrivacy.AES256: "USM_PRIV_CFB256_AES_BLUMENTHAL",
}


class NoticeKind(StrEnum):
    """What a device tells by itself."""

    COLD_START = "1.3.6.1.6.3.1.1.5.1"
    WARM_START = "1.3.6.1.6.3.1.1.5.2"
    LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
    LINK_UP = "1.3.6.1.6.3.1.1.5.4"
    AUTHENTICATION_FAILURE = "1.3.6.1.6.3.1.1.5.5"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification that was proven to come from a device."""

    kind: NoticeKind
    port: int | None = None
    """The index of the port, of linkDown and linkUp."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one packet."""

    notices: tuple[Notice, ...]
    """Empty when it was not proven, or only a question who we are."""
    replies: tuple[bytes, ...]
    """What goes back: informs are answered."""
    flaw: Flaw | None = None
    """Why it is neither taken nor answered."""


class Receiver:
    """Takes packets of devices with one credential. Not for several threads at once."""

    def __init__(self, credential: Credential, keys: Keyring) -> None:
        # Fourteen megabytes and half a second: only where somebody tells something.
        from pysnmp.carrier.asyncio.dgram import udp  # type: ignore[import-untyped]  # pysnmp ships no types
        from pysnmp.carrier.base import AbstractTransportDispatcher  # type: ignore[import-untyped]
        from pysnmp.entity import engine  # type: ignore[import-untyped]
        from pysnmp.entity.rfc3413 import ntfrcv  # type: ignore[import-untyped]

        self._credential, self._keys = credential, keys
        self._old = credential.version is SnmpVersion.V2C
        self._engines: set[bytes] = set()
        self._replies: list[bytes] = []
        self._notices: list[Notice] = []
        self._level = 0
        self._address: Callable[[tuple[str, int]], object] = udp.UdpTransportAddress
        self._domain = udp.DOMAIN_NAME
        replies = self._replies

        class Outbox(AbstractTransportDispatcher):  # type: ignore[misc]  # the same
            """Keeps what the engine wants sent."""

            def send_message(self, outgoing: bytes, *_where: object) -> None:
                replies.append(bytes(outgoing))

        self._outbox = Outbox()
        self._engine = engine.SnmpEngine()
        self._engine.register_transport_dispatcher(self._outbox)
        self._admit(None)
        self._engine.observer.register_observer(self._on_request, "rfc3412.receiveMessage:request")
        ntfrcv.NotificationReceiver(self._engine, self._on_notification)

    def take(self, packet: bytes, source: tuple[str, int]) -> Heard:
        """One packet. What is malformed or not proven is nothing."""
        self._replies.clear()
        self._notices.clear()
        self._level = 0
        self._outbox.handle_timer_tick(time.time())
        if not self._old:
            self._know(packet)
        self._engine.message_dispatcher.receive_message(self._engine, self._domain, self._address(source), packet)
        taken = bool(self._notices or self._replies)
        return Heard(tuple(self._notices), tuple(self._replies), None if taken else _flaw_of(packet))

    def _know(self, packet: bytes) -> None:
        """A trap is proven with the key of its sender's engine (RFC 3414, section 3.2), which has to be made first."""
        engine = _engine_of(packet)
        if engine and engine not in self._engines and len(self._engines) < _MOST_ENGINES:
            self._engines.add(engine)
            self._admit(engine)

    def _admit(self, of: bytes | None) -> None:
        """Let the user in: for informs with our own engine, for traps with the sender's."""
        from pysnmp.entity import config

        if self._old:
            config.add_v1_system(self._engine, "fosa", self._keys.community(self._credential))
            return
        from pysnmp.proto.api import v2c  # type: ignore[import-untyped]

        auth, priv = self._keys.masters(self._credential)
        config.add_v3_user(
            self._engine,
            self._credential.user,
            getattr(config, _AUTHENTICATIONS[self._credential.authentication]),
            auth,
            getattr(config, _PRIVACIES[self._credential.privacy]),
            priv,
            securityEngineId=None if of is None else v2c.OctetString(of),
            authKeyType=config.USM_KEY_TYPE_MASTER,
            privKeyType=config.USM_KEY_TYPE_MASTER,
        )

    def _on_request(
        self, _engine: object, _point: object, variables: Mapping[str, SupportsInt], _context: object
    ) -> None:
        self._level = int(variables["securityLevel"])
        if self._old and int(variables["securityModel"]) != _COMMUNITY_BASED:
            self._level = 0

    def _on_notification(
        self,
        _engine: object,
        _state: object,
        _context_engine: object,
        _context_name: object,
        bindings: Sequence[_Binding],
        _context: object,
    ) -> None:
        """A user of version 3 may leave proof and encryption away: such a message is nobody's."""
        if self._level == (1 if self._old else _AUTH_PRIV):
            self._notices.append(_notice([(str(name), value) for name, value in bindings[:_MOST_BINDINGS]]))


def _flaw_of(packet: bytes) -> Flaw:
    """Of one that came to nothing: as far as it is a message at all, its sender is not proven."""
    from pyasn1.error import PyAsn1Error  # type: ignore[import-untyped]
    from pysnmp.error import PySnmpError  # type: ignore[import-untyped]
    from pysnmp.proto.api import decodeMessageVersion

    try:
        decodeMessageVersion(packet)
    except (PyAsn1Error, PySnmpError):
        return Flaw.MALFORMED
    return Flaw.UNPROVEN


def _engine_of(packet: bytes) -> bytes:
    """msgAuthoritativeEngineID (RFC 3414, section 2.4); nothing where there is none, as in a question who we are."""
    from pyasn1.codec.ber import decoder  # type: ignore[import-untyped]
    from pyasn1.error import PyAsn1Error
    from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message  # type: ignore[import-untyped]
    from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters  # type: ignore[import-untyped]

    try:
        message, _rest = decoder.decode(packet, asn1Spec=SNMPv3Message())
        if int(message["msgVersion"]) != _VERSION_3:
            return b""
        usm, _rest = decoder.decode(bytes(message["msgSecurityParameters"]), asn1Spec=UsmSecurityParameters())
    except PyAsn1Error:
        return b""
    return bytes(usm["msgAuthoritativeEngineId"])[:32]


def _notice(bindings: Sequence[tuple[str, object]]) -> Notice:
    kind, port = NoticeKind.OTHER, None
    for name, value in bindings:
        if name == _TRAP_OID and str(value) in set(NoticeKind):
            kind = NoticeKind(str(value))
        if name.startswith(_IF_INDEX) and str(value).isdecimal():
            port = int(str(value)[:10])
    return Notice(kind, port)
