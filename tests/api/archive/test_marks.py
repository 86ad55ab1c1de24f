"""Masked text becomes files again, by what the same lines were before; what nobody ever gave is named."""

from pathlib import Path

from pydantic import SecretStr

from api.archive.archive import Archive, KeptBundle
from api.archive.back import files_for
from api.archive.marks import Lost, files_of, loose, pairs
from api.archive.model import Origin, OriginKind
from api.plans.model import File
from templates.linux_gateway.gate.mask import Mask
from templates.secret import fill

SWANCTL, SNMPD = "/etc/swanctl/conf.d/fosa.conf", "/etc/snmp/snmpd.conf"
SECRETS = {"file:b.psk": "Correct-Horse-1", "file:c.psk": "Battery-Staple-2", "vault:v#snmp": "Tr0ub4dor-and-3"}


def bundle(*, more: str = "") -> KeptBundle:
    swanctl = f'secrets {{\n  secret = "@secret{{file:b.psk}}@"\n  secret = "@secret{{file:c.psk}}@"\n}}\n{more}'
    snmpd = 'createUser fosa SHA-256 "@secret{vault:v#snmp}@" AES "@secret{vault:v#snmp}@"\nrouser fosa\n'
    return KeptBundle((File(path=SWANCTL, mode=0o600, text=swanctl), File(path=SNMPD, mode=0o600, text=snmpd)))


def running(given: KeptBundle, owner: str = "") -> dict[str, str]:
    """What a gateway shows of these files."""
    mask = Mask(bytes(32))
    texts = {file: fill(file.text, lambda ref: SecretStr(SECRETS[ref])) for file in given.files}
    return {
        f"file {file.path}": f"# fosa: mode {file.mode:04o}\n{owner}{mask.text(text)}" for file, text in texts.items()
    }


def test_files_come_back_with_their_placeholders() -> None:
    shown = running(bundle())
    assert not any(secret in text for secret in SECRETS.values() for text in shown.values())
    assert files_of(shown, pairs(shown, bundle())) == bundle().files
    assert files_of(running(bundle(), "# fosa: owner 7:7\n"), pairs(shown, bundle())) == bundle().files


def test_a_line_typed_beside_them_stays() -> None:
    known = pairs(running(bundle()), bundle())
    assert files_of(running(bundle(more="# by hand\n")), known) == bundle(more="# by hand\n").files


def test_a_secret_nobody_gave_is_named_by_its_line() -> None:
    known = pairs(running(bundle()), bundle())
    shown = running(bundle())
    strange = {**shown, f"file {SNMPD}": shown[f"file {SNMPD}"] + "rocommunity <secret:0011223344556677>\n"}
    lost = files_of(strange, known)
    assert isinstance(lost, Lost)
    assert str(lost.reason) == f"line 3 of {SNMPD} holds a secret that fosa does not know"


def test_a_link_in_the_place_of_a_file_is_named() -> None:
    lost = files_of({f"file {SNMPD}": "# fosa: mode 0777\n(a link or no file)\n/tmp/x\n"}, {})
    assert isinstance(lost, Lost)
    assert str(lost.reason) == f"{SNMPD} is no plain file there"


def test_what_a_switch_shows_is_no_file_to_put_back() -> None:
    lost = files_of({"running-config": "hostname sw-b-1\n"}, {})
    assert isinstance(lost, Lost)
    assert str(lost.reason) == "no file is kept that would make it"


def test_a_live_section_without_its_file_is_loose() -> None:
    approved = {"kernel nftables": "a", "file /etc/nftables.conf": "a"}
    assert loose({**approved, "kernel nftables": "b"}, approved) == "kernel nftables"
    assert loose({"kernel nftables": "b", "file /etc/nftables.conf": "b"}, approved) == ""
    assert loose(approved, approved) == ""


def test_a_drift_is_turned_back_by_the_change_that_came_after_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    found = archive.keep(
        "gw-b", running(bundle(more="# by hand\n")), None, Origin(kind=OriginKind.DRIFT, who="schedule:change", why="")
    )
    change = Origin(kind=OriginKind.CHANGE, who="anna", why="x", plan="p-20261120-0001")
    archive.keep("gw-b", running(bundle()), bundle(), change)
    assert files_for(archive, found).files == bundle(more="# by hand\n").files
