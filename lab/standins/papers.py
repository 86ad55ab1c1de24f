"""What is said of certificates and of the time by stand-ins, written when a practice office is built.

Everything but the stamps is signed here, so that nobody who only stands in holds an authority's key.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509

from lab.pki import Authority, Credentials
from lab.standins.registry import GOOD, REFUSING, REVOKED, STALE, STAMPING

__all__ = ["prepare"]

_CONFIGURATION = """\
[tsa]
default_tsa = stand_in
[stand_in]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
accuracy = secs:1
ess_cert_id_alg = sha256
"""
"""`man openssl-ts`. A request for another digest than these is rejected."""


def prepare(folder: Path, authority: Authority, hosts: Iterable[Credentials], others: Iterable[Credentials]) -> None:
    """Write what will be said of certificates of hosts, which may come to be revoked, and of others, which may not."""
    folder.mkdir(mode=0o700)
    hosts = tuple(hosts)
    for each in hosts:
        (folder / f"{_serial(each)}.{REVOKED}").write_bytes(authority.vouches(each, revoked=True))
    for each in (*hosts, *others):
        (folder / f"{_serial(each)}.{GOOD}").write_bytes(authority.vouches(each))
    (folder / f"{GOOD}.crl").write_text(authority.revocations(1))
    (folder / f"{REVOKED}.crl").write_text(authority.revocations(2, *hosts))
    (folder / f"{STALE}.crl").write_text(authority.revocations(1, days=(-30, -1)))
    stamper = authority.stamper("Stand-in for time-stamps", "Stand-in, not the platform")
    (folder / "tsa.pem").write_text(stamper.certificate)
    (folder / "tsa.key").write_text(stamper.key)
    (folder / STAMPING).write_text(_CONFIGURATION.format(digests="sha256, sha384, sha512"))
    (folder / REFUSING).write_text(_CONFIGURATION.format(digests="sha1"))


def _serial(credentials: Credentials) -> str:
    number = x509.load_pem_x509_certificate(credentials.certificate.encode()).serial_number
    return number.to_bytes((number.bit_length() + 7) // 8, "big").hex()
