"""A list of equipment as Polish offices keep them: 179 rows, written by several people over many years."""

import datetime as dt
import shutil
from pathlib import Path

import inventory
from tests.api.imports.workbooks import Cell, write_workbook

HEADINGS: tuple[Cell, ...] = (
    "Lp.", "Nazwa", "Typ", "Producent", "Model", "Nr seryjny", "MAC", "Adres IP", "Budynek", "Pokój",
    "Użytkownik/Stanowisko", "Data zakupu", "Cena (zł)", "Stan", "Uwagi",
)  # fmt: skip
FIRST = 5
"""The row of the first device: above it a title, two lines of remarks, and the headings."""
BUILDINGS = ("Siedziba główna, serwerownia", "Budynek drugi", "budynek trzeci")
PLACES = {"Siedziba główna, serwerownia": "k", "Budynek drugi": "b", "budynek trzeci": "c"}

ODD: dict[int, dict[str, Cell]] = {
    7: {"Nr seryjny": None, "MAC": None, "Nazwa": "Komputer"},
    12: {"Nr seryjny": "CZC0000010", "Nazwa": "Komputer"},
    18: {"Budynek": "ul. Bydgoska 3"},
    23: {"Budynek": None},
    31: {"MAC": "00-1B-44-11-3A"},
    36: {"Data zakupu": "2016"},
    42: {"Cena (zł)": "ok. 2000"},
    48: {"Nr seryjny": "1,23457E+12"},
    55: {"Typ": "Router", "Nazwa": "Router"},
    61: {"Adres IP": "192.168.1.61"},
    77: {"Stan": "w naprawie"},
    83: {"Typ": "???", "Nazwa": "???", "Model": "8500"},
    140: {"Adres IP": "10.64.7.1"},
    150: {"Cena (zł)": "#N/D!"},
    160: {"Data zakupu": "03/04/2017"},
}
"""By Lp.: what is wrong with those rows."""
REFUSED = (7, 12, 18, 23, 55, 83, 140)
"""Those that cannot come in."""


def office_without_devices(folder: Path) -> Path:
    """The office of Piła as it was before anybody wrote its devices down."""
    source = Path(inventory.__file__).parent / "examples" / "pila"
    left = shutil.ignore_patterns("computers.yaml", "printers.yaml", "switches.yaml", "switching.yaml")
    shutil.copytree(source, folder, ignore=left)
    flows = folder / "flows.yaml"
    before, after = flows.read_text(encoding="utf-8").split("  # Switches:")
    flows.write_text(before + after[after.index("  # Servers\n") :], encoding="utf-8")
    return folder


def list_of_179(path: Path) -> Path:
    """The workbook; the building of the first five devices stands in one merged cell."""
    rows: list[list[Cell]] = [
        ["EWIDENCJA SPRZĘTU KOMPUTEROWEGO"],
        ["stan na dzień 31.12.2026"],
        [],
        list(HEADINGS),
        *(_row(number) for number in range(1, 180)),
    ]
    for row in rows[FIRST : FIRST + 4]:
        row[HEADINGS.index("Budynek")] = None
    rows.append([None, "Razem", None, None, None, None, None, None, None, None, None, None, 400000.0])
    column = chr(65 + HEADINGS.index("Budynek"))
    return write_workbook(path, rows, merged=[f"{column}{FIRST}:{column}{FIRST + 4}"], name="Ewidencja")


def _row(number: int) -> list[Cell]:
    what = _computer(number) if number <= 130 else _printer(number) if number <= 169 else _switch(number)
    what |= {"Lp.": float(number), "Data zakupu": dt.date(2015 + number % 9, 1 + number % 12, 1 + number % 28)}
    what |= ODD.get(number, {})
    return [what.get(str(heading)) for heading in HEADINGS]


def _computer(number: int) -> dict[str, Cell]:
    building = BUILDINGS[0 if number <= 60 else 1 if number <= 100 else 2]
    return {
        "Nazwa": f"PC-{number:03d}" if number % 3 else "Zestaw komputerowy",
        "Typ": "Laptop" if number % 5 == 0 else "Komputer stacjonarny",
        "Producent": "HP",
        "Model": "EliteDesk 800 G2",
        "Nr seryjny": f"CZC{number - 1:07d}",
        "MAC": f"00-1B-44-11-3A-{number:02X}",
        "Budynek": building,
        "Pokój": float(1 + number % 17),
        "Użytkownik/Stanowisko": "stanowisko ds. świadczeń",
        "Cena (zł)": "2 499,00 zł" if number % 2 else 2499.5,
        "Stan": "w użyciu" if number % 13 else "magazyn",
    }


def _printer(number: int) -> dict[str, Cell]:
    building = BUILDINGS[0 if number <= 148 else 1 if number <= 160 else 2]
    network = {"k": 7, "b": 23, "c": 39}[PLACES[building]]
    return {
        "Nazwa": "Drukarka laserowa",
        "Typ": "urządzenie wielofunkcyjne" if number % 4 == 0 else "Drukarka",
        "Producent": "Kyocera",
        "Model": "ECOSYS M2040dn",
        "Nr seryjny": float(7_300_000_000 + number),
        "MAC": f"0017.c8aa.{number:04x}",
        "Adres IP": f"10.64.{network}.{10 + (number - 131) % 20}",
        "Budynek": building,
        "Pokój": "korytarz",
        "Cena (zł)": "1.899,-",
        "Stan": "sprawna",
    }


def _switch(number: int) -> dict[str, Cell]:
    building = BUILDINGS[0 if number <= 174 else 1 if number <= 177 else 2]
    third = {"k": 0, "b": 16, "c": 32}[PLACES[building]]
    return {
        "Nazwa": f"sw-{PLACES[building]}-{number - 169}",
        "Typ": "przełącznik sieciowy",
        "Producent": "Cisco",
        "Model": "2960-X",
        "Nr seryjny": f"FOC1932X{number:03d}",
        "Adres IP": f"10.64.{third}.{number - 159}",
        "Budynek": building,
        "Pokój": "Serwerownia" if PLACES[building] == "k" else "Szafa dystrybucyjna",
        "Stan": "w użyciu",
    }
