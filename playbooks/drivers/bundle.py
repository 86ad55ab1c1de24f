"""A device's files as the gate takes them: with placeholders on a disk, with secrets only on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from templates.secret import fill

if TYPE_CHECKING:
    from pydantic import SecretStr

    from playbooks.drivers.base import Bundle

__all__ = ["opened", "sealed"]


def sealed(bundle: Bundle) -> str:
    """The bundle as JSON text with placeholders in the places of secrets; fit for a disk."""
    files = [{"path": file.path, "mode": file.mode, "text": file.text} for file in bundle.files]
    return json.dumps({"files": files}, indent=1)


def opened(text: str, get: Callable[[str], SecretStr]) -> bytes:
    """What the gate reads: the sealed text with its secrets filled in. Never write it to a disk."""
    files = [{**file, "text": fill(file["text"], get)} for file in json.loads(text)["files"]]
    return json.dumps({"files": files}).encode()
