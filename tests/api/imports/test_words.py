"""What single words and cells of a list mean."""

import datetime as dt

import pytest

from api.imports import cells
from api.imports.cells import Cell, CellError
from api.imports.portruns import runs, same_ports
from api.imports.vocabulary import Column, Other, column_of, folded, kind_of, status_of
from inventory.model import DeviceKind, DeviceStatus


def test_headings_are_known_however_they_are_written() -> None:
    said = {
        "L.p.": Column.NUMBER,
        "NR SERYJNY": Column.SERIAL,
        "Nr inw.": Column.INVENTORY,
        "Cena brutto [zł]": Column.PRICE,
        "Data zakupu / przyjęcia": Column.BOUGHT,
        "Użytkownik/Stanowisko": Column.PERSON,
        "Stanowisko": Column.OWNER,
        "Adres MAC": Column.MAC,
        "Typ": Column.KIND,
        "Nazwa komputera": Column.HOST,
        "Nazwa": Column.LABEL,
        "Uwagi": None,
        "": None,
    }
    assert {heading: column_of(heading) for heading in said} == said


def test_kinds_are_known_by_the_first_word_that_means_one() -> None:
    said = {
        "Zestaw komputerowy z monitorem": DeviceKind.COMPUTER,
        "Monitor do komputera": Other.NO_DEVICE,
        "Urządzenie wielofunkcyjne": DeviceKind.PRINTER,
        "drukarki sieciowe": DeviceKind.PRINTER,
        "Przełącznik zarządzalny": DeviceKind.SWITCH,
        "Serwer NAS": DeviceKind.SERVER,
        "Terminal mobilny": DeviceKind.MOBILE_TERMINAL,
        "Zasilacz awaryjny UPS": DeviceKind.UPS,
        "Router": Other.ROUTER,
        "APC": None,
        "krzesło": None,
    }
    assert {text: kind_of(text) for text in said} == said


def test_letters_and_points_do_not_matter() -> None:
    assert folded("  Świadczenia-Łódź, ŻÓŁĆ. ") == "swiadczenia lodz zolc"
    assert status_of("Zlikwidowano") is DeviceStatus.RETIRED
    assert status_of("nie wiem") is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.date(2019, 3, 12), "2019-03-12"),
        (43536.0, "2019-03-12"),
        ("12.03.2019 r.", "2019-03-12"),
        ("2019-03-12", "2019-03-12"),
        ("31/12/2019", "2019-12-31"),
        ("brak", None),
    ],
)
def test_days(cell: Cell, day: str | None) -> None:
    assert cells.date(cell) == day


@pytest.mark.parametrize("cell", ["03/04/2019", "2019", "31.02.2019", "marzec 2019", "12.3.19", 2019])
def test_days_in_doubt_are_not_taken(cell: Cell) -> None:
    with pytest.raises(CellError):
        cells.date(cell)


def test_amounts() -> None:
    said: dict[str, Cell] = {
        "2 499,00 zł": 2499.0, "2\u00a0499,5": 2499.5, "1.899,-": 1899.0, "2499.99": 2499.99, "12.345.678": 12345678.0,
    }  # fmt: skip
    assert {text: cells.price(text) for text in said} == said
    assert cells.price(12.345) == 12.35 or cells.price(12.345) == 12.34
    for odd in ("2,499", "ok. 100", "1e3", "-5", -5.0):
        with pytest.raises(CellError):
            cells.price(odd)


def test_addresses() -> None:
    for text in ("00-1B-44-11-3A-B7", "00:1b:44:11:3a:b7", "001b.4411.3ab7", "001B44113AB7"):
        assert cells.mac(text) == "00:1b:44:11:3a:b7"
    for odd in ("00-1B-44-11-3A", "00-1B-44-11-3A-B7 / 00-1B-44-11-3A-B8", "zz:1b:44:11:3a:b7"):
        with pytest.raises(CellError):
            cells.mac(odd)
    assert cells.address("DHCP") is None
    assert cells.address(" 10.64.0.1 ") == "10.64.0.1"
    with pytest.raises(CellError):
        cells.address("10.64.0.1/24")


def test_serial_numbers() -> None:
    assert cells.serial(7300000131.0) == "7300000131"
    assert cells.serial("007") == "007"
    assert cells.serial("To be filled by O.E.M.") is None
    for rounded in ("1,23457E+12", 1.2345678901234567e17):
        with pytest.raises(CellError):
            cells.serial(rounded)


def test_ports_that_are_alike_stand_together() -> None:
    unused, desk = {"mode": "unused"}, {"mode": "access", "zone": "pc"}
    ports = [("a1", desk), ("a2", desk), ("a3", unused), ("a4", desk), ("b1", desk), ("x", unused), ("a07", desk)]
    entries = runs(ports)
    assert entries == [
        {"ports": ["a[1-2]", "a4", "b1", "a07"], **desk},
        {"ports": ["a3", "x"], **unused},
    ]
    assert same_ports(entries, [{"ports": [name], "label": "any", **said} for name, said in reversed(ports)])
    assert not same_ports(entries, entries[:1])
