"""The words lists of equipment are written with, in Polish and English, and what they mean."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from inventory.model import DeviceKind, DeviceStatus

__all__ = ["Column", "Other", "column_of", "folded", "kind_of", "status_of", "total"]


class Column(StrEnum):
    """What a column says of a device."""

    NUMBER = "number"
    INVENTORY = "inventory"
    HOST = "host"
    LABEL = "label"
    KIND = "kind"
    VENDOR = "vendor"
    MODEL = "model"
    SERIAL = "serial"
    MAC = "mac"
    ADDRESS = "address"
    BUILDING = "building"
    ROOM = "room"
    OWNER = "owner"
    PERSON = "person"
    """Names of people, which an inventory of devices does not need."""
    BOUGHT = "bought"
    PRICE = "price"
    BUDGET = "budget"
    FIRMWARE = "firmware"
    SUPPORT = "support"
    STATUS = "status"


class Other(StrEnum):
    """What stands in lists of equipment beside the devices of a network."""

    NO_DEVICE = "no_device"
    """A monitor, a keyboard, a licence: nothing that has an address."""
    ROUTER = "router"
    """May be the office's firewall, may be a provider's box."""


_COLUMNS = {
    Column.NUMBER: ("lp", "l p", "poz", "pozycja", "no", "nr"),
    Column.INVENTORY: ("nr inwentarzowy", "numer inwentarzowy", "nr inw", "nr ewidencyjny", "asset tag",
                       "inventory no"),
    Column.HOST: ("nazwa komputera", "nazwa hosta", "nazwa sieciowa", "nazwa w sieci", "hostname", "host", "host name"),
    Column.LABEL: ("nazwa", "nazwa urzadzenia", "nazwa sprzetu", "urzadzenie", "sprzet", "opis", "name", "description"),
    Column.KIND: ("typ", "typ urzadzenia", "typ sprzetu", "rodzaj", "rodzaj sprzetu", "kategoria", "type", "kind",
                  "category"),
    Column.VENDOR: ("producent", "marka", "vendor", "manufacturer", "make"),
    Column.MODEL: ("model", "model urzadzenia", "marka i model", "producent i model", "producent model"),
    Column.SERIAL: ("nr seryjny", "numer seryjny", "nr fabryczny", "numer fabryczny", "nr ser", "s n", "sn", "serial",
                    "serial number", "serial no"),
    Column.MAC: ("mac", "adres mac", "mac adres", "mac address", "adres fizyczny"),
    Column.ADDRESS: ("ip", "adres ip", "ip address", "ipv4"),
    Column.BUILDING: ("budynek", "lokalizacja", "obiekt", "siedziba", "building", "site", "location"),
    Column.ROOM: ("pokoj", "nr pokoju", "numer pokoju", "pomieszczenie", "pok", "sala", "room"),
    Column.OWNER: ("stanowisko", "dzial", "komorka", "komorka organizacyjna", "sekcja", "department", "owner"),
    Column.PERSON: ("uzytkownik", "pracownik", "osoba", "osoba odpowiedzialna", "imie i nazwisko", "nazwisko", "user",
                    "employee"),
    Column.BOUGHT: ("data zakupu", "data nabycia", "data zak", "zakup", "zakupiono", "rok zakupu", "purchase date",
                    "purchased", "bought"),
    Column.PRICE: ("cena", "cena zakupu", "wartosc", "koszt", "price", "cost"),
    Column.BUDGET: ("budzet", "zrodlo finansowania", "finansowanie", "srodki", "budget", "funding"),
    Column.FIRMWARE: ("firmware", "wersja oprogramowania", "oprogramowanie sprzetowe"),
    Column.SUPPORT: ("koniec wsparcia", "wsparcie do", "end of support", "support end"),
    Column.STATUS: ("status", "stan"),
}  # fmt: skip

_KINDS: dict[DeviceKind | Other, tuple[str, ...]] = {
    DeviceKind.MOBILE_TERMINAL: ("terminal mobilny", "terminal przenosny", "otm", "tablet"),
    DeviceKind.COMPUTER: ("komputer", "laptop", "notebook", "stacja robocza", "pc", "aio", "all in one", "desktop",
                          "workstation", "computer", "terminal"),
    DeviceKind.PRINTER: ("drukarka", "urzadzenie wielofunkcyjne", "wielofunkcyjne", "mfp", "printer", "kserokopiarka",
                         "kopiarka", "ploter", "plotter", "copier"),
    DeviceKind.SWITCH: ("switch", "przelacznik"),
    DeviceKind.SERVER: ("serwer", "server", "nas"),
    DeviceKind.UPS: ("ups", "zasilacz awaryjny"),
    DeviceKind.ACCESS_POINT: ("access point", "punkt dostepowy", "ap"),
    DeviceKind.FIREWALL: ("firewall", "zapora", "utm", "brama"),
    Other.ROUTER: ("router", "ruter", "modem"),
    Other.NO_DEVICE: ("monitor", "skaner", "scanner", "telefon", "phone", "projektor", "klawiatura", "mysz", "glosnik",
                      "kamera", "pendrive", "dysk", "niszczarka", "stacja dokujaca", "licencja", "oprogramowanie",
                      "office", "windows", "czytnik", "listwa", "kabel"),
}  # fmt: skip

_STATUSES = {
    DeviceStatus.IN_USE: ("w uzyciu", "uzywany", "uzywana", "sprawny", "sprawna", "dziala", "aktywny", "in use",
                          "active"),
    DeviceStatus.STORED: ("magazyn", "w magazynie", "zapas", "rezerwa", "nieuzywany", "stored", "in stock"),
    DeviceStatus.RETIRED: ("zlikwidowany", "zlikwidowana", "zlikwidowano", "likwidacja", "do likwidacji", "wycofany",
                           "wycofana", "zezlomowany", "kasacja", "retired", "decommissioned"),
}  # fmt: skip

_TOTALS = ("razem", "suma", "ogolem", "lacznie", "total", "sum")


def folded(text: str) -> str:
    """Small letters without accents and punctuation: `Nr. Inwentarzowy` and `nr inwentarzowy` are one."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def column_of(header: str) -> Column | None:
    """What a column of that heading holds; the longest word known that it begins with decides."""
    said = folded(header)
    if "uzytkownik" in said or "nazwisko" in said:
        return Column.PERSON
    best: tuple[int, Column | None] = (0, None)
    for column, words in _COLUMNS.items():
        for word in words:
            if (said == word or (len(word) > 3 and said.startswith(f"{word} "))) and len(word) > best[0]:
                best = (len(word), column)
    return best[1]


def kind_of(text: str) -> DeviceKind | Other | None:
    """What a thing of that description is: the first word decides that means something."""
    said = f" {folded(text)}"
    best: tuple[int, int, DeviceKind | Other | None] = (len(said), 0, None)
    for kind, words in _KINDS.items():
        for word in words:
            # Polish words have endings: `drukarki`; short ones are meant whole.
            end = r"[a-z]*\b" if len(word) > 4 else r"\b"
            stem = word[:-1] if len(word) > 6 else word
            match = re.search(rf" {re.escape(stem)}{end}", said)
            if match is not None and (match.start(), -len(word)) < (best[0], -best[1]):
                best = (match.start(), len(word), kind)
    return best[2]


def status_of(text: str) -> DeviceStatus | None:
    """Where in its life a device is that somebody says this of."""
    said = folded(text)
    return next((status for status, words in _STATUSES.items() if said in words), None)


def total(text: str) -> bool:
    """Whether it heads a line of sums."""
    return folded(text).partition(" ")[0] in _TOTALS
