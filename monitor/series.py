"""The samples of every metric. States and ages are always there; a reading only while its source is not `unknown`.

A number that nobody vouches for any more is left out, never repeated: a gap is a gap, in a graph and in an alert.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from monitor.channel import ChannelReading
from monitor.compliance.model import Report, Result, Severity
from monitor.exposition import Sample
from monitor.readings import FRESH_S
from monitor.refused import FLAWS
from monitor.results import Algorithms, EndReading, ProbeReading, SaReading, State, TunnelReading, Watched

__all__ = ["Samples", "Scene"]


@dataclass(frozen=True)
class Scene:
    """All that is exported, at one moment."""

    watched: Watched
    silent_s: float | None
    """Since the watch was last heard of; None when it never was."""
    report: Report | None
    version: str
    store_up: bool
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What needs what, as `inventory.depends` says it."""
    channels: tuple[ChannelReading, ...] = ()
    """The verdicts of `monitor.channel` on this picture."""
    explained: Mapping[str, str] = field(default_factory=dict)
    """What follows from what, as `monitor.explained` says it."""

    @cached_property
    def office(self) -> str:
        """The value of the label that every metric but the build bears."""
        return self.watched.office

    @property
    def ends(self) -> Iterator[tuple[TunnelReading, EndReading]]:
        """Every end of ours of every expected tunnel."""
        return ((tunnel, end) for tunnel in self.watched.tunnels for end in tunnel.ends)

    @cached_property
    def read(self) -> tuple[tuple[tuple[str, str, str], SaReading], ...]:
        """Office, tunnel, end, and what that end reports, where it is known."""
        return tuple(
            ((self.office, tunnel.tunnel, end.device), end.sa)
            for tunnel, end in self.ends
            if end.sa is not None and end.state is not State.UNKNOWN
        )


Samples = Callable[[Scene], Iterable[Sample]]


def build(scene: Scene) -> Iterable[Sample]:
    """The program itself."""
    return [((scene.version,), 1)]


def tunnel_up(scene: Scene) -> Iterable[Sample]:
    """1 only while proven."""
    return (((scene.office, t.tunnel), int(t.state.works)) for t in scene.watched.tunnels)


def tunnel_degraded(scene: Scene) -> Iterable[Sample]:
    """1 while it works badly; why says `tunnel_cause`."""
    return (((scene.office, t.tunnel), int(t.state is State.DEGRADED)) for t in scene.watched.tunnels)


def tunnel_cause(scene: Scene) -> Iterable[Sample]:
    """One series a tunnel, whose labels change."""
    return (((scene.office, t.tunnel, t.state.value, t.reason.value), 1) for t in scene.watched.tunnels)


def tunnel_setups(scene: Scene) -> Iterable[Sample]:
    """As seen from each end that is read."""
    return ((labels, sa.setups) for labels, sa in scene.read)


def tunnel_state(scene: Scene) -> Iterable[Sample]:
    """A series an end and state, one of them 1."""
    for tunnel, end in scene.ends:
        for state in State:
            yield (scene.office, tunnel.tunnel, end.device, state.value), int(end.state is state)


def tunnel_age(scene: Scene) -> Iterable[Sample]:
    """+Inf where nothing was ever read, so that an alert on old age sees it."""
    return (
        ((scene.office, tunnel.tunnel, end.device), math.inf if end.age_s is None else end.age_s)
        for tunnel, end in scene.ends
    )


def traffic(counted: Callable[[SaReading], int]) -> Samples:
    """A counter of every end that is read."""
    return lambda scene: ((labels, counted(sa)) for labels, sa in scene.read)


def rekeys(scene: Scene) -> Iterable[Sample]:
    """Of the IKE SA and of the child."""
    for labels, sa in scene.read:
        yield (*labels, "ike"), sa.ike_rekeys
        yield (*labels, "child"), sa.child_rekeys


def algorithms(scene: Scene) -> Iterable[Sample]:
    """What was negotiated, where something was."""
    for labels, sa in scene.read:
        yield from (((*labels, "ike", *_words(sa.ike)), 1),) if sa.ike else ()
        yield from (((*labels, "child", *_words(sa.child)), 1),) if sa.child else ()


def _words(used: Algorithms) -> tuple[str, ...]:
    return used.proposal, used.encryption, used.integrity, used.prf, used.group


def differences(scene: Scene) -> Iterable[Sample]:
    """Nothing for a tunnel none of whose ends is read: that no difference is known does not make it 0."""
    known = {labels[1] for labels, _ in scene.read}
    return (((scene.office, t.tunnel), len(t.differences)) for t in scene.watched.tunnels if t.tunnel in known)


def probed(number: Callable[[ProbeReading], float | None]) -> Samples:
    """A number of every probe that is known, where it has one."""

    def samples(scene: Scene) -> Iterable[Sample]:
        for tunnel in scene.watched.tunnels:
            probe = tunnel.probe
            if probe is not None and probe.state is not State.UNKNOWN and (value := number(probe)) is not None:
                yield (scene.office, tunnel.tunnel), value

    return samples


def loss(probe: ProbeReading) -> float | None:
    """Share of the window's requests without an answer."""
    return probe.lost / probe.sent if probe.sent else None


def link_up(scene: Scene) -> Iterable[Sample]:
    """1 only while the interface says so."""
    return (((scene.office, k.link, k.kind.value), int(k.state.works)) for k in scene.watched.links)


def link_state(scene: Scene) -> Iterable[Sample]:
    """A series a link and state, one of them 1."""
    for link in scene.watched.links:
        for state in State:
            yield (scene.office, link.link, link.kind.value, state.value), int(link.state is state)


def device_up(scene: Scene) -> Iterable[Sample]:
    """1 only while it answers."""
    return (((scene.office, d.device), int(d.state.works)) for d in scene.watched.devices)


def device_state(scene: Scene) -> Iterable[Sample]:
    """A series a device and state, one of them 1."""
    for device in scene.watched.devices:
        for state in State:
            yield (scene.office, device.device, state.value), int(device.state is state)


def probe_state(scene: Scene) -> Iterable[Sample]:
    """A series a probe and state, one of them 1."""
    for probe in scene.watched.probes:
        for state in State:
            yield (scene.office, probe.kind.value, probe.name, state.value), int(probe.state is state)


def probe_seconds(scene: Scene) -> Iterable[Sample]:
    """Where there was an answer, and it is fresh."""
    for probe in scene.watched.probes:
        if probe.state is not State.UNKNOWN and probe.seconds is not None:
            yield (scene.office, probe.kind.value, probe.name), probe.seconds


def probe_age(scene: Scene) -> Iterable[Sample]:
    """+Inf where it was never asked."""
    for probe in scene.watched.probes:
        yield (scene.office, probe.kind.value, probe.name), math.inf if probe.age_s is None else probe.age_s


def measured(name: str, *, times: float = 1) -> Samples:
    """A number that probes measure, wherever one has it; `times` makes it one in base units."""

    def samples(scene: Scene) -> Iterable[Sample]:
        for probe in scene.watched.probes:
            yield from (((scene.office, probe.name), times * one.value) for one in probe.measured if one.name == name)

    return samples


def channel_state(scene: Scene) -> Iterable[Sample]:
    """A series an aspect and state, one of them 1."""
    for reading in scene.channels:
        for one in reading.aspects:
            for state in State:
                yield (scene.office, reading.channel, one.aspect.value, state.value), int(one.state is state)


def depends_on(scene: Scene) -> Iterable[Sample]:
    """A series for each need: an alert on what is behind a failure can be held back by it."""
    return (((scene.office, subject, need), 1) for subject, needs in scene.depends.items() for need in needs)


def explained(scene: Scene) -> Iterable[Sample]:
    """A series for each failure that follows from another: an alert on it is held back by it."""
    return (((scene.office, subject, cause), 1) for subject, cause in scene.explained.items())


def findings(scene: Scene) -> Iterable[Sample]:
    """Every result with every severity, also where there is none: an alert must not wait for a series to be born."""
    if scene.report is None:
        return
    counted = Counter((f.result, f.severity) for f in scene.report.findings)
    for result in Result:
        for severity in Severity:
            yield (scene.office, result.value, severity.value), counted[result, severity]


def coverage(scene: Scene) -> Iterable[Sample]:
    """Nothing before the first report, and where no rule applies."""
    if scene.report is not None and scene.report.coverage.pairs:
        yield (scene.office,), scene.report.coverage.decided / scene.report.coverage.pairs


def checked_at(scene: Scene) -> Iterable[Sample]:
    """An instant: findings of last week look like today's otherwise."""
    if scene.report is not None:
        yield (scene.office,), scene.report.made_at.timestamp()


def watch_up(scene: Scene) -> Iterable[Sample]:
    """Whether the watch has been heard of lately."""
    heard = scene.silent_s is not None and scene.silent_s <= FRESH_S
    return [((scene.office,), int(heard))]


def round_age(scene: Scene) -> Iterable[Sample]:
    """+Inf when the watch was never heard of."""
    return [((scene.office,), math.inf if scene.silent_s is None else scene.silent_s)]


def rounds(scene: Scene) -> Iterable[Sample]:
    """Nothing before the watch was heard of: a 0 would look like a restart."""
    return [] if scene.silent_s is None else [((scene.office,), scene.watched.round)]


def refused(scene: Scene) -> Iterable[Sample]:
    """A series for whatever could be refused; nothing before the watch was heard of."""
    if scene.silent_s is None:
        return
    counts = {(each.protocol, each.flaw): each.count for each in scene.watched.refused}
    for protocol, flaws in FLAWS.items():
        for flaw in flaws:
            yield (scene.office, protocol.value, flaw.value), counts.get((protocol, flaw), 0)


def traps(scene: Scene) -> Iterable[Sample]:
    """Nothing before the watch was heard of."""
    return [] if scene.silent_s is None else [((scene.office,), scene.watched.traps.taken)]


def store_up(scene: Scene) -> Iterable[Sample]:
    """Whether the store can be read."""
    return [((scene.office,), int(scene.store_up))]
