"""One conversation with an agent over gufo-snmp: whatever library or network throws comes out as one of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.cancellation import heed
from inventory.model import SnmpAuthentication, SnmpPrivacy, SnmpVersion
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw, NonsenseError, RefusalError, SilenceError
from monitor.probes.base import Secrets
from monitor.refused import Protocol, refuse
from monitor.snmp import fast
from monitor.snmp.expected import Credential, ExpectedPoll, Manner, Way
from monitor.snmp.fast import Take
from monitor.snmp.values import Value

if TYPE_CHECKING:
    from gufo.snmp import User
    from gufo.snmp.aio import SnmpSession

__all__ = ["Keyring", "Session", "SilentKeyError", "because"]

_AUTHENTICATIONS = {
    SnmpAuthentication.MD5: "Md5Key",
    SnmpAuthentication.SHA1: "Sha1Key",
    SnmpAuthentication.SHA224: "Sha224Key",
    SnmpAuthentication.SHA256: "Sha256Key",
    SnmpAuthentication.SHA384: "Sha384Key",
    SnmpAuthentication.SHA512: "Sha512Key",
}
_PRIVACIES = {
    SnmpPrivacy.DES: "DesKey",
    SnmpPrivacy.AES128: "Aes128Key",
    SnmpPrivacy.AES192: "Aes192Key",
    SnmpPrivacy.AES256: "Aes256Key",
}


class SilentKeyError(SilenceError):
    """It proves itself and takes our proof, and answers nothing encrypted: the other key, most likely, is not ours."""


@dataclass(slots=True)
class Keyring:
    """Master keys, each made once: that takes a megabyte of hashing (RFC 3414, appendix A.2)."""

    secrets: Secrets
    _masters: dict[tuple[SnmpAuthentication, str], bytes] = field(default_factory=dict)

    def missing(self, credential: Credential) -> tuple[str, ...]:
        """References whose secrets could not be read."""
        return tuple(ref for ref in credential.secrets if ref not in self.secrets)

    def community(self, credential: Credential) -> str:
        """Of version 2c."""
        return self.secrets[credential.community]

    def user(self, credential: Credential) -> User:
        """The user of version 3."""
        import gufo.snmp as library
        from gufo.snmp.user import KeyType

        auth = getattr(library, _AUTHENTICATIONS[credential.authentication])
        priv = getattr(library, _PRIVACIES[credential.privacy])
        for_proof, for_secrecy = self.masters(credential)
        return library.User(
            credential.user,
            auth_key=auth(for_proof, KeyType.Master),
            priv_key=priv(for_secrecy, KeyType.Master),
        )

    def masters(self, credential: Credential) -> tuple[bytes, bytes]:
        """Of version 3: for proof and for encryption."""
        return (
            self._master(credential.authentication, credential.auth),
            self._master(credential.authentication, credential.priv),
        )

    def _master(self, algorithm: SnmpAuthentication, ref: str) -> bytes:
        import gufo.snmp as library

        if (algorithm, ref) not in self._masters:
            kind = getattr(library, _AUTHENTICATIONS[algorithm])
            self._masters[algorithm, ref] = kind.get_master_key(self.secrets[ref].encode())
        return self._masters[algorithm, ref]


class Session:
    """Asks one agent, one question at a time. Remembers who the agent is (its engine), not what it said."""

    def __init__(self, poll: ExpectedPoll, keys: Keyring) -> None:
        self._poll, self._keys = poll, keys
        self._engine: bytes | None = None
        self._session: SnmpSession | None = None
        self._line: fast.Line | None = None
        self._heard = False
        """Whether it has answered anything since it was opened."""

    async def open(self) -> None:
        """Begin, for version 3 by asking for the agent's clock. Raises as `get` does."""
        self.close()
        self._heard = False
        self._session = self._made(self._engine)
        if self._poll.credential.version is SnmpVersion.V2C:
            return
        try:
            with _translated():
                await self._session.refresh()
        except SilenceError:
            # A packet was lost; or another box stands there now, with an engine of its own.
            self._engine = None
            self._session = again = self._made(None)
            try:
                with _translated():
                    await again.refresh()
            except SilenceError as error:
                if again.get_engine_id():
                    raise SilentKeyError(str(error)) from error
                raise
        self._engine = self._session.get_engine_id()

    def close(self) -> None:
        """Let go of the socket."""
        self._rest()
        self._session = self._line = None

    @property
    def engine(self) -> bytes | None:
        """Who the agent is, in version 3; None before its first answer."""
        return self._engine

    async def get(self, oids: Sequence[str]) -> Mapping[str, Value]:
        """Those of the scalars that there are. SilenceError, RefusalError or NonsenseError where it cannot be had."""
        session = self._ready()
        self._rest()
        try:
            with _translated():
                found = await session.get_many(oids)
        except SilenceError as error:
            if self._poll.credential.version is SnmpVersion.V3 and not self._heard:
                raise SilentKeyError(str(error)) from error
            raise
        self._heard = True
        return found

    async def walk(self, oid: str, repetitions: int, take: Take) -> None:
        """Hand on what lies below an identifier, so many rows a question, in pages of at most so many.

        Raises as `get` does, and what `take` raises, which ends the walk.
        """
        session, manner = self._ready(), self._poll.manner
        with _translated():
            if repetitions > 1 and _is_quick(manner):
                self._line = self._line or fast.Line(session, manner.timeout_s)
                await self._line.walk(oid, repetitions, take)
            else:
                self._rest()
                await _walked(session, (oid, repetitions), take)

    def _rest(self) -> None:
        if self._line is not None:
            self._line.rest()

    def _ready(self) -> SnmpSession:
        if self._session is None:
            raise SilenceError("not opened")
        return self._session

    def _made(self, engine: bytes | None) -> SnmpSession:
        from gufo.snmp import SnmpVersion as Version
        from gufo.snmp.aio import SnmpSession

        credential, manner = self._poll.credential, self._poll.manner
        old = credential.version is SnmpVersion.V2C
        return SnmpSession(
            str(self._poll.address),
            self._poll.port,
            community=self._keys.community(credential) if old else "",
            user=None if old else self._keys.user(credential),
            engine_id=engine,
            version=Version.v2c if old else Version.v3,
            timeout=manner.timeout_s,
            limit_rps=manner.rate,
        )


def _is_quick(manner: Manner) -> bool:
    return manner.way is Way.QUICK and manner.rate is None and fast.hindrance() is None


async def _walked(session: SnmpSession, cursor: tuple[str, int], take: Take) -> None:
    oid, repetitions = cursor
    page: list[tuple[str, Value]] = []
    async for row in session.getbulk(oid, repetitions) if repetitions > 1 else session.getnext(oid):
        page.append(row)
        if len(page) >= repetitions:
            take(page)
            page = []
    if page:
        take(page)


def because(error: Exception) -> Sentence:
    """Why an agent could not be asked, to people."""
    match error:
        case RefusalError():
            return say(N_("it answers, and refuses our user, or what the user proves itself with"))
        case SilentKeyError():
            return say(N_("it answers who it is, and nothing encrypted: its privacy key or algorithm may not be ours"))
        case NonsenseError():
            return say(N_("it answers what SNMP does not know"))
        case _:
            return say(N_("no answer"))


@contextmanager
def _translated() -> Iterator[None]:
    from gufo.snmp import SnmpAuthError, SnmpError

    try:
        yield
        heed()
    except (TimeoutError, OSError) as error:
        raise SilenceError(str(error) or "no answer") from error
    except SnmpAuthError as error:
        raise RefusalError(str(error)) from error
    except SnmpError as error:
        refuse(Protocol.SNMP, Flaw.MALFORMED)
        raise NonsenseError(str(error)) from error
    except BaseException as error:
        # The library's decoder panics at some malformed packets, which is no Exception (gufo-snmp 0.13.0).
        if type(error).__name__ != "PanicException":
            raise
        refuse(Protocol.SNMP, Flaw.MALFORMED)
        raise NonsenseError("malformed") from error
