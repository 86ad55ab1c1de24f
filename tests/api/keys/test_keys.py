"""Keys at the desk: an authority, certificates, lists that reach every gateway, rotation, revocation."""

import base64
import datetime as dt
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from api.desk.verb import Nothing, Verb
from api.keys import verbs
from api.keys.handlers import daily
from api.keys.looking import OWN
from api.keys.model import Known, Level
from api.keys.place import file_of
from api.plans.model import Kind, PlanState, Risk
from api.plans.stamp import stamp
from inventory.errors import ConflictError, DriverError, InputError, RefusedError, SecretError, SelectionError
from inventory.model import Authentication, AuthenticationKind
from inventory.model.base import Value
from lab.pki import Authority as LabAuthority
from tests.api.keys.holders import GONE, number_of, request
from tests.api.keys.office import PASSPHRASE, Keyed
from tests.api.plans.offices import ANNA

ROTATION = verbs.Rotation(tunnel="k-b", why="yearly", passphrase=PASSPHRASE)


def serial_of(text: str) -> str:
    return f"{x509.load_pem_x509_certificate(text.encode()).serial_number:x}"


def known(keyed: Keyed) -> dict[str, list[tuple[Known, Level]]]:
    found: dict[str, list[tuple[Known, Level]]] = {}
    for row in keyed.ask(verbs.LIST, Nothing()).certificates:
        found.setdefault(row.certificate.where, []).append((row.certificate.known, row.level))
    return found


def test_nothing_is_signed_without_an_authority(keyed: Keyed) -> None:
    empty = verbs.Register(authority=False, lists=None, certificates=(), inventory=stamp(keyed.tried.office))
    assert keyed.ask(verbs.LIST, Nothing()) == empty
    with pytest.raises(ConflictError, match="fosa keys authority"):
        keyed.sign("gw-b")
    with pytest.raises(ConflictError):
        keyed.ask(verbs.DELIVER, Nothing())
    daily(keyed.tried.context, keyed.holder)


def test_an_authority_is_made_once_and_its_passphrase_stands_nowhere(keyed: Keyed) -> None:
    register = keyed.create()
    assert register.lists is not None
    assert register.lists.last == keyed.tried.now.date() + dt.timedelta(days=59)
    assert known(keyed) == {"authority": [(Known.AUTHORITY, Level.FINE)]}
    with pytest.raises(ConflictError, match="has an authority"):
        keyed.create()
    keyed.sign("gw-b")
    for entry in keyed.tried.ledger.entries():
        assert PASSPHRASE not in entry[1]
    assert PASSPHRASE not in repr(ROTATION) + repr(verbs.Creating(title="x", passphrase=PASSPHRASE))


def test_a_wrong_passphrase_changes_nothing(keyed: Keyed) -> None:
    keyed.equip()
    before = keyed.tried.ledger.last()
    wrong = {"passphrase": "nine tall poplars fall"}
    serial = serial_of(keyed.keys["gw-b"].files[OWN])
    cases: tuple[tuple[Verb[Any, Any], Value], ...] = (
        (verbs.SIGN, verbs.Signing(device="gw-b", request=request("x"), **wrong)),
        (verbs.RENEW, verbs.Renewing(**wrong)),
        (verbs.REVOKE, verbs.Revoking(serial=serial, why="lost", cut_off=True, **wrong)),
        (verbs.ROTATE, ROTATION.model_copy(update=wrong)),
    )
    for verb, asked in cases:
        with pytest.raises(RefusedError, match="passphrase"):
            keyed.ask(verb, asked)
    assert keyed.tried.ledger.last() == before


def test_a_lost_authority_comes_back_from_its_backup(keyed: Keyed) -> None:
    keyed.equip()
    keyed.ask(verbs.DELIVER, Nothing())
    sealed = keyed.ask(verbs.BACKUP, Nothing()).sealed
    back = verbs.Restoring(sealed=sealed, passphrase=PASSPHRASE)
    file_of(keyed.tried.folder).write_text("{}")
    with pytest.raises(SecretError, match="fosa keys restore"):
        keyed.sign("gw-b")
    with pytest.raises(RefusedError):
        keyed.ask(verbs.RESTORE, back.model_copy(update={"passphrase": "nine tall poplars fall"}))
    with pytest.raises(InputError, match="no backup"):
        keyed.ask(verbs.RESTORE, back.model_copy(update={"sealed": "{}"}))
    keyed.ask(verbs.RESTORE, back)
    assert keyed.sign("gw-b").authority == keyed.keys["gw-b"].files["/etc/swanctl/x509ca/office-ca.pem"]
    assert keyed.ask(verbs.DELIVER, Nothing()).failed == {}


def test_another_authoritys_backup_does_not_replace_this_one(
    keyed: Keyed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Keyed.at(tmp_path_factory.mktemp("other"))
    other.create()
    sealed = other.ask(verbs.BACKUP, Nothing()).sealed
    other.tried.ledger.close()
    keyed.create()
    with pytest.raises(ConflictError, match="another authority"):
        keyed.ask(verbs.RESTORE, verbs.Restoring(sealed=sealed, passphrase=PASSPHRASE))


def test_an_authority_that_is_taken_over_goes_on_revoking_what_it_had_revoked(keyed: Keyed) -> None:
    lab = LabAuthority("Practice office", keyed.tried.now)
    lost = lab.issue("old.mops.example")
    for name, holder in keyed.keys.items():
        holder.files = {OWN: lab.issue(f"{name}.mops.example").certificate}
    keyed.keys["gw-c"].files["/etc/swanctl/x509crl/office.crl.pem"] = lab.revocations(7, lost)
    own = lab.credentials
    asked = verbs.Adopting(certificate=own.certificate, key=own.key, passphrase=PASSPHRASE)
    keyed.keys["gw-b"].failure = GONE
    with pytest.raises(InputError, match="gw-b cannot be asked"):
        keyed.ask(verbs.ADOPT, asked)
    keyed.keys["gw-b"].failure = None
    keyed.ask(verbs.ADOPT, asked)
    keyed.keys["gw-c"].files.pop("/etc/swanctl/x509crl/office.crl.pem")
    keyed.ask(verbs.DELIVER, Nothing())
    assert all(holder.revoked == {serial_of(lost.certificate)} for holder in keyed.keys.values())


def test_each_day_a_newer_list_reaches_every_gateway_without_any_passphrase(keyed: Keyed) -> None:
    keyed.equip()
    daily(keyed.tried.context, keyed.holder)
    first = {
        name: number_of(holder.files["/etc/swanctl/x509crl/office.crl.pem"]) for name, holder in keyed.keys.items()
    }
    deeds = len(keyed.tried.deeds())
    daily(keyed.tried.context, keyed.holder)
    assert len(keyed.tried.deeds()) == deeds
    keyed.tried.now += dt.timedelta(days=1)
    keyed.keys["gw-c"].failure = GONE
    with pytest.raises(DriverError, match="gw-c: no answer"):
        daily(keyed.tried.context, keyed.holder)
    keyed.keys["gw-c"].failure = None
    daily(keyed.tried.context, keyed.holder)
    for name, holder in keyed.keys.items():
        assert number_of(holder.files["/etc/swanctl/x509crl/office.crl.pem"]) == first[name] + 1


def test_a_list_of_any_day_is_good_while_the_office_forgets_to_sign(keyed: Keyed) -> None:
    keyed.equip()
    for days in (30, 29, 30):
        keyed.tried.now += dt.timedelta(days=days)
        keyed.ask(verbs.DELIVER, Nothing())
        found = x509.load_pem_x509_crl(keyed.keys["gw-b"].files["/etc/swanctl/x509crl/office.crl.pem"].encode())
        assert found.next_update_utc is not None
        assert found.next_update_utc > keyed.tried.now
    keyed.ask(verbs.RENEW, verbs.Renewing(passphrase=PASSPHRASE))
    lists = keyed.ask(verbs.LIST, Nothing()).lists
    assert lists is not None
    assert lists.last == keyed.tried.now.date() + dt.timedelta(days=59)


def test_what_is_revoked_is_on_every_list_and_out_of_its_tunnels(keyed: Keyed) -> None:
    keyed.equip()
    serial = serial_of(keyed.keys["gw-b"].files[OWN])
    with pytest.raises(RefusedError, match="cut off"):
        keyed.ask(verbs.REVOKE, verbs.Revoking(serial=serial, why="stolen", passphrase=PASSPHRASE))
    keyed.keys["gw-b"].failure = keyed.keys["gw-c"].failure = GONE
    done = keyed.ask(verbs.REVOKE, verbs.Revoking(serial=serial, why="stolen", passphrase=PASSPHRASE, cut_off=True))
    assert (done.delivery.delivered, set(done.delivery.failed)) == (("gw-k", "gw-k2"), {"gw-b", "gw-c"})
    assert (done.ended, keyed.keys["gw-k"].ended) == (("k-b",), ["k-b"])
    keyed.keys["gw-c"].failure = None
    with pytest.raises(DriverError, match="gw-b"):
        daily(keyed.tried.context, keyed.holder)
    assert keyed.keys["gw-c"].revoked == keyed.keys["gw-k"].revoked == {serial}
    keyed.tried.now += dt.timedelta(days=3)
    keyed.ask(verbs.RENEW, verbs.Renewing(passphrase=PASSPHRASE))
    assert keyed.keys["gw-k"].revoked == {serial}
    with pytest.raises(ConflictError, match="revoked already"):
        keyed.ask(verbs.REVOKE, verbs.Revoking(serial=serial, why="again", passphrase=PASSPHRASE, cut_off=True))
    with pytest.raises(SelectionError):
        keyed.ask(verbs.REVOKE, verbs.Revoking(serial="ff", why="none", passphrase=PASSPHRASE))


def test_rotating_makes_a_plan_for_both_ends(keyed: Keyed) -> None:
    keyed.equip()
    rotated = keyed.ask(verbs.ROTATE, ROTATION, ANNA)
    plan = keyed.tried.plan(rotated.shown.plan.id)
    assert (plan.kind, plan.state, plan.author) == (Kind.ROTATE, PlanState.PROPOSED, "anna")
    assert {device.name for device in plan.devices} == {"gw-b", "gw-k", "gw-k2"}
    assert plan.waves[-1] == ("gw-k",)
    assert rotated.also == ("k-c", "k-platform")
    for device in plan.devices:
        (file,) = (file for file in device.files if file.path == OWN)
        made = x509.load_pem_x509_certificate(file.text.encode())
        asked = x509.load_pem_x509_csr(next(iter(keyed.keys[device.name].made.values())).encode())
        assert made.public_key() == asked.public_key()
        assert Risk.TUNNELS in device.risks
    assert "PRIVATE" not in plan.model_dump_json()


def test_what_was_replaced_is_nobodys_concern_and_may_be_revoked(keyed: Keyed) -> None:
    keyed.equip()
    old = serial_of(keyed.keys["gw-b"].files[OWN])
    keyed.tried.now += dt.timedelta(days=300)
    plan = keyed.tried.plan(keyed.ask(verbs.ROTATE, ROTATION).shown.plan.id)
    (file,) = (file for file in plan.device("gw-b").files if file.path == OWN)
    daily(keyed.tried.context, keyed.holder)
    assert (Known.ISSUED, Level.SOON) in known(keyed)["gw-b"]
    keyed.keys["gw-b"].files[OWN] = file.text
    daily(keyed.tried.context, keyed.holder)
    assert known(keyed)["gw-b"] == [(Known.ISSUED, Level.FINE), (Known.ISSUED, Level.GONE)]
    assert keyed.ask(verbs.REVOKE, verbs.Revoking(serial=old, why="old", passphrase=PASSPHRASE)).delivery.failed == {}


def test_an_end_that_makes_no_key_means_no_plan(keyed: Keyed) -> None:
    keyed.equip()
    keyed.keys["gw-b"].failure = GONE
    before = keyed.tried.ledger.last()
    with pytest.raises(DriverError, match="gw-b makes no key"):
        keyed.ask(verbs.ROTATE, ROTATION)
    assert keyed.tried.ledger.last() == before
    with pytest.raises(SelectionError):
        keyed.ask(verbs.ROTATE, ROTATION.model_copy(update={"tunnel": "k-x"}))


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_facts_of_the_platforms_certificate_are_taken_in(keyed: Keyed, encoding: Encoding) -> None:
    text = LabAuthority("Platform", keyed.tried.now).issue("ws.platform.example").certificate
    raw = x509.load_pem_x509_certificate(text.encode()).public_bytes(encoding)
    asked = verbs.Importing(data=base64.b64encode(raw).decode(), where="CSIZS", lead_days=30)
    (row,) = keyed.ask(verbs.IMPORT, asked).certificates
    assert (row.certificate.known, row.days, row.certificate.identities) == (
        Known.IMPORTED,
        700,
        ("ws.platform.example",),
    )
    with pytest.raises(SelectionError):
        keyed.ask(verbs.REVOKE, verbs.Revoking(serial=row.certificate.serial, why="x", passphrase=PASSPHRASE))


def test_no_private_key_is_taken_in(keyed: Keyed) -> None:
    own = LabAuthority("Platform", keyed.tried.now).issue("ws.platform.example")
    for text, why in ((own.certificate + own.key, "private key"), ("nonsense", "no X.509"), ("", "no X.509")):
        asked = verbs.Importing(data=base64.b64encode(text.encode()).decode(), where="CSIZS")
        with pytest.raises(InputError, match=why):
            keyed.ask(verbs.IMPORT, asked)
    with pytest.raises(InputError, match="base64"):
        keyed.ask(verbs.IMPORT, verbs.Importing(data="%", where="CSIZS"))


def test_a_shared_key_is_not_made_on_a_gateway(keyed: Keyed) -> None:
    keyed.equip()
    shared = Authentication(kind=AuthenticationKind.PSK, psk="file:secrets/shared")
    office = keyed.tried.office
    tunnels = tuple(each.model_copy(update={"authentication": shared}) for each in office.tunnels)
    keyed.tried.office = office.model_copy(update={"tunnels": tunnels})
    for tunnel, told in (("k-b", "where the inventory is at hand"), ("k-platform", "file:secrets/shared")):
        with pytest.raises(InputError, match=told):
            keyed.ask(verbs.ROTATE, ROTATION.model_copy(update={"tunnel": tunnel}))


def test_what_a_gateway_believes_stays_in_the_register(keyed: Keyed) -> None:
    keyed.equip()
    platform = LabAuthority("Platform", keyed.tried.now).certificate
    keyed.keys["gw-k"].files["/etc/swanctl/x509ca/platform-ca.pem"] = platform
    for _hour in range(2):
        keyed.ask(verbs.LOOK, Nothing())
        assert known(keyed)["gw-k"] == [(Known.ISSUED, Level.FINE), (Known.FOUND, Level.FINE)]
    del keyed.keys["gw-k"].files["/etc/swanctl/x509ca/platform-ca.pem"]
    keyed.ask(verbs.LOOK, Nothing())
    assert (Known.FOUND, Level.GONE) in known(keyed)["gw-k"]


def test_a_file_that_cannot_be_read_is_told_and_hides_nothing(keyed: Keyed) -> None:
    keyed.equip()
    platform = "/etc/swanctl/x509ca/platform-ca.pem"
    keyed.keys["gw-k"].files[platform] = LabAuthority("Platform", keyed.tried.now).certificate
    before = keyed.ask(verbs.LOOK, Nothing())
    assert (before.unreadable, before.unread) == ((), {})
    keyed.keys["gw-k"].files |= {platform: "torn", "/etc/swanctl/x509ca/another.pem": ""}
    keyed.keys["gw-c"].failure = GONE
    last = keyed.tried.ledger.last()[0]
    found = keyed.ask(verbs.LOOK, Nothing())
    assert [(bad.device, bad.path, str(bad.why)) for bad in found.unreadable] == [
        ("gw-k", "/etc/swanctl/x509ca/another.pem", "this is no X.509 certificate in PEM or DER"),
        ("gw-k", platform, "this is no X.509 certificate in PEM or DER"),
    ]
    assert list(found.unread) == ["gw-c"]
    assert found.certificates == before.certificates
    assert keyed.ask(verbs.LIST, Nothing()).unreadable == found.unreadable
    assert keyed.tried.ledger.last()[0] == last + 1
    keyed.ask(verbs.LOOK, Nothing())
    assert keyed.tried.ledger.last()[0] == last + 1
    del keyed.keys["gw-k"].files[platform], keyed.keys["gw-k"].files["/etc/swanctl/x509ca/another.pem"]
    assert keyed.ask(verbs.LOOK, Nothing()).unreadable == ()
    assert (Known.FOUND, Level.GONE) in known(keyed)["gw-k"]


def test_nothing_is_revoked_while_it_is_not_known_what_a_gateway_uses(keyed: Keyed) -> None:
    keyed.equip()
    serial = serial_of(keyed.keys["gw-b"].files[OWN])
    keyed.keys["gw-b"].files[OWN] = "torn"
    with pytest.raises(RefusedError, match="gw-b uses this certificate"):
        keyed.ask(verbs.REVOKE, verbs.Revoking(serial=serial, why="lost", passphrase=PASSPHRASE))
