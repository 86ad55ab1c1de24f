"""What watching finds, as frozen values: states with their reasons, readings, and the picture of one moment.

Ages are seconds before the moment of the picture (`Watched.at`), on a clock that nobody sets. Instants are UTC.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from inventory.model.base import Value
from inventory.sentence import Sentence
from monitor.refused import Refused

__all__ = [
    "Algorithms",
    "DeviceReading",
    "Difference",
    "DifferenceKind",
    "EndReading",
    "Event",
    "LinkKind",
    "LinkReading",
    "Measured",
    "ProbeExchange",
    "ProbeKind",
    "ProbeReading",
    "ProbeResult",
    "Proof",
    "Reason",
    "SaReading",
    "State",
    "TrapCounts",
    "TunnelReading",
    "Watched",
]


class State(StrEnum):
    """How something is. `unknown` is neither of the others, and never means fine."""

    UP = "up"
    DEGRADED = "degraded"
    """It works, and not as it should: somebody has to look, nobody is cut off."""
    DOWN = "down"
    UNKNOWN = "unknown"

    @property
    def works(self) -> bool:
        """Whether that is proven, well or badly."""
        return self in {State.UP, State.DEGRADED}


class Reason(StrEnum):
    """Why something is in its state; `monitor.words` says it to people."""

    PROVEN = "proven"
    """A fresh proof that it works."""
    NOT_READ_YET = "not_read_yet"
    STALE = "stale"
    """The last reading is older than readings may be."""
    NO_SA = "no_sa"
    """charon answers and has no security association for it."""
    NO_CHILD = "no_child"
    """The IKE SA stands, the child that carries traffic does not."""
    NO_ANSWER = "no_answer"
    """Probes through it are not answered."""
    FAR_END_SILENT = "far_end_silent"
    """One end says up, the probe through it is lost: what is sent does not arrive, or nothing comes back."""
    OVERDUE = "overdue"
    """The last question is not answered in time: what was told before proves nothing any more."""
    UNREACHABLE = "unreachable"
    """The device that would tell cannot be reached."""
    REFUSED = "refused"
    """The device refuses our key, or its host key is not the pinned one."""
    DAEMON_SILENT = "daemon_silent"
    """The device answers, its charon does not."""
    NONSENSE = "nonsense"
    """The device answered what the protocol does not know."""
    NO_CARRIER = "no_carrier"
    """The interface has no link."""
    NO_WAY = "no_way"
    """The interface has a link, and through it the gateway reaches nobody."""
    NO_INTERFACE = "no_interface"
    """The device has no interface of that name."""
    LOSSY = "lossy"
    """One probe of ten or more is lost, for ten seconds."""
    IKE_SILENT = "ike_silent"
    """The far end leaves charon's IKE request unanswered: what carries now ends with its next rekeying."""
    ONE_WAY = "one_way"
    """Packets go in at one end, and none come out at it."""
    BESIDE = "beside"
    """Probes are answered, and none of it goes through the tunnel: the answers come another way."""
    DIFFERENT = "different"
    """It stands otherwise than the inventory says, or its ends differ."""
    CHURN = "churn"
    """It was set up anew again and again within an hour."""
    TOLD = "told"
    """What a probe found: it stands in `cause`."""


class Algorithms(Value):
    """Negotiated algorithms in the inventory's words: `aes256gcm16-prfsha384-ecp384`, as `inventory.crypto` judges."""

    proposal: str
    encryption: str
    integrity: str = ""
    prf: str = ""
    group: str = ""
    """Empty on a child that came up with its IKE SA: its keys are the IKE SA's until its first rekeying."""


class SaReading(Value):
    """A tunnel's security associations as one gateway's charon reports them."""

    ike_state: str
    """charon's word: `ESTABLISHED`."""
    ike_version: int
    ike: Algorithms | None
    child_state: str
    """charon's word, `INSTALLED`; empty without a child."""
    child: Algorithms | None
    local_networks: tuple[str, ...]
    remote_networks: tuple[str, ...]
    local_identity: str
    remote_identity: str
    established_s: int
    received_bytes: int
    """Counters run on over rekeyings, since the watch began; seen from this gateway."""
    sent_bytes: int
    received_packets: int
    sent_packets: int
    received_idle_s: int | None
    """Seconds since the last packet came in; None before the first."""
    sent_idle_s: int | None
    ike_rekeys: int
    child_rekeys: int
    still_s: float = 0.0
    """Since the watch saw the count of packets that came in grow."""
    sent_still: int = 0
    """Packets sent meanwhile."""
    vain_s: float = 0.0
    """From the first of them to the last, as the watch saw them."""
    unanswered_s: float = 0.0
    """Since an IKE request of this end is under way without an answer; 0 while there is none."""
    setups: int = 0
    """How often within an hour it was set up anew: not by a rekeying, and not the first time."""


class EndReading(Value):
    """A tunnel as seen from one of its ends that is ours."""

    device: str
    state: State
    reason: Reason
    sa: SaReading | None = None
    age_s: float | None = None
    """Age of the reading; None when there has never been one."""


class ProbeReading(Value):
    """Echo requests through a tunnel, summed up over the last `window_s` seconds."""

    name: str
    """What `/debug/probe/NAME` asks for."""
    target: str
    state: State
    reason: Reason
    window_s: float
    sent: int
    lost: int
    rtt_s: float | None
    """Median of the window's answers."""
    jitter_s: float | None
    """Mean difference of one answer's round trip from the one before (RFC 3550, section 6.4.1, unsmoothed)."""
    answer_age_s: float | None
    """Since the last answer."""
    works_s: float | None = None
    """Since it is answered without a break; None while it is not."""


class ProbeExchange(Value):
    """One probe as it went: for the debug page."""

    at: dt.datetime
    sent: str
    received: str
    """What came back, or nothing."""
    seconds: float | None
    problem: str
    """Empty when it went well."""


class Proof(StrEnum):
    """What proves a tunnel up: an answer through it, or (where the far end is not ours) fresh SAs that say so."""

    PROBE = "probe"
    SA = "sa"


class DifferenceKind(StrEnum):
    """In what two ends differ from each other, or one from the inventory."""

    VERSION = "version"
    NETWORKS = "networks"
    IDENTITY = "identity"
    IKE_ALGORITHMS = "ike_algorithms"
    CHILD_ALGORITHMS = "child_algorithms"


class Difference(Value):
    """Something an end has that it should not: against the inventory, or (`against` names a device) the other end."""

    kind: DifferenceKind
    device: str
    against: str
    """A device, or `inventory`."""
    found: str
    expected: str


class TunnelReading(Value):
    """An expected tunnel. It is up only while that is proven."""

    tunnel: str
    state: State
    reason: Reason
    since: dt.datetime
    """When it came into this state, or when the watch began."""
    proof: Proof
    ends: tuple[EndReading, ...]
    """Our ends, in the inventory's order."""
    probe: ProbeReading | None = None
    differences: tuple[Difference, ...] = ()


class LinkKind(StrEnum):
    """A line to the internet, or a cable between two devices."""

    WAN = "wan"
    CABLE = "cable"


class LinkReading(Value):
    """A line or cable that ends on a gateway that can tell."""

    link: str
    kind: LinkKind
    device: str
    interface: str
    state: State
    reason: Reason
    since: dt.datetime
    age_s: float | None = None


class DeviceReading(Value):
    """A device that is watched."""

    device: str
    state: State
    reason: Reason
    since: dt.datetime
    age_s: float | None = None


class ProbeKind(StrEnum):
    """What a probe looks at; each is a module of `monitor.probes`."""

    PATH_MTU = "path-mtu"
    TCP = "tcp"
    TLS = "tls"
    CLIENT_CERTIFICATE = "client-certificate"
    CERTIFICATE = "certificate"
    REVOCATION = "revocation"
    NTP = "ntp"
    DNS = "dns"
    SOAP = "soap"
    XROAD = "xroad"
    FTPS = "ftps"
    TIME_STAMP = "time-stamp"
    PUBLIC_ADDRESS = "public-address"
    IKE = "ike"
    EXPOSURE = "exposure"
    LEAK = "leak"
    DUTY = "duty"
    PAIR = "pair"


class Measured(Value):
    """A number a probe has found, in base units: `offset_seconds`, `left_days`, `mtu_bytes`."""

    name: str
    value: float


class ProbeResult(Value):
    """What a probe found last: UP, DEGRADED (works, not as it should), DOWN, or UNKNOWN with what is missing."""

    name: str
    """What `/debug/probe/NAME` asks for: `tcp:csizs/ws.example.gov:443`."""
    kind: ProbeKind
    subject: str
    """What of the inventory it speaks of: `channel:csizs`, `tunnel:k-b`, `device:gw-k`, `link:k-isp1`."""
    target: str
    state: State
    cause: Sentence
    since: dt.datetime
    """When it came into this state, or when the watch began."""
    age_s: float | None = None
    """Of the answer, or of the silence; None before the first."""
    fresh_s: float
    """Older than this it proves nothing."""
    seconds: float | None = None
    """How long the answer took."""
    measured: tuple[Measured, ...] = ()


class TrapCounts(Value):
    """Traps and informs since the watch began."""

    taken: int = 0
    """Proven to come from a device."""
    strangers: int = 0
    """From an address that is none of a polled device: not looked at."""
    refused: int = 0
    """From a device's address, malformed or not proven."""
    dropped: int = 0
    """From a device that said too much at once."""


class Event(Value):
    """Something changed. `subject` is `tunnel:k-b`, `end:k-b/gw-k`, `link:k-isp1`, `device:gw-k`, `probe:NAME`, or
    `snmp:gw-k`: how a gateway, which is a device that is followed, stands by SNMP."""

    at: dt.datetime
    subject: str
    before: State
    after: State
    reason: Reason
    cause: Sentence | None = None
    """In a probe's own words, where the reason is TOLD."""


class Watched(Value):
    """Everything that is watched, at one moment. Every expected tunnel is in it, whatever happens to be up."""

    office: str
    began: dt.datetime
    """When this watch was started."""
    at: dt.datetime
    round: int
    """Counts the rounds of judging since the start."""
    tunnels: tuple[TunnelReading, ...]
    links: tuple[LinkReading, ...]
    devices: tuple[DeviceReading, ...]
    probes: tuple[ProbeResult, ...] = ()
    """Every expected probe, in the order of the inventory; those through our own tunnels stand with the tunnels."""
    traps: TrapCounts = TrapCounts()
    refused: tuple[Refused, ...] = ()
    """What came over the network and was not taken, since the watch's process began."""
    problems: tuple[str, ...] = ()
    """What the watch itself suffers from, in its own words: the store cannot be written, a secret cannot be read."""
