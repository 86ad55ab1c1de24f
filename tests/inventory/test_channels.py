"""Channels against the profiles of their platforms, and what holds of them."""

import datetime as dt
from pathlib import Path

import pytest

from inventory.channels import askers, duty_of, services_of
from inventory.model import Office
from tests.inventory.offices import TODAY, broken, lines_of, office_in

PROFILE = "profile: pl-csizs-empatia"
ENDPOINT = "endpoints: [{name: csizs.example, port: 443, pinned: [192.0.2.80]}]"
SYSTEMS = "domain_systems:\n  - {name: sd-ps, title: Help, area: PS, device: app}\n"


def _text(keys: str = PROFILE, systems: str = SYSTEMS) -> str:
    return broken(ENDPOINT, f"{ENDPOINT}\n    {keys}") + systems


def _office(folder: Path, keys: str = PROFILE) -> Office:
    return office_in(folder, _text(keys)).require()


def _lines(folder: Path, text: str) -> list[str]:
    return [line for line in lines_of(office_in(folder, text)) if "channels" in line]


def test_a_channel_takes_its_duty_from_the_profile_and_its_own_goes_before(tmp_path: Path) -> None:
    [channel] = _office(tmp_path).channels
    duty = duty_of(channel)
    assert duty is not None
    assert (duty.warn, duty.late) == (dt.time(12), dt.time(15))
    [own] = _office(tmp_path, f'{PROFILE}\n    duty: {{warn: "10:00", late: "11:30"}}').channels
    assert duty_of(own) == own.duty
    [none] = _office(tmp_path, "canary: {path: /d}").channels
    assert duty_of(none) is None


def test_only_active_services_of_the_offices_areas_have_to_work(tmp_path: Path) -> None:
    office = _office(tmp_path, f"{PROFILE}\n    services: [{{name: krs, status: inactive}}]")
    wanted = {each.service.name: each.wanted for each in services_of(office, office.channels[0])}
    assert wanted["pesel"]
    assert wanted["zus-benefits"]
    # Of another area, not active by the profile, not active by the office's own word.
    assert not wanted["disability"]
    assert not wanted["cepik-drivers"]
    assert not wanted["krs"]


def test_those_who_ask_are_the_machines_of_domain_systems_that_a_flow_lets(tmp_path: Path) -> None:
    office = _office(tmp_path)
    assert [device.name for device in askers(office, office.channels[0], TODAY)] == ["app"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("profile: pl-csizs", "there is no profile pl-csizs; did you mean pl-csizs-empatia?"),
        (f"{PROFILE}\n    services: [{{name: pesell, status: active}}]", "did you mean pesel?"),
        ("services: [{name: pesel, status: active}]", "this channel names none"),
        (f'{PROFILE}\n    duty: {{warn: "12:00", late: "11:00"}}', "must be later than warn"),
        (
            f'{PROFILE}\n    notices: [{{begins: "2027-03-02T18:00:00+01:00", ends: "2027-03-02T17:00:00+01:00", '
            "reason: Work}]",
            "must be later than begins",
        ),
        (
            f'{PROFILE}\n    notices: [{{begins: "2027-03-02T18:00", ends: "2027-03-03T17:00:00+01:00", reason: w}}]',
            "must be a moment with its offset",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, keys: str, said: str) -> None:
    lines = _lines(tmp_path, _text(keys))
    assert any(line.startswith("e ") and said in line for line in lines), lines


def test_what_the_profile_knows_otherwise_is_noted(tmp_path: Path) -> None:
    lines = _lines(tmp_path, _text().replace("kind: https_mtls", "kind: ftps"))
    assert any("the profile knows this platform by https_mtls (historical" in line for line in lines)
    assert any("the profile does not know csizs.example" in line for line in lines)


def test_a_duty_that_nobody_could_be_seen_to_do_is_a_finding(tmp_path: Path) -> None:
    text = _text().replace('from: ["zone:srv@k"], to: ["channel:csizs"]', 'from: ["zone:mgmt"], to: ["channel:csizs"]')
    assert any(line.startswith("w ") and "asked every day" in line for line in _lines(tmp_path, text))
    # Without domain systems there is nobody to ask.
    assert not any(line.startswith("w ") for line in _lines(tmp_path, text.replace(SYSTEMS, "")))
