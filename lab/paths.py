"""Where a lab keeps itself in the state folder, who owns it, and what it says about itself."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import cast

from inventory.errors import LabError
from inventory.words import gettext as _

__all__ = ["LabPaths", "NodeStatus", "Phase", "Status", "read_status", "require_root", "write_status"]

_NAME = re.compile(r"[a-z0-9]{1,8}\Z")


class Phase(StrEnum):
    """How far a lab is."""

    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LabPaths:
    """The files of one lab."""

    name: str
    state: Path

    @classmethod
    def of(cls, name: str, state: Path) -> LabPaths:
        """The paths of a lab; LabError when the name cannot be one."""
        if not _NAME.match(name):
            raise LabError(_("a lab's name is 1 to 8 letters a-z and digits, not {name}").format(name=name))
        return cls(name, state.absolute())

    @property
    def prefix(self) -> str:
        """What the names of its network namespaces begin with."""
        return f"fosa-{self.name}-"

    @property
    def folder(self) -> Path:
        """Everything of this lab."""
        return self.state / "labs" / self.name

    @property
    def daemons(self) -> Path:
        """The daemons all labs share."""
        return self.state / "daemons"

    @property
    def lock(self) -> Path:
        """Held by the process that owns the lab, for as long as it lives."""
        return self.folder / "owner.lock"

    @property
    def status(self) -> Path:
        """What the owner says about the lab."""
        return self.folder / "status.json"

    @property
    def office(self) -> Path:
        """The inventory fosa uses here: a copy, with access and secrets of its own."""
        return self.folder / "office"

    @property
    def log(self) -> Path:
        """What the keeper said."""
        return self.folder / "keeper.log"

    def device(self, name: str) -> Path:
        """The disk of a device."""
        return self.folder / "devices" / name


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """One node. `init` is the machine's number of its first process, 0 for a node without processes of its own."""

    name: str
    kind: str
    namespace: str
    building: str
    zone: str
    addresses: tuple[str, ...]
    init: int


@dataclass(frozen=True, slots=True)
class Status:
    """A lab as its keeper last described it."""

    name: str
    phase: Phase
    keeper: int
    step: str
    """What it is doing, or why it failed; for people."""
    office: str = ""
    manager: str = ""
    nodes: tuple[NodeStatus, ...] = field(default=())

    def node(self, name: str) -> NodeStatus:
        """The node of that name; LabError naming all when there is none."""
        for node in self.nodes:
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.nodes)
        raise LabError(
            _("there is no {name} in lab {lab}; there are: {known}").format(name=name, lab=self.name, known=known)
        )


def require_root() -> None:
    """LabError, in one line, for everybody who may not make network namespaces."""
    if os.geteuid() != 0:
        raise LabError(_("the practice office needs root, because it makes network namespaces; nothing was done"))


def write_status(paths: LabPaths, status: Status) -> None:
    """Replace the status as a whole: a reader sees the old or the new one."""
    new = paths.status.with_suffix(".new")
    new.write_text(json.dumps(asdict(status)))
    new.replace(paths.status)


def read_status(paths: LabPaths) -> Status | None:
    """What the lab last said about itself, or None when it has said nothing that can be read."""
    try:
        data = cast("dict[str, object]", json.loads(paths.status.read_text()))
        nodes = cast("list[dict[str, object]]", data.pop("nodes"))
        parsed = tuple(_node(node) for node in nodes)
        return Status(**{**data, "phase": Phase(str(data["phase"])), "nodes": parsed})  # type: ignore[arg-type]  # own file
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _node(data: dict[str, object]) -> NodeStatus:
    addresses = tuple(map(str, cast("list[object]", data["addresses"])))
    return NodeStatus(**{**data, "addresses": addresses})  # type: ignore[arg-type]  # our own file, written above
