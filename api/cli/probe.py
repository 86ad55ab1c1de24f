"""`fosa probe`: one probe asked now, from here, and what went over the wire; or how all of them stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import SelectionError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from inventory.load import Loaded
    from monitor.expected import ExpectedTunnel
    from monitor.probes.rounds import ExpectedProbe
    from monitor.results import ProbeExchange, State, Watched

__all__ = ["probe"]

_SHOWN = 5

ProbeName = Annotated[
    str | None,
    typer.Argument(metavar="NAME", help=_("A probe, as the list names it: it is asked at once."), show_default=False),
]


def probe(name: ProbeName = None, inventory: InventoryFolder = None, as_json: AsJson = False, lang: Lang = None) -> int:
    """Ask one probe now, from this machine, and tell what was sent, what came, and what that means.

    Without a name: all there are, as the watch that runs here knows them.
    """
    from zoneinfo import ZoneInfo

    found = loaded(inventory)
    output, zone = Output(as_json=as_json), ZoneInfo(found.require().calendar.timezone)
    return _list(output, zone) if name is None else _ask(found, name, output, zone)


def _list(output: Output, zone: ZoneInfo) -> int:
    from api.cli.pictured import seen
    from api.cli.rows import STYLES
    from api.routes.views import ProbeView
    from monitor import words
    from monitor.results import State

    watched = seen().watched
    rows = list(_rows(watched))
    width = max((len(name) for _state, name, *_rest in rows), default=0)
    for state, name, age_s, cause in rows:
        age = "" if age_s is None else _("{seconds} s ago").format(seconds=round(age_s))
        output.line(f"{name.ljust(width)}  {words.state(state)}  {cause}{age and f'  ({age})'}", STYLES[state])
    probes = [ProbeView.of(each).model_dump(mode="json") for each in watched.probes]
    tunnels = [each.probe.model_dump(mode="json") for each in watched.tunnels if each.probe is not None]
    at = watched.at.astimezone(zone)
    output.result({"at": at.isoformat(), "probes": probes, "tunnels": tunnels})
    return Exit.DONE if all(state is State.UP for state, *_rest in rows) else Exit.DIFFERENCE


def _rows(watched: Watched) -> Iterator[tuple[State, str, float | None, str]]:
    """State, name, age and cause: those through tunnels first."""
    from monitor import words

    for tunnel in watched.tunnels:
        if (through := tunnel.probe) is not None:
            yield through.state, through.name, through.answer_age_s, words.reason(through.reason)
    for each in watched.probes:
        yield each.state, each.name, each.age_s, str(each.cause)


def _ask(found: Loaded, name: str, output: Output, zone: ZoneInfo) -> int:
    from monitor.expected import expected

    whole = expected(found.require())
    for tunnel in whole.tunnels:
        if tunnel.name == name and tunnel.target is not None:
            return _exit_code(_echo(tunnel, output, zone))
    for each in whole.probes:
        if each.name == name:
            return _exit_code(_put(found, each, output, zone))
    text = _("there is no probe {name}; there are: {names}")
    known = [tunnel.name for tunnel in whole.tunnels if tunnel.target is not None]
    names = ", ".join((*known, *(each.name for each in whole.probes)))
    raise SelectionError(text.format(name=name, names=names or _("none")))


def _exit_code(state: State) -> Exit:
    from monitor.results import State

    return Exit.DONE if state is State.UP else Exit.DIFFERENCE


def _put(found: Loaded, asked: ExpectedProbe, output: Output, zone: ZoneInfo) -> State:
    """Ask it, and tell."""
    from inventory.secrets import SecretStore
    from monitor.once import ask_probe
    from monitor.watch import read_keys

    office = found.require()
    outcome = ask_probe(office, asked, read_keys(office, SecretStore(found.folder)))
    target = asked.target
    _head(output, asked.name, outcome.state, str(outcome.cause))
    _line(output, _("Speaks of"), target.subject)
    _line(output, _("Asked"), target.where)
    _line(output, _("Sent"), outcome.sent)
    took = "" if outcome.seconds is None else _("in {ms} ms").format(ms=f"{1000 * outcome.seconds:.1f}")
    _line(output, _("Came"), " ".join(filter(None, (outcome.received or _("nothing"), took))))
    for number in outcome.measured:
        _line(output, _("Measured"), f"{number.name} {number.value:g}")
    before = _before(asked.name, output, zone)
    output.result(
        {
            "probe": asked.name,
            "kind": asked.kind,
            "subject": target.subject,
            "target": target.where,
            "state": outcome.state,
            "cause": str(outcome.cause),
            "sent": outcome.sent,
            "received": outcome.received,
            "seconds": outcome.seconds,
            "measured": [each.model_dump(mode="json") for each in outcome.measured],
            **before,
        }
    )
    return outcome.state


def _echo(tunnel: ExpectedTunnel, output: Output, zone: ZoneInfo) -> State:
    """The same of echo requests through a tunnel."""
    from monitor import words
    from monitor.once import probe_tunnel

    if tunnel.target is None:
        raise TypeError(tunnel.name)
    reading, course = probe_tunnel(tunnel.name, tunnel.target)
    _head(output, tunnel.name, reading.state, words.reason(reading.reason))
    _line(output, _("Asked"), reading.target)
    _line(output, _("Sent"), str(reading.sent))
    _line(output, _("Lost"), str(reading.lost))
    if reading.rtt_s is not None:
        _line(output, _("Round trip"), _("{ms} ms").format(ms=f"{1000 * reading.rtt_s:.1f}"))
    for exchange in course[:_SHOWN]:
        output.line(_exchange(exchange, zone), "dim")
    output.result(
        {
            "probe": tunnel.name,
            **reading.model_dump(mode="json", exclude={"name"}),
            "last": [each.model_dump(mode="json") for each in course],
        }
    )
    return reading.state


def _before(name: str, output: Output, zone: ZoneInfo) -> dict[str, object]:
    """What the watch that runs here, if one does, was answered: as its debug page says."""
    from api.cli.pictured import exchanges

    found = exchanges(name)
    if found is None:
        return {"last": [], "failures": []}
    for title, listed in ((_("The watch, last:"), found.last), (_("The watch, last failures:"), found.failures)):
        if listed:
            output.line(title)
        for exchange in listed[:_SHOWN]:
            output.line(_exchange(exchange, zone), "dim")
    return {
        "last": [each.model_dump(mode="json") for each in found.last],
        "failures": [each.model_dump(mode="json") for each in found.failures],
    }


def _exchange(exchange: ProbeExchange, zone: ZoneInfo) -> str:
    at = exchange.at.astimezone(zone).strftime("%H:%M:%S")
    words = (exchange.received or _("nothing"), exchange.problem and f"({exchange.problem})")
    return f"  {at}  {exchange.sent}: {' '.join(filter(None, words))}"


def _head(output: Output, name: str, state: State, cause: str) -> None:
    from api.cli.rows import STYLES
    from monitor import words

    output.line(f"{name}: {words.state(state)} ({cause})", STYLES[state])


def _line(output: Output, what: str, value: str) -> None:
    if value:
        output.line(f"  {what}: {value}")
