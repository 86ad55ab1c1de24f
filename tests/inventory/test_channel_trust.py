"""Whom a platform's hosts are believed by, and what we show them."""

from pathlib import Path

import pytest

from inventory.errors import SecretError
from inventory.secrets import SecretStore
from tests.inventory.offices import broken, lines_of, office_in

_PINNED = "pinned: [192.0.2.80]}]"
_PIN = "A" * 43 + "="


def test_a_channel_says_whom_it_believes_and_what_it_shows(tmp_path: Path) -> None:
    more = '\n    ca: public:ca/platform.pem\n    client_certificate: {secret: "file:ours.pem", lead_days: 30}'
    text = broken(_PINNED, f"pinned: [192.0.2.80], pins: ['{_PIN}']}}]{more}")
    channel = office_in(tmp_path, text).require().channel("csizs")
    assert (channel.ca, channel.endpoints[0].pins) == ("public:ca/platform.pem", (_PIN,))
    shown = channel.client_certificate
    assert shown is not None
    assert (shown.secret, shown.password, shown.lead_days) == ("file:ours.pem", None, 30)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("\n    ca: /etc/ssl/ca.pem", "must be a file of the inventory folder, such as public:ca/platform.pem"),
        ("\n    ca: public:../ca.pem", "must be a file of the inventory folder"),
        ("\n    ca: public:/etc/ca.pem", "must be a file of the inventory folder"),
        ("\n    ca: public:ca/.hidden", "must be a file of the inventory folder"),
        ("\n    client_certificate: {secret: ours.pem}", "must say where the secret is"),
        ('\n    client_certificate: {secret: "public:ours.pem"}', "must say where the secret is"),
        ('\n    client_certificate: {secret: "file:a", lead_days: 400}', "must be at most 365"),
    ],
)
def test_what_is_no_way_to_believe_or_to_show(tmp_path: Path, more: str, said: str) -> None:
    lines = lines_of(office_in(tmp_path, broken(_PINNED, _PINNED + more)))
    assert any(said in line for line in lines), lines


def test_a_pin_is_a_hash_of_a_key(tmp_path: Path) -> None:
    lines = lines_of(office_in(tmp_path, broken(_PINNED, "pinned: [192.0.2.80], pins: [abc]}]")))
    assert any("must be the SHA-256 of a public key in Base64" in line for line in lines), lines


def test_a_file_that_is_no_secret_may_be_open_to_others(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("one\ntwo\n")
    (tmp_path / "ca.pem").chmod(0o644)
    store = SecretStore(tmp_path)
    assert store.get("public:ca.pem").get_secret_value() == "one\ntwo\n"
    with pytest.raises(SecretError, match="can be read by others"):
        store.get("file:ca.pem")
    with pytest.raises(SecretError, match="cannot read"):
        store.get("public:other.pem")
    (tmp_path / "long.pem").write_bytes(bytes(2 << 20))
    with pytest.raises(SecretError, match="is longer than"):
        store.get("public:long.pem")
