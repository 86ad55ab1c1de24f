"""The schema editors use says what the loader says."""

import json
import re
from collections.abc import Iterator

from inventory.model import Office
from inventory.schema import schema


def nodes(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_describes_one_file_of_many() -> None:
    document = schema()
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["additionalProperties"] is False
    assert "required" not in document
    properties = document["properties"]
    assert isinstance(properties, dict)
    assert set(properties) == set(Office.model_fields)


def test_refuses_unknown_keys_at_every_level() -> None:
    objects = [node for node in nodes(schema()) if "properties" in node and node.get("type") == "object"]
    assert len(objects) > 25
    assert all(node["additionalProperties"] is False for node in objects)


def test_names_keys_as_people_write_them() -> None:
    definitions = schema()["$defs"]
    assert isinstance(definitions, dict)
    assert {"from", "to"} <= set(definitions["Flow"]["properties"])


def test_has_only_patterns_that_editors_understand() -> None:
    patterns = [node["pattern"] for node in nodes(schema()) if isinstance(node.get("pattern"), str)]
    assert len(patterns) > 20
    for pattern in patterns:
        assert isinstance(pattern, str)
        assert r"\Z" not in pattern
        assert "(?P" not in pattern
        re.compile(pattern)


def test_is_plain_json() -> None:
    assert json.loads(json.dumps(schema())) == schema()
