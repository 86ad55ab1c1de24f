"""The desk of the office a command works on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from api.cli.office import settings

if TYPE_CHECKING:
    from api.desk.client import Client

__all__ = ["desk"]


def desk() -> Client:
    """A client of the service of the state folder in use. `FOSA_TOKEN` proves who asks, else the kernel does."""
    from api.desk.client import Client
    from api.serve.place import Place

    return Client(Place.of(settings().state).desk, token=os.environ.get("FOSA_TOKEN", ""))
