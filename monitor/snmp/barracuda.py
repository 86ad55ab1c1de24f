"""PHION-MIB of Barracuda's NG Firewall (enterprise 10704): release, services, tunnels, sensors, sessions.

As the MIB of 2014 has it and public monitoring reads it; whether vpnTunnels lists IPsec tunnels beside TINA ones, and
what unit hwSensors counts in, nobody says. Rows are indexed by names, so columns are walked.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.results import State
from monitor.snmp.model import Role, Sensor, SensorKind
from monitor.snmp.values import Answers, Table, Value, distinct, index_text, number, text

__all__ = ["ENTERPRISE", "OFTEN", "SELDOM", "release", "sensors", "services", "sessions", "tunnels"]

ENTERPRISE = "1.3.6.1.4.1.10704"
_MANY = 1000
"""Never read whole: the subtree holds everything."""
_ROOT = Table(f"{ENTERPRISE}.1", (2,), _MANY)
"""phionRelease, which some read with and some without `.0`."""
_BOX, _SERVER = Table(f"{ENTERPRISE}.1.0.1", (2, 1), 2), Table(f"{ENTERPRISE}.1.1.1", (2, 1), 2)
_SENSORS = Table(f"{ENTERPRISE}.1.4.1", (3, 1, 2), 3)
_TUNNELS = Table(f"{ENTERPRISE}.1.6.1", (2, 1), 2)
_BGP = Table(f"{ENTERPRISE}.1.7.1", (2, 1), 2)
_FIREWALL = Table(f"{ENTERPRISE}.1.10.1", (4, 1), 4)
"""Sessions, in 64 and in 32 bits."""
OFTEN, SELDOM = (_BOX, _SERVER, _SENSORS, _TUNNELS, _BGP, _FIREWALL), (_ROOT,)

_TUNNEL_STATES = {-1: (State.DOWN, "down"), 0: (State.UNKNOWN, "down-disabled"), 1: (State.UP, "active")}
"""A tunnel that was switched off is not expected to be up: what it would be nobody knows."""
_SERVICE_STATES = {
    -1: (State.UNKNOWN, "unknown"),
    0: (State.DOWN, "stopped"),
    1: (State.UP, "started"),
    2: (State.DOWN, "blocked"),
    4: (State.UNKNOWN, "removed"),
}
_ESTABLISHED = 6
_SENSOR_KINDS = dict(enumerate((SensorKind.VOLTAGE, SensorKind.FAN, SensorKind.TEMPERATURE, SensorKind.POWER_SUPPLY)))
_MOST = 1000


def release(answers: Answers) -> str:
    """`GWAY-5.2.6-021`."""
    return next((said for value in answers.column(_ROOT, 2).values() if (said := text(value, 40))), "")


def tunnels(answers: Answers) -> tuple[Role, ...]:
    """The VPN tunnels, by name."""
    return _roles(answers, _TUNNELS, _TUNNEL_STATES)


def services(answers: Answers) -> tuple[Role, ...]:
    """Services of the box and of its servers, and BGP neighbours."""
    neighbours = tuple(
        Role(name=f"BGP {_name(index, address)}", state=_bgp(state), said=str(number(state, -1, 100)))
        for index, (state, address) in list(answers.rows(_BGP))[:_MOST]
    )
    found = (*_roles(answers, _BOX, _SERVICE_STATES), *_roles(answers, _SERVER, _SERVICE_STATES), *neighbours)
    names = distinct(role.name for role in found)
    return tuple(role.model_copy(update={"name": name}) for role, name in zip(found, names, strict=True))


def sensors(answers: Answers) -> tuple[Sensor, ...]:
    """Hardware sensors, their values as they stand."""
    rows = list(answers.rows(_SENSORS))[:_MOST]
    names = distinct(_name(index, cells[1]) for index, cells in rows)
    found = []
    for name, (_index, (value, _said, kind)) in zip(names, rows, strict=True):
        whole = number(value, -(2**31), 2**31)
        found.append(
            Sensor(
                name=name,
                kind=_SENSOR_KINDS.get(number(kind, 0, 3) or 0, SensorKind.OTHER)
                if kind is not None
                else SensorKind.OTHER,
                value=None if whole is None else float(whole),
            )
        )
    return tuple(found)


def sessions(answers: Answers) -> int | None:
    """Sessions of the firewall at the moment."""
    for column in _FIREWALL.columns:
        for value in answers.column(_FIREWALL, column).values():
            if (count := number(value, most=2**40)) is not None:
                return count
    return None


def _roles(answers: Answers, table: Table, states: Mapping[int, tuple[State, str]]) -> tuple[Role, ...]:
    rows = list(answers.rows(table))[:_MOST]
    names = distinct(_name(index, cells[1]) for index, cells in rows)
    found = []
    for name, (_index, (value, _said)) in zip(names, rows, strict=True):
        whole = number(value, -(2**31), 2**31)
        state, said = states.get(whole if whole is not None else _MANY, (State.UNKNOWN, text(value)))
        found.append(Role(name=name, state=state, said=said))
    return tuple(found)


def _name(index: str, said: Value) -> str:
    return text(said) or index_text(index)


def _bgp(value: Value) -> State:
    state = number(value)
    if state is None or state == 0:
        return State.UNKNOWN
    return State.UP if state == _ESTABLISHED else State.DOWN
