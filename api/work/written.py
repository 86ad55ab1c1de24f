"""How the engine writes things down: as JSON. Nothing that is read from its database can become code."""

from __future__ import annotations

import json

from dbos import Serializer

__all__ = ["Plain"]


class Plain(Serializer):
    """Arguments and results are texts; of an error stays what it says."""

    def serialize(self, data: object) -> str:
        """JSON; TypeError for what is neither plain nor an error."""
        return json.dumps({"error": f"{type(data).__name__}: {data}"} if isinstance(data, BaseException) else data)

    def deserialize(self, serialized_data: str) -> object:
        """The plain value; an error comes back as one that only says what it was."""
        found = json.loads(serialized_data)
        return RuntimeError(found["error"]) if isinstance(found, dict) and set(found) == {"error"} else found

    def name(self) -> str:
        """What stands beside each value in the database."""
        return "fosa_json"
