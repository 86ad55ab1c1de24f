"""What follows from what, at one moment: one failure is the cause, what stands behind it is explained by it.

Only what is known to have failed explains anything. What is explained keeps its state: unknown stays unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from inventory.depends import Depends, cause_of, depends_on
from inventory.model import Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.results import Event, ProbeKind, ProbeResult, Reason, State, Watched

__all__ = ["Explaining", "named"]


@dataclass(frozen=True, slots=True)
class Explaining:
    """What needs what in an office, worked out once."""

    depends: Depends
    channels: Mapping[str, tuple[str, ...]]
    """Channel, as a subject -> the tunnel that carries it, or the lines of the gateway it leaves by."""
    lines: Mapping[str, tuple[str, ...]]
    """Line, as a subject -> all the lines of its gateway, itself among them."""

    @classmethod
    def of(cls, office: Office) -> Explaining:
        """Of an inventory. Where nobody stands that all is seen from, nothing explains anything."""
        if not any(device.name == office.network.manager for device in office.devices):
            return cls({}, {}, {})
        lines: dict[str, tuple[str, ...]] = {}
        for device in office.gateways:
            own = tuple(f"link:{wan.name}" for wan in office.wans if wan.device == device.name)
            lines |= dict.fromkeys(own, own)
        return cls(depends_on(office), dict(_channels(office)), lines)

    def explained(
        self, watched: Watched, silent: Collection[str] = (), unsure: Collection[str] = ()
    ) -> Mapping[str, str]:
        """Subject -> the failure it follows from, of everything that follows from another.

        `silent` and `unsure`: devices that do not answer by SNMP, and those of which that cannot be told.
        """
        failed = frozenset((*_failed(watched), *(f"device:{name}" for name in silent)))
        causing = frozenset(subject for subject in failed if not self._has_another_way(subject, failed))
        behind = {*failed, *_unsure(watched), *(f"device:{name}" for name in unsure)}
        causes = {subject: cause_of(self.depends, causing, subject) for subject in behind}
        found = {subject: cause for subject, cause in causes.items() if cause != subject}
        probes = {f"probe:{probe.name}": self._of_probe(probe, causing) for probe in watched.probes}
        return found | {subject: cause for subject, cause in probes.items() if cause is not None}

    def told(self, events: tuple[Event, ...], explained: Mapping[str, str]) -> tuple[Event, ...]:
        """The same events, with the cause of those that follow from another failure."""
        return tuple(self._told(event, explained) for event in events)

    def _told(self, event: Event, explained: Mapping[str, str]) -> Event:
        cause = explained.get(event.subject)
        if cause is None or event.after.works:
            return event
        follows = say(N_("follows from: {what}"), what=named(cause))
        if event.cause is not None:
            follows = say(N_("{cause}; follows from: {what}"), cause=event.cause, what=named(cause))
        return event.model_copy(update={"cause": follows})

    def _has_another_way(self, subject: str, failed: frozenset[str]) -> bool:
        """Whether what goes by this line goes by another one of its gateway now."""
        return any(line not in failed for line in self.lines.get(subject, ()))

    def _of_probe(self, probe: ProbeResult, causing: frozenset[str]) -> str | None:
        """A leak is an incident, whatever else has failed: nothing explains it away."""
        if probe.state in {State.UP, State.DEGRADED} or probe.kind is ProbeKind.LEAK:
            return None
        for need in self.channels.get(probe.subject, (probe.subject,)):
            cause = cause_of(self.depends, causing, need)
            if cause in causing:
                return cause
        return None


def named(subject: str) -> Sentence:
    """A subject in words: `link:k-isp1` is the line k-isp1."""
    sort, _colon, name = subject.partition(":")
    texts = {"tunnel": N_("tunnel {name}"), "link": N_("link {name}"), "device": N_("device {name}")}
    return say(texts.get(sort, N_("{name}")), name=name)


def _channels(office: Office) -> Iterator[tuple[str, tuple[str, ...]]]:
    here = office.device(office.network.manager).building
    gateways = {device.name for device in office.gateways if device.building == here}
    lines = tuple(f"link:{wan.name}" for wan in office.wans if wan.device in gateways)
    for channel in office.channels:
        yield f"channel:{channel.name}", lines if channel.tunnel is None else (f"tunnel:{channel.tunnel}",)


def _failed(watched: Watched) -> Iterator[str]:
    """What a reading says has failed. A gateway that lets nobody in may work well: one nobody reaches cuts off."""
    yield from (f"tunnel:{tunnel.tunnel}" for tunnel in watched.tunnels if tunnel.state is State.DOWN)
    yield from (f"link:{link.link}" for link in watched.links if link.state is State.DOWN)
    yield from (
        f"device:{device.device}"
        for device in watched.devices
        if device.state is State.DOWN or device.reason is Reason.UNREACHABLE
    )


def _unsure(watched: Watched) -> Iterator[str]:
    """What cannot be told: that may follow from a failure, and is none."""
    yield from (f"tunnel:{tunnel.tunnel}" for tunnel in watched.tunnels if tunnel.state is State.UNKNOWN)
    yield from (f"link:{link.link}" for link in watched.links if link.state is State.UNKNOWN)
    yield from (f"device:{device.device}" for device in watched.devices if device.state is State.UNKNOWN)
