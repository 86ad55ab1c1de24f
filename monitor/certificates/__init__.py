"""Certificates, their chains, and whether they are revoked: read strictly, judged purely. Imported only where used."""
