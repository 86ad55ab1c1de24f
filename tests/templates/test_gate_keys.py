"""Keys at the gate: made there, never shown, used only with a certificate that fits."""

import datetime as dt
import json
from pathlib import Path

import pytest

from lab.pki import Authority
from templates.linux_gateway.gate.bundle import parse_bundle
from templates.linux_gateway.gate.device import Device
from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.files import Files
from templates.linux_gateway.gate.keys import KEEP_KEYS, Keys
from templates.linux_gateway.gate.managed import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    NFTABLES,
    REVOCATIONS,
    SSHD,
    SWANCTL,
    ManagedFile,
)
from templates.linux_gateway.gate.renewal import opened_here
from templates.linux_gateway.gate.request import Request, parse
from templates.linux_gateway.gate.revocations import checked, parse_list

NOW = dt.datetime.now(dt.UTC)
OFFICE = Authority("Office", NOW)
OLD, NEW = OFFICE.issue("gw-b.mops.example"), OFFICE.issue("gw-b.mops.example")


@pytest.fixture
def device(tmp_path: Path) -> Device:
    """One with the old certificate and its key in use, and the new key waiting."""
    texts = {"etc/fosa/mask.key": "00" * 32, CERTIFICATE: OLD.certificate, KEY: OLD.key, AUTHORITY: OFFICE.certificate}
    for path, text in texts.items():
        place = tmp_path / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(0o600 if path == KEY else 0o644)
    made = Device(tmp_path)
    Keys(made).hold("new00001", NEW.key)
    return made


def certificate(text: str) -> dict[str, ManagedFile]:
    return {CERTIFICATE: ManagedFile(0o644, text)}


@pytest.mark.parametrize("words", ["newkey abcdefgh", "revocations", "reauthenticate k-b", "certificates"])
def test_only_the_write_account_does_anything_with_keys(words: str) -> None:
    assert parse("write", words).verb == words.split(maxsplit=1)[0]
    if words == "certificates":
        assert parse("read", words) == Request("certificates")
        return
    with pytest.raises(GateError):
        parse("read", words)


@pytest.mark.parametrize(
    "words", ["newkey", "newkey ../../x", "newkey abc", "reauthenticate", "reauthenticate --all", "revocations x"]
)
def test_refuses_every_other_word(words: str) -> None:
    with pytest.raises(GateError):
        parse("write", words)


def test_a_request_is_the_same_keys_when_asked_again(device: Device) -> None:
    first, again, other = (Keys(device).make(name)["request"] for name in ("abcdefgh", "abcdefgh", "abcdefgi"))
    key = device.root / "var/lib/fosa/keys/abcdefgh/key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "BEGIN CERTIFICATE REQUEST" in str(first)
    # ECDSA signs with a random number: the requests differ, the key in them does not.
    assert str(first).splitlines()[2] == str(again).splitlines()[2] != str(other).splitlines()[2]


def test_keeps_no_more_keys_than_it_needs(device: Device) -> None:
    for number in range(KEEP_KEYS + 3):
        Keys(device).hold(f"many{number:04}", NEW.key)
    assert len(list((device.root / "var/lib/fosa/keys").iterdir())) == KEEP_KEYS


def test_with_a_certificate_comes_its_key(device: Device) -> None:
    keys = Keys(device)
    assert keys.completed(certificate(NEW.certificate))[KEY] == ManagedFile(0o600, NEW.key)
    assert keys.completed(certificate(OLD.certificate))[KEY] == ManagedFile(0o600, OLD.key)
    assert keys.completed({}) == {}


@pytest.mark.parametrize(
    "text",
    [
        OFFICE.issue("gw-b.mops.example").certificate,
        Authority("Other", NOW).issue("gw-b.mops.example").certificate,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ],
)
def test_refuses_a_certificate_without_a_key_or_of_another_authority(device: Device, text: str) -> None:
    with pytest.raises(GateError) as refused:
        Keys(device).completed(certificate(text))
    assert (refused.value.code, refused.value.where) == ("invalid", CERTIFICATE)


def test_a_bundle_may_bring_one_certificate_and_no_key() -> None:
    files = [{"path": NFTABLES, "mode": 0o644, "text": ""}, {"path": SSHD, "mode": 0o644, "text": ""}]
    fine = {"path": CERTIFICATE, "mode": 0o644, "text": NEW.certificate}
    assert CERTIFICATE in parse_bundle(json.dumps({"files": [*files, fine]}).encode())
    for path, text in (
        (KEY, NEW.key),
        (CERTIFICATE, NEW.key),
        (CERTIFICATE, NEW.certificate + NEW.key),
        (CERTIFICATE, ""),
        (AUTHORITY, OFFICE.certificate),
    ):
        entry = {"path": path, "mode": 0o600, "text": text}
        with pytest.raises(GateError) as refused:
            parse_bundle(json.dumps({"files": [*files, entry]}).encode())
        assert refused.value.code == "invalid"


def test_no_answer_shows_a_key(device: Device) -> None:
    said = json.dumps([device.sections("", "", "", device.present()), Keys(device).certificates()])
    assert "PRIVATE" not in said
    assert OLD.certificate.splitlines()[3] in said
    assert f"file {CERTIFICATE}" in device.sections("", "", "", device.present())


def test_certificate_and_key_change_together_and_come_back_together(device: Device) -> None:
    keys, files = Keys(device), Files(device)
    assert files.changed({}) == []
    bundle = keys.completed(certificate(NEW.certificate))
    paths = [path for path in files.changed(bundle) if path in (CERTIFICATE, KEY)]
    assert paths == [CERTIFICATE, KEY]
    keys.keep_old(bundle)
    files.lay(bundle, paths)
    files.switch(bundle, paths)
    assert (device.place(KEY).read_text(), device.place(CERTIFICATE).read_text()) == (NEW.key, NEW.certificate)
    # Who undoes a confirmed change finds the old key still here.
    assert keys.completed(certificate(OLD.certificate))[KEY].text == OLD.key
    files.back(dict.fromkeys(paths, True))
    assert (device.place(KEY).read_text(), device.place(CERTIFICATE).read_text()) == (OLD.key, OLD.certificate)
    assert not [path for path in device.root.rglob("*") if ".fosa-" in path.name]


def sent(text: str, path: str = REVOCATIONS) -> bytes:
    return json.dumps({"files": [{"path": path, "mode": 0o644, "text": text}]}).encode()


def test_takes_one_list_and_nothing_else() -> None:
    text = OFFICE.revocations(3)
    assert parse_list(sent(text)) == text
    more = json.dumps({"files": [{"path": REVOCATIONS, "mode": 0o644, "text": text}] * 2}).encode()
    for raw in (b"", b"{", b"[" * 9999, sent(text, SSHD), sent(""), sent(text + text), sent(text + "x"), more):
        with pytest.raises(GateError) as refused:
            parse_list(raw)
        assert refused.value.code == "invalid"


def test_believes_lists_of_the_own_authority_that_are_not_over(device: Device) -> None:
    assert checked(device, OFFICE.revocations(3, OLD)) == 3
    assert checked(device, OFFICE.revocations(0xABCDEF)) == 0xABCDEF
    over = Authority("Office", NOW - dt.timedelta(days=800))
    for text in (Authority("Office", NOW).revocations(9), over.revocations(9)):
        with pytest.raises(GateError) as refused:
            checked(device, text)
        assert refused.value.code == "invalid"


def test_knows_which_tunnels_it_opens(device: Device) -> None:
    device.place(SWANCTL).parent.mkdir(parents=True)
    device.place(SWANCTL).write_text(
        "connections {\n    k-b {\n        children {\n            k-b {\n                start_action = none\n"
        "    k-platform {\n        children {\n            k-platform {\n                start_action = start\n"
    )
    assert opened_here(device) == {"k-platform"}
