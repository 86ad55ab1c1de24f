"""One call of a SOAP operation, worked out in a process of its own: what strangers wrote is read here, by zeep.

Run as a program by `monitor.probes.operation`. It speaks to nobody but its parent, a line of JSON each way:
`{"get": URL}` or `{"post": URL, "headers": {...}, "body": BASE64}`, answered by `{"status": 200, "media": ...,
"body": BASE64}` or `{"refused": ...}`; at last `{"end": ENDING, "words": ...}`. However much a description unfolds to,
only this process ends of it.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["LINE_BYTES", "Ending", "main"]

LINE_BYTES = 4 << 20
_MEMORY_BYTES = 512 << 20
_SECONDS = 15
_WORDS = 500


class Ending(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    FAULT = "fault"
    """The service answers that something is wrong, in SOAP's way."""
    MISSING = "missing"
    """The description has no such operation."""
    UNFIT = "unfit"
    """The operation wants something to be given: it is no canary."""
    ELSEWHERE = "elsewhere"
    """The description leads to another host."""
    BROKEN = "broken"
    """The description or the answer cannot be read."""


class _ElsewhereError(Exception):
    """The parent does not go there."""


@dataclass(frozen=True, slots=True)
class _Response:
    """An answer as zeep reads it from requests."""

    status_code: int
    content: bytes
    headers: dict[str, str]
    encoding: str = "utf-8"


def main() -> int:
    """Read `{"wsdl": URL, "operation": NAME}` from standard input, ask through the parent, and say how it ended."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    # Nothing is written anywhere.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    wish = _heard()
    ending, words = _called(str(wish["wsdl"]), str(wish["operation"]))
    _tell({"end": ending.value, "words": words[:_WORDS]})
    return 0


def _called(wsdl: str, operation: str) -> tuple[Ending, str]:
    from zeep.exceptions import Fault, ValidationError

    try:
        client = _client(wsdl)
        if operation not in _operations(client):
            return Ending.MISSING, operation
        client.service[operation]()
    except _ElsewhereError as error:
        return Ending.ELSEWHERE, str(error)
    except Fault as error:
        return Ending.FAULT, str(error.message)
    except (ValidationError, TypeError) as error:
        return Ending.UNFIT, str(error)
    except Exception as error:  # noqa: BLE001  whatever a stranger's text does to its reader, this is what came of it
        return Ending.BROKEN, f"{type(error).__name__}: {error}"
    return Ending.ANSWERED, ""


def _client(wsdl: str) -> Any:  # noqa: ANN401  zeep has few types
    from zeep import Client, Settings
    from zeep.transports import Transport

    class Parent(Transport):
        """Asks the parent, and opens neither files nor connections."""

        def load(self, url: str) -> bytes:
            return _asked({"get": str(url)}).content

        def post(self, address: str, message: bytes, headers: dict[str, str]) -> _Response:
            body = base64.b64encode(message).decode("ascii")
            return _asked({"post": str(address), "headers": headers, "body": body})

    settings = Settings(forbid_dtd=True, forbid_entities=True)
    return Client(wsdl, transport=Parent(), settings=settings)  # type: ignore[no-untyped-call]  # zeep has few types


def _operations(client: Any) -> set[str]:  # noqa: ANN401
    """Of the first port of the first service, which is what zeep calls."""
    binding = client.service._binding
    return set(binding._operations)


def _asked(question: dict[str, object]) -> _Response:
    _tell(question)
    answer = _heard()
    if "refused" in answer:
        raise _ElsewhereError(str(answer["refused"]))
    return _Response(
        int(str(answer["status"])), base64.b64decode(str(answer["body"])), {"Content-Type": str(answer["media"])}
    )


def _heard() -> dict[str, object]:
    line = sys.stdin.buffer.readline(LINE_BYTES)
    said = json.loads(line)
    if not isinstance(said, dict):
        raise TypeError("a parent that says nothing")
    return said


def _tell(what: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(what).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
