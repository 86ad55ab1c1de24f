"""States, reasons and differences in the words people read."""

from __future__ import annotations

from inventory.words import gettext as _
from monitor.results import Difference, DifferenceKind, LinkKind, Reason, State

__all__ = ["difference", "kind", "reason", "state", "subject"]


def state(value: State) -> str:
    """How it is."""
    return {State.UP: _("up"), State.DOWN: _("down"), State.UNKNOWN: _("unknown")}[value]


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
        Reason.NO_INTERFACE: _("the device has no such interface"),
    }[value]


def subject(value: str) -> str:
    """What an event is about."""
    sort, _colon, name = value.partition(":")
    tunnel, _slash, device = name.partition("/")
    texts = {
        "tunnel": _("tunnel {name}"),
        "end": _("tunnel {tunnel} at {device}"),
        "link": _("link {name}"),
        "device": _("device {name}"),
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
