"""Proposals that an inventory can hold: what its own checks refuse is told with its row, and left out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from api.imports.merge import Merged, Proposal
from api.imports.places import Places
from inventory.checks import check
from inventory.explain import explain
from inventory.faults import Severity
from inventory.model import Device, Office, Room
from inventory.plain import Path, Value
from inventory.words import gettext as _

__all__ = ["sound"]


def sound(
    merged: Merged, devices: Mapping[str, Mapping[str, Value]], places: Places, today: dt.date
) -> tuple[list[Proposal], list[Room]]:
    """What can be written without an error: devices, and the rooms they stand in. The others become unclear."""
    kept = [each for each in merged.proposals if not _refused(merged, each, _whole(each, devices))]
    while True:
        office = _office(places, kept, devices)
        culprits = {id(proposal): (proposal, why) for proposal, why in _culprits(office, kept, today)}
        if not culprits:
            used = {device.room for device in office.devices}
            return kept, [room for room in places.rooms.values() if room.name in used]
        milder = (_milder(merged, *culprits[id(each)]) if id(each) in culprits else each for each in kept)
        kept = [each for each in milder if each is not None]


def _milder(merged: Merged, proposal: Proposal, why: str) -> Proposal | None:
    """The same without its platform, as a switch that fosa does not configure; None where that is no help."""
    if "platform" not in proposal.fields:
        _unclear(merged, proposal, why)
        return None
    said = _("fosa cannot configure it yet, it comes in without its platform: {why}").format(why=why)
    merged.doubt(proposal.found, said, _("put that right, and import it again"), taken=True)
    fields = {key: value for key, value in proposal.fields.items() if key != "platform"}
    merged.unchanged += not fields
    return replace(proposal, fields=fields) if fields else None


def _whole(proposal: Proposal, devices: Mapping[str, Mapping[str, Value]]) -> Mapping[str, Value]:
    return {**devices.get(proposal.name, {}), **proposal.fields}


def _refused(merged: Merged, proposal: Proposal, device: Mapping[str, Value]) -> bool:
    try:
        Device.model_validate_json(json.dumps(device), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[0]
        found: Value = dict(device)
        for step in details["loc"]:
            found = _inside(found, step)
        placed = details.copy()
        placed["loc"] = ("devices", 0, *details["loc"])
        why = f"{'.'.join(map(str, details['loc']))} {explain(placed, found) or details['msg']}"
        _unclear(merged, proposal, why)
        return True
    return False


def _inside(value: Value, step: str | int) -> Value:
    if isinstance(value, dict):
        return value.get(str(step))
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _office(places: Places, kept: list[Proposal], devices: Mapping[str, Mapping[str, Value]]) -> Office:
    """The office as it would be. Those that change stand last: of two that clash it is then they that are told."""
    changed = {each.name for each in kept}
    others = [device for device in places.office.devices if device.name not in changed]
    new = [Device.model_validate_json(json.dumps(_whole(each, devices)), strict=True) for each in kept]
    rooms = (*places.office.rooms, *places.rooms.values())
    return places.office.model_copy(update={"devices": (*others, *new), "rooms": rooms})


def _culprits(office: Office, kept: list[Proposal], today: dt.date) -> Iterator[tuple[Proposal, str]]:
    first = len(office.devices) - len(kept)
    for problem in check(office, today):
        match problem.path:
            case ("devices", int(place), *_rest) if problem.severity is Severity.ERROR and place >= first:
                yield kept[place - first], f"{_key(problem.path)}{problem.message}"


def _key(path: Path) -> str:
    return "".join(f"{step}: " for step in path[2:3])


def _unclear(merged: Merged, proposal: Proposal, why: str) -> None:
    merged.doubt(proposal.found, why, _("correct it in the source or in the inventory"), taken=False)
