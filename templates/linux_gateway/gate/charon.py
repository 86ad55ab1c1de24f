"""What charon says, as text and as states."""

from __future__ import annotations

from collections.abc import Iterator

from .tools import run

Tree = dict[str, object]


def loaded() -> str | None:
    """What charon has loaded, as text; None when it does not answer."""
    said = run(["swanctl", "--list-conns", "--pretty"])
    return connections(said.text) if said.code == 0 else None


def connections(pretty: str) -> str:
    """What charon has loaded, as text that does not depend on the order of loading."""
    merged: Tree = {}
    for message in tree(pretty):
        merged.update(message)
    return "".join(f"{line}\n" for line in lines(merged))


def tunnels() -> dict[str, dict[str, object]]:
    """Connection -> state, children and packets, the best where one is there twice (during a rekeying)."""
    found: dict[str, dict[str, object]] = {}
    for message in tree(run(["swanctl", "--list-sas", "--pretty"]).text):
        for name, sa in message.items():
            children = sa.get("child-sas", {}) if isinstance(sa, dict) else {}
            if not isinstance(sa, dict) or found.get(name, {}).get("state") == "ESTABLISHED":
                continue
            states = {str(child.get("name", key)): child.get("state", "") for key, child in children.items()}
            found[name] = {"state": sa.get("state", ""), "children": states, "packets": packets(children)}
    return found


def packets(children: dict[str, dict[str, str]]) -> dict[str, int]:
    """How many packets the children have brought in and out. A rekeyed child begins at nothing."""
    told = {way: [child.get(f"packets-{way}", "") for child in children.values()] for way in ("in", "out")}
    return {way: sum(int(number) for number in numbers if number.isdecimal()) for way, numbers in told.items()}


def tree(text: str) -> list[Tree]:
    """The messages of `swanctl --pretty`, each as nested dictionaries and lists."""
    messages: list[Tree] = []
    nodes: list[object] = []
    for line in (raw.strip() for raw in text.splitlines()):
        if line in ("}", "]"):
            nodes.pop()
        elif line.endswith(("{", "[")):
            node: object = {} if line.endswith("{") else []
            if not nodes:
                messages.append(node if isinstance(node, dict) else {})
                nodes.append(messages[-1])
                continue
            put(nodes[-1], line[:-1].rstrip(" ="), node)
            nodes.append(node)
        elif nodes and line:
            key, equals, value = line.partition(" = ")
            put(nodes[-1], key if equals else line.rstrip(" ="), value if equals else "")
    return messages


def put(node: object, key: str, value: object) -> None:
    """Add to a list or a dictionary of a tree."""
    if isinstance(node, list):
        node.append(key if value == "" else f"{key} = {value}")
    elif isinstance(node, dict):
        node[key] = value


def lines(node: object, indent: str = "") -> Iterator[str]:
    """A tree as text: keys sorted, one value a line."""
    for key, value in sorted(node.items()) if isinstance(node, dict) else ():
        if isinstance(value, dict):
            yield f"{indent}{key}"
            yield from lines(value, indent + "  ")
        else:
            yield f"{indent}{key} = {', '.join(map(str, value)) if isinstance(value, list) else value}"
