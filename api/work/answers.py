"""A wave's answers as one line of JSON and back: what the engine writes down of a step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from playbooks.drivers.base import Armed
from playbooks.order import Answer, Backup, Fault, Kept, Ready, TakenBack, Well

__all__ = ["read", "written"]

_KINDS: Mapping[str, type[Answer]] = {
    kind.__name__: kind for kind in (Armed, Backup, Fault, Kept, Ready, TakenBack, Well)
}


def written(answers: Mapping[str, Answer]) -> str:
    """Device -> [kind, particulars]. None of them holds a secret: digests and sentences only."""
    return json.dumps(
        {
            device: [type(answer).__name__, _adapter(type(answer).__name__).dump_python(answer, mode="json")]
            for device, answer in answers.items()
        }
    )


def read(text: str) -> dict[str, Answer]:
    """The answers again."""
    return {device: _adapter(kind).validate_python(value) for device, (kind, value) in json.loads(text).items()}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])
