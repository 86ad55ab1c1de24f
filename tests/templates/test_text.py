"""What playbooks and monitor share about this platform."""

import datetime as dt

import pytest

from inventory.model import Office
from templates.linux_gateway.gate.bundle import parse_file
from templates.linux_gateway.gate.managed import MANAGED, MODES, ManagedFile
from templates.linux_gateway.text import FILES, SECTIONS, managed_file, normal
from templates.render import render


def test_the_gate_and_the_templates_speak_of_the_same_files() -> None:
    assert {file.path for file in FILES} == set(MANAGED)
    assert {file.mode for file in FILES} <= set(MODES)


@pytest.mark.parametrize("which", ["pila", "small"])
def test_the_gate_takes_what_is_rendered(request: pytest.FixtureRequest, today: dt.date, which: str) -> None:
    office: Office = request.getfixturevalue(which)
    for device in office.gateways:
        rendered = render(office, device, today)
        assert [file.path for file in rendered.files] == [file.path for file in FILES]
        for file in rendered.files:
            entry: dict[str, object] = {"path": file.path, "mode": file.mode, "text": file.text}
            assert parse_file(entry) == (file.path, ManagedFile(file.mode, file.text))


def test_files_with_secrets_are_for_root_only(small: Office, today: dt.date) -> None:
    for file in render(small, small.device("gw-h"), today).files:
        assert file.mode == 0o600 or "@secret{" not in file.text


def test_every_section_is_named_once() -> None:
    assert len(SECTIONS) == len(set(SECTIONS))
    assert SECTIONS[:3] == ("kernel nftables", "charon connections", "sshd effective")
    assert managed_file("/etc/snmp/snmpd.conf").unit == "snmpd"
    with pytest.raises(KeyError):
        managed_file("/etc/passwd")


def test_a_normal_text_has_no_counters_and_no_trailing_space() -> None:
    text = "chain a {  \r\n\tcounter packets 12 bytes 3456 drop\t\n}\n\n\n"
    assert normal(text) == "chain a {\n\tcounter drop\n}\n"
    assert normal(normal(text)) == normal(text)
    assert normal(" \n\n") == ""
