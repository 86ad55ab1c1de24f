"""Where certificates and revocation lists lie in the ledger."""

from __future__ import annotations

from api.keys.model import Certificate, Delivered, Revocations, SharedKey
from api.store.ledger import Shelf

__all__ = ["CERTIFICATES", "DELIVERED", "OFFICE", "REVOCATIONS", "SHARED_KEYS"]

CERTIFICATES = Shelf("certificate", Certificate, lambda certificate: certificate.known.value)
REVOCATIONS = Shelf("revocations", Revocations)
DELIVERED = Shelf("delivered", Delivered)
SHARED_KEYS = Shelf("shared key", SharedKey)
"""By tunnel."""
OFFICE = "office"
"""The key of the one document on the shelf of revocations."""
