"""`/api/v1/sd/prometheus`: what there is to scrape, as Prometheus' HTTP service discovery asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field

from api.picture import Pictures
from api.problems import documented
from inventory.model import Device, DeviceKind, DeviceStatus, Office

__all__ = ["router"]

_OF_A_DEVICE = ("building", "room", "zone", "platform", "vendor", "model")


class Role(StrEnum):
    """What is looked for."""

    FOSA = "fosa"
    """fosa's own metrics."""
    DEVICE = "device"
    """Devices in use that have an address, for exporters of other makers."""


class Target(BaseModel):
    """A group of targets (prometheus.io/docs/prometheus/latest/http_sd)."""

    targets: tuple[str, ...] = Field(description="Addresses, of fosa with its port.")
    labels: dict[str, str] = Field(description="`__meta_fosa_*`: for relabelling; they are not kept by themselves.")


def router(pictures: Pictures) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/api/v1/sd", responses=documented(400, 422))

    @routes.get("/prometheus")
    async def discovered(
        host: Annotated[str, Header(include_in_schema=False)] = "",
        role: Annotated[Role, Query(description="fosa itself, or the devices of the inventory.")] = Role.FOSA,
        kind: Annotated[DeviceKind | None, Query(description="Only devices of this kind.")] = None,
    ) -> list[Target]:
        """What there is to scrape, for `http_sd_configs`."""
        office = pictures.now().office
        if role is Role.FOSA:
            # By the name it was asked by: no other is known to lead here.
            return [Target(targets=(host,), labels=_labelled(office=office.name, role=role.value))]
        return [_target(office, device) for device in _addressed(office) if kind is None or device.kind is kind]

    return routes


def _addressed(office: Office) -> Iterator[Device]:
    for device in office.devices:
        if device.address is not None and device.status is DeviceStatus.IN_USE:
            yield device


def _target(office: Office, device: Device) -> Target:
    said = {name: str(getattr(device, name) or "") for name in _OF_A_DEVICE}
    labels = _labelled(office=office.name, role=Role.DEVICE.value, device=device.name, kind=device.kind.value, **said)
    return Target(targets=(str(device.address),), labels=labels)


def _labelled(**labels: str) -> dict[str, str]:
    return {f"__meta_fosa_{name}": value for name, value in labels.items()}
