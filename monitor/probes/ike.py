"""Whether our own gateways answer the IKE that the inventory wants, and no weaker and no older one.

Asked from the manager, through its own gateway, so the other end sees a peer of its own. What a stranger gets is not
seen from here. The questions show in the peer's counters; a question leaves no half-open association behind, unless
the peer takes IKEv1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Office, Tunnel
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.ike.algorithms import Transform, group_name, named, transforms
from monitor.ike.answer import Agreed, Answer, Asked, Refused, Wanted
from monitor.ike.message import PORT, SPI_BYTES, Query, aggressive_mode, main_mode, sa_init
from monitor.ike.talk import Talk
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.probes.lines import Outside, OwnLine, own_lines
from monitor.results import ProbeKind, State

__all__ = ["PROBE", "Exam", "Responder", "examine"]

_PACE = Pace(period_s=24 * 3600.0, timeout_s=45.0, again_s=600.0)
_WEAK = {
    "3des/des": ("3des-sha1-sha256-prfsha1-prfsha256-modp1024-modp1536-modp2048-modp3072-ecp256-ecp384",),
    "md5/sha1": ("aes256-aes128-sha1-md5-prfsha1-prfmd5-modp1024-modp2048-modp3072-modp4096-ecp256-ecp384",),
    "modp768/modp1024/modp1536/modp1024s160": (
        "aes256-aes128-sha384-sha256-sha1-prfsha384-prfsha256-prfsha1-modp1024-modp1536-modp768-modp1024s160",
        "aes256gcm16-aes128gcm16-prfsha384-prfsha256-modp1024-modp1536-modp768-modp1024s160",
    ),
}
"""What no gateway may agree to, each a question of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder(Target):
    """A gateway's IKE on one line."""

    address: IPv4Address
    port: int = PORT
    expected: tuple[str, ...]
    """The proposals of the tunnels that end there; it has to agree to each of them."""


@dataclass(frozen=True, slots=True)
class Exam:
    """A question, and what is meant by it."""

    name: str
    query: Query
    good: bool
    """Whether it has to be agreed to; else it must not be."""
    proposals: tuple[tuple[Transform, ...], ...] = ()
    secret: bytes = b""


def _targets(office: Office) -> Iterator[Responder]:
    outside = Outside(office)
    for line in own_lines(office):
        expected = _expected(office, line)
        if expected and outside.may_ask(line, "udp", PORT):
            yield Responder(
                name=f"{line.device.name}/{line.wan.name}",
                subject=f"device:{line.device.name}",
                where=f"{line.address} UDP port {PORT}",
                pace=_PACE,
                address=line.address,
                expected=expected,
            )


def _expected(office: Office, line: OwnLine) -> tuple[str, ...]:
    """Of the tunnels between this line and the gateways of the manager's building: to all others it may be silent."""
    here = office.device(office.network.manager).building
    ours = {device.name for device in office.gateways if device.building == here}
    tunnels = (tunnel for tunnel in office.tunnels_of(line.device.name) if _ends_at(tunnel, line, ours))
    ends = ((tunnel, tunnel.end_of(line.device.name)) for tunnel in tunnels)
    return tuple(dict.fromkeys(word for tunnel, end in ends for word in ((end and end.ike) or tunnel.ike)))


def _ends_at(tunnel: Tunnel, line: OwnLine, others: set[str]) -> bool:
    near, far = tunnel.end_of(line.device.name), tunnel.far_end_of(line.device.name)
    return near is not None and near.wan == line.wan.name and far is not None and far.device in others


async def _ask(target: Responder, _secrets: Secrets) -> Outcome:
    return await examine(target)


async def examine(target: Responder) -> Outcome:
    """Put every question, one after the other. Raises OSError where nothing listens."""
    exams, unknown = _exams(target)
    talk = await Talk.open(target.address, target.port)
    try:
        answers = [(exam, await _put(talk, exam)) for exam in exams]
    finally:
        talk.close()
    state, cause = _judged(answers)
    if state is State.UP and unknown:
        state, cause = State.DEGRADED, say(N_("cannot ask for {proposal}: no number is known here"), proposal=unknown)
    return Outcome(
        state=state,
        cause=cause,
        sent=", ".join(exam.name for exam in exams),
        received="; ".join(f"{exam.name}: {_told(answer)}" for exam, answer in answers),
    )


def _exams(target: Responder) -> tuple[list[Exam], str]:
    """The questions, and an expected proposal that cannot be put; empty where there is none."""
    exams, unknown = [], ""
    for word in target.expected:
        if (proposal := transforms(word)) is None:
            unknown = word
        else:
            exams.append(_init(word, (proposal,), good=True))
    for name, words in _WEAK.items():
        exams.append(_init(name, tuple(filter(None, map(transforms, words))), good=False))
    exams.append(Exam("IKEv1 main mode", main_mode(os.urandom(SPI_BYTES)), good=False))
    exams.append(Exam("IKEv1 aggressive mode", aggressive_mode(os.urandom(SPI_BYTES), os.urandom(288)), good=False))
    return exams, unknown


def _init(name: str, proposals: tuple[tuple[Transform, ...], ...], *, good: bool) -> Exam:
    secret = os.urandom(288)
    return Exam(name, sa_init(os.urandom(SPI_BYTES), secret, proposals), good, proposals, secret)


def _judged(answers: list[tuple[Exam, Answer | None]]) -> tuple[State, Sentence]:
    for exam, answer in answers:
        if not exam.good and isinstance(answer, Agreed | Wanted):
            return State.DOWN, say(N_("agrees to what is too weak or too old: {what}"), what=exam.name)
    for exam, answer in answers:
        if not exam.good and isinstance(answer, Asked):
            return State.UNKNOWN, say(N_("wants a cookie again and again, so what it agrees to is not seen"))
    for exam, answer in answers:
        if exam.good and isinstance(answer, Refused):
            text = N_("refuses what the inventory says: {proposal} ({why})")
            return State.DOWN, say(text, proposal=exam.name, why=answer.word)
        if exam.good and answer is None:
            return State.DOWN, say(N_("does not answer IKE"))
    return State.UP, say(N_("agrees to what the inventory says, to nothing weaker and not to IKEv1"))


async def _put(talk: Talk, exam: Exam) -> Answer | None:
    """What is answered, with the cookie where one is wanted."""
    answer = await talk.answered(exam.query)
    if isinstance(answer, Asked) and exam.proposals:
        return await talk.answered(sa_init(exam.query.spi, exam.secret, exam.proposals, answer.cookie))
    return answer


def _told(answer: Answer | None) -> str:
    match answer:
        case None:
            return "-"
        case Agreed(chosen=chosen):
            return f"SA {named(chosen)}".strip()
        case Wanted(group=group):
            return f"INVALID_KE_PAYLOAD, {group_name(group)}"
        case Asked():
            return "COOKIE"
        case Refused(word=word):
            return word


PROBE = Probe(ProbeKind.IKE, _targets, _ask)
