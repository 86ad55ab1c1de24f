"""What programs are told: the inventory without its secrets' references, findings in the language asked for."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field

from inventory.model import (
    Building,
    CryptoProfileName,
    Device,
    DeviceKind,
    DeviceStatus,
    Office,
    OfficeKind,
    Platform,
    ProtectionLevel,
    Wan,
    WanRole,
)
from monitor.compliance.model import Basis, Coverage, Evidence, Finding, Report, Result, Severity, Waived
from monitor.results import DeviceReading, LinkReading, Measured, ProbeKind, ProbeResult, State, TunnelReading
from monitor.snmp.model import Figures, Polled

__all__ = [
    "BuildingView",
    "DeviceView",
    "FindingView",
    "LinkView",
    "OfficeView",
    "PolledView",
    "ProbeView",
    "ReportView",
    "TunnelView",
    "WatchView",
]

_SAID = "The failure it follows from, as tunnel:NAME, link:NAME or device:NAME; null while it follows from none."
Explained = Annotated[str | None, Field(description=_SAID)]


class OfficeView(BaseModel):
    """The office, and how much of it the inventory knows."""

    name: str
    title: str
    kind: OfficeKind
    protection: ProtectionLevel
    crypto: CryptoProfileName
    prefixes: tuple[str, ...] = Field(description="Everything inside, in CIDR notation.")
    buildings: int
    devices: int = Field(description="Itemised; `grouped` are known as a count only.")
    grouped: int
    managed: int = Field(description="Devices that fosa configures and watches.")
    tunnels: int

    @classmethod
    def of(cls, office: Office) -> OfficeView:
        """The view of an office."""
        return cls(
            name=office.name,
            title=office.title,
            kind=office.kind,
            protection=office.protection,
            crypto=office.crypto,
            prefixes=tuple(map(str, office.prefixes)),
            buildings=len(office.buildings),
            devices=len(office.devices),
            grouped=sum(group.count for group in office.groups),
            managed=len(office.managed),
            tunnels=len(office.tunnels),
        )


class WanView(BaseModel):
    """A line to the internet."""

    name: str
    provider: str
    role: WanRole
    device: str | None
    assumed: bool

    @classmethod
    def of(cls, wan: Wan) -> WanView:
        """The view of a line."""
        return cls(name=wan.name, provider=wan.provider, role=wan.role, device=wan.device, assumed=wan.assumed)


class BuildingView(BaseModel):
    """A building and its lines."""

    name: str
    title: str
    street: str | None
    prefix: str
    hub: bool
    wans: tuple[WanView, ...]

    @classmethod
    def of(cls, office: Office, building: Building) -> BuildingView:
        """The view of a building."""
        return cls(
            name=building.name,
            title=building.title,
            street=building.street,
            prefix=str(building.prefix),
            hub=building.hub,
            wans=tuple(WanView.of(wan) for wan in office.wans if wan.building == building.name),
        )


class PolledView(BaseModel):
    """How a device stands by SNMP, and what it answered."""

    state: State
    cause: str
    problems: tuple[str, ...] = Field(description="Everything that is wrong, the gravest first.")
    since: dt.datetime
    at: dt.datetime | None = Field(description="Of the last poll; null before the first.")
    seconds: float | None = Field(description="How long that poll took.")
    figures: Figures | None = Field(description="Of that poll, for one device at a time; null unless it answered.")

    @classmethod
    def of(cls, polled: Polled, *, whole: bool) -> PolledView:
        """The view of a poll, in the language in use; `whole` with the figures."""
        figures = polled.figures if whole else None
        return cls(
            state=polled.state,
            cause=str(polled.cause),
            problems=tuple(map(str, polled.problems)),
            since=polled.since,
            at=polled.at,
            seconds=polled.seconds,
            # What is not read to its end is among the problems, in words.
            figures=figures and figures.model_copy(update={"partial": ()}),
        )


class DeviceView(BaseModel):
    """A device of the inventory, and its reading where it is watched."""

    name: str
    kind: DeviceKind
    building: str
    room: str | None
    zone: str | None
    address: str | None
    platform: Platform | None
    vendor: str | None
    model: str | None
    status: DeviceStatus
    managed: bool
    assumed: bool
    emulated: bool = Field(description="A program answers in its place: there is no such device here.")
    reading: DeviceReading | None = Field(description="None for a device that is not watched.")
    polled: PolledView | None = Field(description="None for a device that is not read by SNMP.")
    explained_by: Explained = None

    @classmethod
    def of(
        cls,
        office: Office,
        device: Device,
        reading: DeviceReading | None,
        polled: PolledView | None = None,
        explained_by: str | None = None,
    ) -> DeviceView:
        """The view of a device."""
        return cls(
            name=device.name,
            kind=device.kind,
            building=device.building,
            room=device.room,
            zone=device.zone,
            address=str(device.address) if device.address else None,
            platform=device.platform,
            vendor=device.vendor,
            model=device.model,
            status=device.status,
            managed=device.managed,
            assumed=device.assumed,
            emulated=office.emulated(device.name),
            reading=reading,
            polled=polled,
            explained_by=explained_by,
        )


class TunnelView(BaseModel):
    """An expected tunnel and how it is."""

    name: str
    assumed: bool = Field(description="Nobody has confirmed that this tunnel exists as written.")
    reading: TunnelReading
    explained_by: Explained = None


class LinkView(LinkReading):
    """A line or a cable, and how it is."""

    explained_by: Explained = None


class ProbeView(BaseModel):
    """An expected probe and what it found."""

    name: str = Field(description="What /debug/probe/NAME asks for.")
    kind: ProbeKind
    subject: str = Field(description="What of the inventory it speaks of: channel:NAME, tunnel:NAME, device:NAME.")
    target: str
    state: State
    cause: str
    since: dt.datetime
    age_s: float | None = Field(description="Of the answer, or of the silence; null before the first.")
    seconds: float | None
    measured: tuple[Measured, ...]
    explained_by: Explained = None

    @classmethod
    def of(cls, probe: ProbeResult, explained_by: str | None = None) -> ProbeView:
        """The view of a probe, in the language in use."""
        return cls(
            name=probe.name,
            kind=probe.kind,
            subject=probe.subject,
            target=probe.target,
            state=probe.state,
            cause=str(probe.cause),
            since=probe.since,
            age_s=probe.age_s,
            seconds=probe.seconds,
            measured=probe.measured,
            explained_by=explained_by,
        )


class FindingView(BaseModel):
    """What one rule says of one asset."""

    rule: str
    rule_version: int
    severity: Severity
    asset: str
    result: Result
    message: str
    fix: str | None
    waived: Waived | None = Field(default=None, description="The exception a failure is let be by; it stays one.")
    evidence: tuple[Evidence, ...]

    @classmethod
    def of(cls, finding: Finding) -> FindingView:
        """The view of a finding, in the language in use."""
        return cls(
            rule=finding.rule,
            rule_version=finding.rule_version,
            severity=finding.severity,
            asset=finding.asset,
            result=finding.result,
            message=str(finding.message),
            fix=str(finding.fix) if finding.fix else None,
            waived=finding.waived,
            evidence=finding.evidence,
        )


class ReportView(BaseModel):
    """A check without its findings and clauses, which have routes of their own."""

    office: str
    title: str
    made_at: dt.datetime
    basis: tuple[Basis, ...]
    catalogue: str = Field(description="Name and version. A draft: its wording paraphrases the law.")
    profile: str
    coverage: Coverage
    results: dict[Result, int] = Field(description="How many findings have which result.")
    problems: tuple[str, ...]

    @classmethod
    def of(cls, report: Report) -> ReportView:
        """The view of a report, in the language in use."""
        results = [finding.result for finding in report.findings]
        return cls(
            office=report.office,
            title=report.title,
            made_at=report.made_at,
            basis=report.basis,
            catalogue=report.catalogue,
            profile=report.profile,
            coverage=report.coverage,
            results={result: results.count(result) for result in Result if result in results},
            problems=tuple(map(str, report.problems)),
        )


class WatchView(BaseModel):
    """How the watch itself is."""

    silent_s: float | None = Field(description="Seconds since it was last heard of; null when it never was.")
    began: dt.datetime
    at: dt.datetime = Field(description="When its last picture was made.")
    round: int
    problems: tuple[str, ...]
    store_problem: str = Field(description="Empty while the store can be read and written.")
    maintenance: str = Field(description="Why the office is in maintenance; empty when it is not.")
