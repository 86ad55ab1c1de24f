"""`/api/v1`: the office, what is watched of it and what was judged, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeVar

from fastapi import APIRouter, HTTPException, Query

from api.picture import Explainer, Pictures
from api.problems import documented
from api.routes.page import Asked, Page
from api.routes.tongue import Spoken
from api.routes.views import (
    BuildingView,
    DeviceView,
    FindingView,
    LinkView,
    OfficeView,
    PolledView,
    ProbeView,
    ReportView,
    TunnelView,
    WatchView,
)
from inventory.model import DeviceKind
from inventory.words import speaking
from monitor.compliance.model import ClauseFinding, ClauseStatus, Report, Result, Severity
from monitor.results import Event, ProbeKind, State, TunnelReading

__all__ = ["router"]

_T = TypeVar("_T")

Name = Annotated[str | None, Query(max_length=64)]


def router(pictures: Pictures) -> APIRouter:
    """The routes that read these pictures."""
    routes = APIRouter(prefix="/api/v1", responses=documented(400, 422))
    explainer = Explainer()
    _inventory(routes, pictures, explainer)
    _watched(routes, pictures, explainer)
    _judged(routes, pictures)
    return routes


def _inventory(routes: APIRouter, pictures: Pictures, explainer: Explainer) -> None:
    @routes.get("/office")
    async def office() -> OfficeView:
        """The office, and how much of it the inventory knows."""
        return OfficeView.of(pictures.now().office)

    @routes.get("/buildings")
    async def buildings(window: Asked) -> Page[BuildingView]:
        """Its buildings, with their lines to the internet."""
        office = pictures.now().office
        return window.of([BuildingView.of(office, building) for building in office.buildings])

    @routes.get("/devices")
    async def devices(
        window: Asked,
        spoken: Spoken,
        building: Name = None,
        kind: DeviceKind | None = None,
        managed: bool | None = None,
    ) -> Page[DeviceView]:
        """Its devices; those that are watched or read by SNMP with how they stand, without their figures."""
        with speaking(spoken):
            return window.of(
                [
                    device
                    for device in _devices(pictures, explainer)
                    if (building is None or device.building == building)
                    and (kind is None or device.kind is kind)
                    and (managed is None or device.managed is managed)
                ]
            )

    @routes.get("/devices/{name}", responses=documented(404))
    async def device(name: str, spoken: Spoken) -> DeviceView:
        """One device, with what it answers by SNMP."""
        with speaking(spoken):
            return _found(_devices(pictures, explainer, name), "device", name)


def _watched(routes: APIRouter, pictures: Pictures, explainer: Explainer) -> None:
    @routes.get("/tunnels")
    async def tunnels(window: Asked, state: State | None = None) -> Page[TunnelView]:
        """The expected tunnels, whatever happens to be up."""
        found = _tunnels(pictures, explainer)
        return window.of([tunnel for tunnel in found if state is None or tunnel.reading.state is state])

    @routes.get("/tunnels/{name}", responses=documented(404))
    async def tunnel(name: str) -> TunnelView:
        """One tunnel."""
        return _found((tunnel for tunnel in _tunnels(pictures, explainer) if tunnel.name == name), "tunnel", name)

    @routes.get("/links")
    async def links(window: Asked, state: State | None = None) -> Page[LinkView]:
        """Lines and cables that end on a gateway."""
        now = pictures.now()
        explained = explainer.explained(now)
        return window.of(
            [
                LinkView(**dict(link), explained_by=explained.get(f"link:{link.link}"))
                for link in now.watched.links
                if state is None or link.state is state
            ]
        )

    @routes.get("/probes")
    async def probes(
        window: Asked, spoken: Spoken, kind: ProbeKind | None = None, state: State | None = None, subject: Name = None
    ) -> Page[ProbeView]:
        """The expected probes, whatever happens to answer, each with its cause."""
        now = pictures.now()
        explained = explainer.explained(now)
        with speaking(spoken):
            return window.of(
                [
                    ProbeView.of(probe, explained.get(f"probe:{probe.name}"))
                    for probe in now.watched.probes
                    if (kind is None or probe.kind is kind)
                    and (state is None or probe.state is state)
                    and (subject is None or probe.subject == subject)
                ]
            )

    @routes.get("/events")
    async def events(window: Asked, subject: Name = None) -> Page[Event]:
        """What changed, the newest first."""
        return window.of([event for event in pictures.now().events if subject is None or event.subject == subject])

    @routes.get("/watch")
    async def watch() -> WatchView:
        """How the watch itself is, and the store, and whether there is maintenance."""
        now = pictures.now()
        return WatchView(
            silent_s=now.silent_s,
            began=now.watched.began,
            at=now.watched.at,
            round=now.watched.round,
            problems=now.watched.problems,
            store_problem=now.store_problem,
            maintenance=now.maintenance,
        )


def _judged(routes: APIRouter, pictures: Pictures) -> None:
    @routes.get("/report", responses=documented(404))
    async def report(spoken: Spoken) -> ReportView:
        """The newest check; its findings and clauses have routes of their own."""
        with speaking(spoken):
            return ReportView.of(_report(pictures))

    @routes.get("/findings", responses=documented(404))
    async def findings(
        window: Asked,
        spoken: Spoken,
        result: Result | None = None,
        severity: Severity | None = None,
        asset: Name = None,
    ) -> Page[FindingView]:
        """What the newest check found, `unknown` among it: that is never a pass."""
        fitting = [
            finding
            for finding in _report(pictures).findings
            if (result is None or finding.result is result)
            and (severity is None or finding.severity is severity)
            and (asset is None or finding.asset == asset)
        ]
        with speaking(spoken):
            return window.of([FindingView.of(finding) for finding in fitting])

    @routes.get("/clauses", responses=documented(404))
    async def clauses(window: Asked, status: ClauseStatus | None = None) -> Page[ClauseFinding]:
        """How the clauses of the (draft) catalogue stand."""
        found = _report(pictures).clauses
        return window.of([clause for clause in found if status is None or clause.status is status])


def _devices(pictures: Pictures, explainer: Explainer, name: str | None = None) -> Iterator[DeviceView]:
    """All devices, or the one of that name, which is shown whole."""
    now = pictures.now()
    explained = explainer.explained(now)
    readings = {reading.device: reading for reading in now.watched.devices}
    for device in now.office.devices:
        if name is None or device.name == name:
            polled = now.polled.get(device.name)
            shown = None if polled is None else PolledView.of(polled, whole=name is not None)
            cause = explained.get(f"device:{device.name}")
            yield DeviceView.of(now.office, device, readings.get(device.name), shown, cause)


def _tunnels(pictures: Pictures, explainer: Explainer) -> list[TunnelView]:
    now = pictures.now()
    explained = explainer.explained(now)
    readings: dict[str, TunnelReading] = {reading.tunnel: reading for reading in now.watched.tunnels}
    return [
        TunnelView(
            name=tunnel.name,
            assumed=tunnel.assumed,
            reading=readings[tunnel.name],
            explained_by=explained.get(f"tunnel:{tunnel.name}"),
        )
        for tunnel in now.office.tunnels
        if tunnel.name in readings
    ]


def _report(pictures: Pictures) -> Report:
    report = pictures.now().report
    if report is None:
        raise HTTPException(404, "nothing has been checked yet")
    return report


def _found(things: Iterator[_T], kind: str, name: str) -> _T:
    for thing in things:
        return thing
    raise HTTPException(404, f"the inventory has no {kind} {name}")
