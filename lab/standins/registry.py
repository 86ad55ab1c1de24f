"""Who answers for certificates and for the time, as stand-ins: an OCSP responder, a revocation list, stamps.

What is said of certificates was signed beforehand (`lab.standins.papers`); stamps are OpenSSL's own.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from lab.standins.mood import Mood

__all__ = ["GOOD", "REFUSING", "REVOKED", "STALE", "STAMPING", "listed", "said", "stamped"]

GOOD, REVOKED, STALE = "good", "revoked", "stale"
"""Endings of answers about one certificate, `NUMBER.good`; and names of lists."""
STAMPING, REFUSING = "stamping.cnf", "refusing.cnf"
_STAMP_S = 10.0
_SILENT = frozenset({Mood.UNSAID, Mood.STALE})


def said(folder: Path, question: bytes, mood: Mood) -> bytes | None:
    """The OCSP answer to a question; None where nothing is said."""
    if mood in _SILENT:
        return None
    for good in folder.glob(f"*.{GOOD}"):
        # The number stands in the question as it is (RFC 6960, section 4.1.1), and 20 random bytes stand nowhere else.
        if bytes.fromhex(good.stem) in question:
            revoked = good.with_suffix(f".{REVOKED}")
            return (revoked if mood is Mood.REVOKED and revoked.exists() else good).read_bytes()
    return None


def listed(folder: Path, mood: Mood) -> bytes:
    """The revocation list."""
    which = {Mood.REVOKED: REVOKED, Mood.STALE: STALE}.get(mood, GOOD)
    return (folder / f"{which}.crl").read_bytes()


def stamped(folder: Path, question: bytes, mood: Mood) -> bytes | None:
    """What OpenSSL, as a time-stamp authority, answers (RFC 3161), a refusal among it; None where it fails."""
    configuration = REFUSING if mood is Mood.UNSTAMPED else STAMPING
    with tempfile.TemporaryDirectory(dir=folder) as own:
        query, reply = Path(own) / "query", Path(own) / "reply"
        query.write_bytes(question)
        argv = ["openssl", "ts", "-reply", "-queryfile", str(query), "-out", str(reply)]
        argv += ["-config", str(folder / configuration)]
        argv += ["-signer", str(folder / "tsa.pem"), "-inkey", str(folder / "tsa.key")]
        try:
            subprocess.run(argv, cwd=own, capture_output=True, timeout=_STAMP_S, check=True)
        except subprocess.SubprocessError:
            return None
        return reply.read_bytes()
