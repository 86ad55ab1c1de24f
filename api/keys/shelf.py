"""Where certificates and revocation lists lie in the ledger."""

from __future__ import annotations

from api.keys.model import Certificate, Delivered, Revocations
from api.store.ledger import Shelf

__all__ = ["CERTIFICATES", "DELIVERED", "OFFICE", "REVOCATIONS"]

CERTIFICATES = Shelf("certificate", Certificate, lambda certificate: certificate.known.value)
REVOCATIONS = Shelf("revocations", Revocations)
DELIVERED = Shelf("delivered", Delivered)
OFFICE = "office"
"""The key of the one document on the shelf of revocations."""
