"""States, reasons and differences in the words people read."""

from __future__ import annotations

from inventory.words import gettext as _
from monitor.results import Difference, DifferenceKind, Event, LinkKind, ProbeKind, Reason, State

__all__ = ["difference", "kind", "probe_kind", "reason", "state", "subject", "why"]


def state(value: State) -> str:
    """How it is."""
    return {State.UP: _("up"), State.DEGRADED: _("degraded"), State.DOWN: _("down"), State.UNKNOWN: _("unknown")}[value]


def kind(value: LinkKind) -> str:
    """What a link is."""
    return {LinkKind.WAN: _("line to the internet"), LinkKind.CABLE: _("cable")}[value]


def reason(value: Reason) -> str:
    """Why it is so."""
    return {
        Reason.PROVEN: _("proven"),
        Reason.NOT_READ_YET: _("not read yet"),
        Reason.STALE: _("the last reading is too old"),
        Reason.NO_SA: _("no security association"),
        Reason.NO_CHILD: _("the IKE SA stands, the one that carries traffic does not"),
        Reason.NO_ANSWER: _("probes through it are not answered"),
        Reason.FAR_END_SILENT: _("an end says it is up, but probes through it are not answered"),
        Reason.OVERDUE: _("the answer is overdue"),
        Reason.UNREACHABLE: _("the device cannot be reached"),
        Reason.REFUSED: _("the device refuses our key, or its host key is not the pinned one"),
        Reason.DAEMON_SILENT: _("the device answers, its charon does not"),
        Reason.NONSENSE: _("the device answers what the protocol does not know"),
        Reason.NO_CARRIER: _("the interface has no link"),
        Reason.NO_WAY: _("the interface has a link, but nobody answers through it"),
        Reason.NO_INTERFACE: _("the device has no such interface"),
        Reason.LOSSY: _("a tenth or more of the probes is lost"),
        Reason.IKE_SILENT: _("the far end does not answer IKE any more: the tunnel ends with its next rekeying"),
        Reason.ONE_WAY: _("packets are sent into it, and none come out"),
        Reason.BESIDE: _("probes are answered, but not through the tunnel"),
        Reason.DIFFERENT: _("it stands otherwise than the inventory says"),
        Reason.CHURN: _("it was set up anew again and again within an hour"),
        Reason.TOLD: _("a probe found it"),
    }[value]


def probe_kind(value: ProbeKind) -> str:
    """What a probe looks at."""
    return {
        ProbeKind.PATH_MTU: _("longest packet"),
        ProbeKind.TCP: _("connection"),
        ProbeKind.TLS: _("TLS"),
        ProbeKind.CLIENT_CERTIFICATE: _("our certificate shown"),
        ProbeKind.CERTIFICATE: _("certificates"),
        ProbeKind.REVOCATION: _("revocations"),
        ProbeKind.NTP: _("clock"),
        ProbeKind.DNS: _("name resolution"),
        ProbeKind.SOAP: _("question to the service"),
        ProbeKind.XROAD: _("security server"),
        ProbeKind.FTPS: _("file transfer"),
        ProbeKind.TIME_STAMP: _("time stamps"),
        ProbeKind.PUBLIC_ADDRESS: _("public address"),
        ProbeKind.IKE: _("IKE offers"),
        ProbeKind.EXPOSURE: _("open ports"),
        ProbeKind.LEAK: _("leaks"),
        ProbeKind.DUTY: _("daily query"),
        ProbeKind.PAIR: _("standing by"),
    }[value]


def why(event: Event) -> str:
    """Why something changed: the reason's words, or the probe's own; and what it follows from."""
    if event.cause is None or event.reason is Reason.TOLD:
        return reason(event.reason) if event.cause is None else str(event.cause)
    return _("{reason}; {cause}").format(reason=reason(event.reason), cause=event.cause)


def subject(value: str) -> str:
    """What an event is about."""
    sort, _colon, name = value.partition(":")
    tunnel, _slash, device = name.partition("/")
    texts = {
        "tunnel": _("tunnel {name}"),
        "end": _("tunnel {tunnel} at {device}"),
        "link": _("link {name}"),
        "device": _("device {name}"),
        "probe": _("probe {name}"),
    }
    return texts.get(sort, "{name}").format(name=name, tunnel=tunnel, device=device)


def difference(value: Difference) -> str:
    """One sentence about a difference."""
    if value.against == "inventory":
        text = _("{what} on {device}: {found}; the inventory says {expected}")
    else:
        text = _("{what} on {device}: {found}; on {against}: {expected}")
    return text.format(
        what=_what(value.kind),
        device=value.device,
        against=value.against,
        found=value.found or _("nothing"),
        expected=value.expected or _("nothing"),
    )


def _what(value: DifferenceKind) -> str:
    return {
        DifferenceKind.VERSION: _("IKE version"),
        DifferenceKind.NETWORKS: _("networks"),
        DifferenceKind.IDENTITY: _("identities"),
        DifferenceKind.IKE_ALGORITHMS: _("algorithms of the IKE SA"),
        DifferenceKind.CHILD_ALGORITHMS: _("algorithms of the tunnel"),
    }[value]
