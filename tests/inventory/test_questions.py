"""What platforms are asked: hosts that the channel has, devices that are there."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ENDPOINT = "endpoints: [{name: csizs.example, port: 443, pinned: [192.0.2.80]}]"


def asked(folder: Path, questions: str, kind: str = "https_mtls") -> list[str]:
    text = broken(ENDPOINT, f"{ENDPOINT}\n    {questions}").replace("kind: https_mtls", f"kind: {kind}")
    return [line for line in lines_of(office_in(folder, text)) if "channels" in line]


@pytest.mark.parametrize(
    ("questions", "kind"),
    [
        ("canary: {path: '/slowniki?wsdl', operation: getDictionary, every_min: 30}", "https_mtls"),
        ("health: {device: app, port: 5588}", "xroad_ss"),
        ("ftp: {user: gops, password: 'env:FTP'}", "ftps"),
        ("time_stamps: {endpoint: csizs.example, path: /tsa}", "xroad_ss"),
    ],
)
def test_questions_of_each_kind_are_taken(tmp_path: Path, questions: str, kind: str) -> None:
    assert asked(tmp_path, questions, kind) == []


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ("canary: {path: /d, endpoint: other.example}", "the channel has no endpoint other.example"),
        ("canary: {path: '/d\"x'}", "must be the part of a web address behind the host"),
        ("canary: {path: /d, operation: 'get(1)'}", "must be an XML name"),
        ("canary: {path: /d, sha256: abc}", "must be a SHA-256"),
        ("canary: {path: /d, every_min: 1}", "must be at least 5"),
        ("health: {device: nobody, port: 5588}", "there is no device nobody"),
        ("health: {device: app, port: 5588}", "says nothing: only a channel of kind xroad_ss has it"),
        ("ftp: {user: 'a b', password: 'env:FTP'}", "must be an account"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(tmp_path: Path, questions: str, said: str) -> None:
    assert any(said in line for line in asked(tmp_path, questions)), asked(tmp_path, questions)


def test_a_device_without_an_address_cannot_be_asked(tmp_path: Path) -> None:
    text = broken(ENDPOINT, f"{ENDPOINT}\n    health: {{device: gone, port: 5588}}")
    text = text.replace("groups:\n", "  - {name: gone, kind: server, building: k, zone: srv}\ngroups:\n")
    assert any("cannot be asked" in line for line in lines_of(office_in(tmp_path, text)))
