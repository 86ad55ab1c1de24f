"""The JSON Schema of one file of an inventory, for editors."""

from __future__ import annotations

import re

from inventory.model import Office

__all__ = ["schema"]

_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"


def schema() -> dict[str, object]:
    """JSON Schema (2020-12) of one file: a part of an office, so nothing is required at the top.

    Unknown keys are refused at every level, as the loader refuses them.
    """
    document = _portable(Office.model_json_schema(by_alias=True))
    document.pop("required", None)
    document["title"] = "fosa inventory"
    document["description"] = "One file of an inventory folder. The lists of all files are joined."
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}


def _portable(node: dict[str, object]) -> dict[str, object]:
    found = {key: _converted(key, value) for key, value in node.items()}
    if isinstance(found.get("title"), str):
        del found["title"]  # only the key's name once more, which hides the description in some editors
    if found.get("format") == "time":
        # The format means a time with seconds and zone; an office opens at 07:30.
        del found["format"]
        found["pattern"] = _TIME
    return found


def _converted(key: str, value: object) -> object:
    if key == "pattern" and isinstance(value, str):
        # Python's end-of-text mark and names of groups are unknown to editors; `$` means the same.
        return re.sub(r"\(\?P<\w+>", "(", value.replace(r"\Z", "$"))
    if isinstance(value, dict):
        return _portable(value)
    if isinstance(value, list):
        return [_converted("", item) for item in value]
    return value
