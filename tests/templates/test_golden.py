"""The whole output for the practice office, line by line. FOSA_UPDATE_GOLDEN=1 writes it anew."""

import datetime as dt
import os
from pathlib import Path

import pytest

from inventory.model import Office
from templates.linux_gateway.programs import Programs
from templates.render import ManagerKeys, day_zero, render

DATA = Path(__file__).parents[1] / "data/linux_gateway"
KEY = f"ssh-ed25519 {'A' * 68} comment"
PROGRAMS = Programs(
    gate={"verbs.py": "# The way in.\n", "__init__.py": "# The gate.\n"}, lines={"program.py": "# The lines.\n"}
)


def _texts(office: Office, name: str, today: dt.date) -> dict[str, str]:
    device = office.device(name)
    texts = {Path(file.path).name: file.text for file in render(office, device, today).files}
    texts["day_zero.sh"] = day_zero(office, device, ManagerKeys(read=KEY, write=KEY), today=today, programs=PROGRAMS)
    return texts


@pytest.mark.parametrize("name", ["gw-k", "gw-k2", "gw-b", "gw-c"])
def test_the_practice_office_is_written_as_before(pila: Office, today: dt.date, name: str) -> None:
    _compare(DATA / name, _texts(pila, name, today))


@pytest.mark.parametrize("name", ["gw-h", "gw-s"])
def test_the_rare_cases_are_written_as_before(small: Office, today: dt.date, name: str) -> None:
    _compare(DATA / "small" / name, _texts(small, name, today))


def test_the_same_office_gives_the_same_text(pila: Office, today: dt.date) -> None:
    for device in pila.managed:
        assert render(pila, device, today) == render(pila, device, today)


def _compare(folder: Path, texts: dict[str, str]) -> None:
    if os.environ.get("FOSA_UPDATE_GOLDEN"):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text)
    assert {path.name for path in folder.iterdir()} == set(texts)
    for name, text in texts.items():
        assert text == (folder / name).read_text(), name
