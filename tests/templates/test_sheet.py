"""What is typed at a console: fixed words, and names that can be nothing but one word."""

import datetime as dt

import pytest

from inventory.errors import RenderError
from inventory.model import Office
from templates.linux_gateway.sheet import parts


def commands(office: Office, device: str, today: dt.date) -> list[str]:
    found = parts(office, office.device(device), today)
    return [step.command for part in found for step in part.steps if step.command]


def test_each_gateway_opens_its_own_tunnels_only(pila: Office, today: dt.date) -> None:
    opened = [each for each in commands(pila, "gw-k", today) if "--initiate" in each]
    assert [each.split("--child ")[1].split()[0] for each in opened] == ["k-platform"]
    assert any("--child k-b " in each for each in commands(pila, "gw-b", today))


@pytest.mark.parametrize("name", ["k-b; reboot", "$(reboot)", "k-b\nreboot", "k b", "`x`"])
def test_a_name_can_be_nothing_but_one_word(pila: Office, today: dt.date, name: str) -> None:
    tunnels = tuple(each.model_copy(update={"name": name}) for each in pila.tunnels)
    with pytest.raises(RenderError):
        parts(pila.model_copy(update={"tunnels": tunnels}), pila.device("gw-b"), today)


def test_every_line_fits_a_console_and_holds_no_placeholder(small: Office, today: dt.date) -> None:
    for device in ("gw-h", "gw-s"):
        for command in commands(small, device, today):
            assert "@secret" not in command
            assert len(command) <= 110, command
