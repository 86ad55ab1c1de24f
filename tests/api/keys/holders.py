"""Gateways' keys in memory: real keys and requests, checked as a gate checks them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from api.keys.authority import LIST_DAYS
from playbooks.drivers.base import Failure, FailureKind
from templates.linux_gateway.gate.managed import REVOCATIONS

__all__ = ["GONE", "MemoryKeys", "request"]

GONE = Failure(FailureKind.UNREACHABLE, "no answer in time")


def request(name: str, key: ec.EllipticCurvePrivateKey | None = None) -> str:
    """A request for a certificate, PEM."""
    private = key or ec.generate_private_key(ec.SECP384R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    )
    return builder.sign(private, hashes.SHA384()).public_bytes(Encoding.PEM).decode()


@dataclass
class MemoryKeys:
    """Holds what a gateway holds; `failure` is what it answers to everything."""

    files: dict[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    made: dict[str, str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    def request(self, name: str) -> str | Failure:
        """The same for the same name."""
        return self.failure or self.made.setdefault(name, request(name))

    def certificates(self) -> Mapping[str, str] | Failure:
        """All files."""
        return self.failure or dict(self.files)

    def revoke(self, revocations: str) -> int | Failure:
        """Only newer lists."""
        if self.failure:
            return self.failure
        number = number_of(revocations)
        if REVOCATIONS in self.files and number < number_of(self.files[REVOCATIONS]):
            return Failure(FailureKind.MOVED, "the device has a newer list")
        self.files[REVOCATIONS] = revocations
        return number

    def reauthenticate(self, connection: str) -> bool | Failure:
        """Noted."""
        self.ended.append(connection)
        return self.failure or True

    @property
    def revoked(self) -> set[str]:
        """The serial numbers on its list."""
        return {f"{entry.serial_number:x}" for entry in x509.load_pem_x509_crl(self.files[REVOCATIONS].encode())}


def number_of(revocations: str) -> int:
    """A list's number; it must be good on that day and long after."""
    found = x509.load_pem_x509_crl(revocations.encode())
    until = found.next_update_utc
    assert until is not None
    assert until - found.last_update_utc == dt.timedelta(days=LIST_DAYS)
    return found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
