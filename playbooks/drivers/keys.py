"""What a gateway does with its keys, beside being changed: it makes them, shows its certificates, takes new lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from inventory.model import Device, Office
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from playbooks.drivers.base import Bundle, BundleFile, Failure, FailureKind
from playbooks.drivers.gateway import Account, GatewayDriver
from templates.linux_gateway.gate.managed import REVOCATIONS

__all__ = ["REVOCATIONS", "GatewayKeys", "KeyHolder", "open_keys"]

_MOST = 64 * 1024


class KeyHolder(Protocol):
    """A device with keys of its own. Each call opens a connection of its own and may block for seconds."""

    def request(self, name: str) -> str | Failure:
        """A request for a certificate, PEM, of the key of that name, which is made on the device unless it is there.

        The name is 8 to 32 lower-case letters and digits.
        """
        ...

    def certificates(self) -> Mapping[str, str] | Failure:
        """Path -> PEM of every certificate and revocation list on it."""
        ...

    def revoke(self, revocations: str) -> int | Failure:
        """Take a revocation list, PEM, and go by it at once; its number. MOVED: the device has a newer one."""
        ...

    def reauthenticate(self, connection: str) -> bool | Failure:
        """End a connection so that both ends prove again who they are; whether it is up again already."""
        ...


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    mode: int
    text: str


@dataclass(frozen=True, slots=True)
class _Files:
    files: tuple[BundleFile, ...]


class GatewayKeys(GatewayDriver):
    """The same of a Linux gateway, by its gate."""

    def request(self, name: str) -> str | Failure:
        """By openssl on the gateway."""
        return self._text(f"newkey {name}", "request")

    def certificates(self) -> Mapping[str, str] | Failure:
        """By the read account."""
        answer = self._ask(Account.READ, "certificates")
        if isinstance(answer, Failure):
            return answer
        found = answer.get("certificates")
        if not isinstance(found, dict) or not all(
            isinstance(text, str) and len(text) <= _MOST for text in found.values()
        ):
            return _unclear("certificates")
        return {str(path): text for path, text in found.items()}

    def revoke(self, revocations: str) -> int | Failure:
        """Needs no window and no dead-man: the gate takes only newer lists of its own authority."""
        bundle: Bundle = _Files((_File(REVOCATIONS, 0o644, revocations),))
        answer = self._ask(Account.WRITE, "revocations", bundle)
        if isinstance(answer, Failure):
            return answer
        number = answer.get("number")
        return number if type(number) is int else _unclear("revocations")

    def reauthenticate(self, connection: str) -> bool | Failure:
        """Opened again by whichever end opens it."""
        answer = self._ask(Account.WRITE, f"reauthenticate {connection}")
        if isinstance(answer, Failure):
            return answer
        tunnel = answer.get("tunnel")
        return isinstance(tunnel, dict) and tunnel.get("state") == "ESTABLISHED"

    def _text(self, words: str, name: str) -> str | Failure:
        answer = self._ask(Account.WRITE, words)
        if isinstance(answer, Failure):
            return answer
        text = answer.get(name)
        return text if isinstance(text, str) and len(text) <= _MOST else _unclear(words)


def open_keys(office: Office, device: Device, secrets: SecretStore) -> KeyHolder | Failure:
    """The keys of a managed device; a Failure when the inventory does not say how to reach it."""
    from playbooks.drivers.linux import SshCarrier

    if (access := office.access_to(device.name)) is None:
        text = _("the inventory does not say how to reach {device} ({verb})")
        return Failure(FailureKind.UNREACHABLE, text.format(device=device.name, verb="keys"))
    return GatewayKeys(SshCarrier(access, secrets))


def _unclear(words: str) -> Failure:
    text = _("the device answers {verb} with what this version does not understand")
    return Failure(FailureKind.PROTOCOL, text.format(verb=words.partition(" ")[0]))
