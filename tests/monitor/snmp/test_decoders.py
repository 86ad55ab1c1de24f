"""What the answers of printers, UPSes, firewalls and switches mean; and that no answer whatever breaks anything."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from monitor.results import State
from monitor.snmp.model import BatteryState, Figures, SensorKind, SupplyState
from monitor.snmp.reading import EVERYTHING, FIXED, OFTEN, decode
from monitor.snmp.standing import problems
from monitor.snmp.values import Value, distinct, hexadecimal, index_text, number, text

_PRINTER = "1.3.6.1.2.1.43.11.1.1"
_PHION = "1.3.6.1.4.1.10704.1"


def wrong(figures: Figures) -> list[str]:
    return [str(problem) for problem in problems(figures)]


def supply(n: int, level: int, most: int = 100, kind: int = 3) -> dict[str, Value]:
    said: dict[int, Value] = {4: 3, 5: kind, 6: f"Cartridge {n}".encode(), 7: 19, 8: most, 9: level}
    return {f"{_PRINTER}.{column}.1.{n}": value for column, value in said.items()}


def test_supplies_are_full_low_empty_or_not_to_be_told() -> None:
    levels = (80, 10, 0, -3, -2)
    figures = decode({oid: value for n, level in enumerate(levels, 1) for oid, value in supply(n, level).items()})
    states = [each.state for each in figures.supplies]
    ok, low, empty, unknown = SupplyState.OK, SupplyState.LOW, SupplyState.EMPTY, SupplyState.UNKNOWN
    assert states == [ok, low, empty, ok, unknown]
    assert [each.level_ratio for each in figures.supplies] == [0.8, 0.1, 0.0, None, None]
    assert figures.supplies[0].kind == "toner"
    assert "used up: Cartridge 3" in wrong(figures)


def test_a_supply_of_unknown_size_is_not_reckoned_with() -> None:
    (one,) = decode(supply(1, 55, most=-2)).supplies
    assert (one.state, one.level_ratio) == (SupplyState.UNKNOWN, None)


def test_a_printer_says_what_it_lacks_in_words_and_in_bits() -> None:
    figures = decode(
        {
            **supply(1, 50),
            "1.3.6.1.2.1.25.3.2.1.2.1": "1.3.6.1.2.1.25.3.1.5",
            "1.3.6.1.2.1.25.3.2.1.3.1": b"HP LaserJet MFP M130nw",
            "1.3.6.1.2.1.25.3.5.1.1.1": 1,
            "1.3.6.1.2.1.25.3.5.1.2.1": b"\x44",
            "1.3.6.1.2.1.43.10.2.1.4.1.1": 15_232,
            "1.3.6.1.2.1.43.18.1.1.2.1.7": 3,
            "1.3.6.1.2.1.43.18.1.1.8.1.7": b"Paper jam\nin tray 1",
            "1.3.6.1.2.1.43.5.1.1.17.1": b"VNCRC48198",
        }
    )
    assert figures.printing is not None
    assert figures.printing.errors == ("noPaper", "jammed")
    assert figures.printing.alerts == ("Paper jam in tray 1",)
    assert (figures.printing.status, figures.printing.pages) == ("other", 15_232)
    assert (figures.model, figures.serial) == ("HP LaserJet MFP M130nw", "VNCRC48198")
    assert wrong(figures)[1:] == ["no paper", "paper is jammed"]


def test_a_ups_on_battery_is_grave() -> None:
    ups = "1.3.6.1.2.1.33.1"
    figures = decode(
        {
            "1.3.6.1.2.1.1.1.0": b"UPS",
            **{f"{ups}.1.{n}.0": value for n, value in {1: b"Eaton", 2: b"5P 1550", 3: b"02.14"}.items()},
            **{f"{ups}.2.{n}.0": value for n, value in {1: 3, 2: 95, 3: 7, 4: 31, 5: 480, 7: 27}.items()},
            f"{ups}.4.1.0": 5,
            f"{ups}.4.4.1.2.1": 230,
            f"{ups}.4.4.1.5.1": 42,
            f"{ups}.3.3.1.3.1": 0,
            f"{ups}.6.1.0": 2,
        }
    )
    assert (figures.vendor, figures.model, figures.firmware) == ("Eaton", "5P 1550", "02.14")
    assert figures.ups is not None
    assert (figures.ups.source, figures.ups.load_ratio, figures.ups.output_v) == ("battery", 0.42, 230.0)
    assert (figures.ups.on_battery_s, figures.ups.alarms) == (95.0, 2)
    (battery,) = figures.batteries
    assert (battery.state, battery.charge_ratio, battery.left_s) == (BatteryState.LOW, 0.31, 420.0)
    assert (battery.voltage, battery.temperature_c) == (48.0, 27)
    assert wrong(figures) == ["runs on battery", "the battery is low"]


def test_an_apc_card_that_knows_its_own_mib_alone_is_read_by_that() -> None:
    apc = "1.3.6.1.4.1.318.1.1.1"
    figures = decode(
        {
            "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.318.1.3.27",
            f"{apc}.1.1.1.0": b"Smart-UPS X 750",
            f"{apc}.2.1.1.0": 2,
            f"{apc}.2.2.3.0": 1_637_400,
            f"{apc}.2.2.4.0": 2,
            f"{apc}.2.3.1.0": 1000,
            f"{apc}.2.3.4.0": 545,
            f"{apc}.4.1.1.0": 2,
            f"{apc}.4.3.3.0": 762,
        }
    )
    (battery,) = figures.batteries
    assert (figures.vendor, figures.model) == ("APC", "Smart-UPS X 750")
    assert (battery.state, battery.charge_ratio, battery.left_s, battery.voltage) == (
        BatteryState.NORMAL,
        1.0,
        16_374.0,
        54.5,
    )
    assert figures.ups is not None
    assert (figures.ups.source, figures.ups.load_ratio) == ("normal", 0.762)
    assert wrong(figures) == ["the battery must be replaced"]


def test_a_barracuda_tells_tunnels_services_release_and_sessions() -> None:
    index = "3.118.112.110"
    figures = decode(
        {
            "1.3.6.1.2.1.1.1.0": b"Barracuda Firewall",
            "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.10704.1.10",
            f"{_PHION}.2.0": b"GWAY-5.2.6-021",
            f"{_PHION}.1.1.2.{index}": 1,
            f"{_PHION}.0.1.2.4.98.100.110.115": 2,
            f"{_PHION}.6.1.1.5.104.113.45.98.114": b"hq-br",
            f"{_PHION}.6.1.2.5.104.113.45.98.114": 1,
            f"{_PHION}.6.1.2.3.111.108.100": 0,
            f"{_PHION}.6.1.2.4.108.111.115.116": -1,
            f"{_PHION}.4.1.1.4.67.80.85.49": b"CPU1",
            f"{_PHION}.4.1.2.4.67.80.85.49": 2,
            f"{_PHION}.4.1.3.4.67.80.85.49": 48,
            f"{_PHION}.10.1.4.8.102.119.83.116.97.116.115.0": 897,
        }
    )
    assert (figures.vendor, figures.firmware, figures.sessions) == ("Barracuda", "GWAY-5.2.6-021", 897)
    assert [(each.name, each.state, each.said) for each in figures.tunnels] == [
        ("hq-br", State.UP, "active"),
        ("old", State.UNKNOWN, "down-disabled"),
        ("lost", State.DOWN, "down"),
    ]
    assert [(each.name, each.said) for each in figures.services] == [("bdns", "blocked"), ("vpn", "started")]
    assert [(each.name, each.kind, each.value) for each in figures.sensors] == [("CPU1", SensorKind.TEMPERATURE, 48.0)]
    assert wrong(figures) == ["tunnels down: lost"]


def test_neighbours_stand_at_our_ports() -> None:
    remote, local = "1.0.8802.1.1.2.1.4.1.1", "1.0.8802.1.1.2.1.3.7.1"
    mac = bytes.fromhex("3ce5a637dfda")
    ours: dict[int, Value] = {4: 4, 5: mac, 6: 5, 7: b"Gi0/1", 9: b"sw-k-1"}
    nowhere: dict[int, Value] = {4: 4, 5: mac, 9: b"elsewhere"}
    figures = decode(
        {
            "1.3.6.1.2.1.2.2.1.2.10": b"GigabitEthernet1/0/10",
            "1.3.6.1.2.1.31.1.1.1.1.10": b"Gi1/0/10",
            f"{local}.3.10": b"Gi1/0/10",
            **{f"{remote}.{n}.0.10.1": value for n, value in ours.items()},
            **{f"{remote}.{n}.7": value for n, value in nowhere.items()},
            f"{remote}.5.0.11.2": b"",
        }
    )
    assert [(each.port, each.name, each.far_port, each.chassis) for each in figures.neighbours] == [
        ("Gi1/0/10", "sw-k-1", "Gi0/1", "3c:e5:a6:37:df:da"),
        ("", "elsewhere", "", "3c:e5:a6:37:df:da"),
    ]


def test_vlans_are_those_that_are_named_and_those_that_are_learnt() -> None:
    figures = decode(
        {
            "1.3.6.1.2.1.17.7.1.4.3.1.1.30": b"ps",
            "1.3.6.1.2.1.17.7.1.4.2.1.6.0.30": 2,
            "1.3.6.1.2.1.17.7.1.4.2.1.6.0.7": 3,
            "1.3.6.1.2.1.17.7.1.4.3.1.1.5000": b"none",
            "1.3.6.1.2.1.17.1.1.0": bytes.fromhex("ac7e8a19bf00"),
            "1.3.6.1.2.1.17.2.4.0": 6,
        }
    )
    assert [(vlan.number, vlan.name) for vlan in figures.vlans] == [(7, ""), (30, "ps")]
    assert figures.bridge is not None
    assert (figures.bridge.address, figures.bridge.topology_changes) == ("ac:7e:8a:19:bf:00", 6)


def test_a_sensor_is_scaled_and_one_that_is_broken_said() -> None:
    sensor, part = "1.3.6.1.2.1.99.1.1.1", "1.3.6.1.2.1.47.1.1.1.1"
    figures = decode(
        {
            "1.3.6.1.2.1.1.1.0": b"switch",
            **{f"{sensor}.{n}.1": value for n, value in {1: 8, 2: 9, 3: 1, 4: 453, 5: 1}.items()},
            **{f"{sensor}.{n}.2": value for n, value in {1: 4, 2: 8, 3: 0, 4: 11_980, 5: 1}.items()},
            **{f"{sensor}.{n}.3": value for n, value in {1: 10, 2: 9, 3: 0, 4: 0, 5: 3}.items()},
            f"{part}.7.1": b"Inlet",
            f"{part}.7.3": b"Fan 1",
        }
    )
    assert [(each.name, each.value, each.unit) for each in figures.sensors] == [
        ("Inlet", 45.3, "°C"),
        ("sensor 2", 11.98, "V"),
        ("Fan 1", None, "1/min"),
    ]
    assert wrong(figures) == ["not in order: Fan 1"]


def test_memory_of_a_linux_gateway_is_what_is_really_taken() -> None:
    said = {5: 1000, 6: 200, 14: 100, 15: 300}
    figures = decode({f"1.3.6.1.4.1.2021.4.{n}.0": value for n, value in said.items()})
    assert [(each.size_bytes, each.used_bytes) for each in figures.storages] == [(1_024_000, 409_600)]


# ---- Anything at all -------------------------------------------------------------------------------------------------

_VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**64),
    st.binary(max_size=300),
    st.text(max_size=80),
    st.floats(),
    st.sampled_from([b"\x00" * 5000, b"\xff\xfe", "1.3.6.1.2.1.25.3.1.5", -1, 0, 2**31, 2**32 - 1]),
)
_INDEXES = st.one_of(
    st.integers(0, 2**33).map(str),
    st.lists(st.integers(0, 2**33), min_size=1, max_size=6).map(lambda parts: ".".join(map(str, parts))),
    st.sampled_from(["", ".", "x", "1..2", "0", "\u0661"]),
)
_CELLS = st.sampled_from([f"{table.entry}.{column}" for table in EVERYTHING for column in table.columns])
_OIDS = st.one_of(st.sampled_from([*OFTEN.scalars, *FIXED.scalars]), st.tuples(_CELLS, _INDEXES).map(".".join))


@given(st.dictionaries(_OIDS, _VALUES, max_size=60))
def test_no_answer_breaks_anything_and_every_word_can_be_shown(found: dict[str, Value]) -> None:
    figures = decode(found)
    list(problems(figures))
    assert Figures.model_validate_json(figures.model_dump_json()) == figures
    assert all(word.isprintable() and len(word) <= 200 for word in words(json.loads(figures.model_dump_json())))
    assert len({port.name for port in figures.ports}) == len(figures.ports)


def words(node: object) -> list[str]:
    match node:
        case str():
            return [node]
        case dict():
            return [word for inner in node.values() for word in words(inner)]
        case list():
            return [word for inner in node for word in words(inner)]
        case _:
            return []


@given(_VALUES)
def test_texts_are_one_printable_line_of_bounded_length(value: Value) -> None:
    for said in (text(value), hexadecimal(value), index_text(text(value))):
        assert said.isprintable()
        assert len(said) <= 128


@given(st.lists(st.text(max_size=3)))
def test_names_are_made_distinct(names: list[str]) -> None:
    found = list(distinct(names))
    assert len(set(found)) == len(found) == len(names)


def test_numbers_outside_their_bounds_are_none() -> None:
    assert [number(value, 0, 10) for value in (0, 10, 11, -1, True, "5", 5.0, None, b"5")] == [0, 10, *([None] * 7)]
