"""The first approved text of a gateway, and what the desk writes down about its host key."""

from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeVar, cast

import pytest

from api.archive import verbs as archive
from api.archive.drifted import DRIFTS, DriftState
from api.archive.model import OriginKind
from api.dayzero.coming import Coming
from api.dayzero.handlers import ENROLMENTS, handlers
from api.dayzero.verbs import ADOPT, ENROL, Adopting, Enrolling
from api.desk.verb import Verb
from api.people.model import Caller
from inventory.errors import ConflictError, DriverError, InputError, SelectionError
from inventory.model import Access, Login
from inventory.model.base import Value
from playbooks.drivers.base import Failure, FailureKind
from tests.api.archive.offices import ANNA, EWA, Standing, standing

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)

FIRST, SECOND = "SHA256:" + "A" * 43, "SHA256:" + "B" * 43
ADOPTING = Adopting(device="gw-b", why="as it came")


@pytest.fixture
def there(tmp_path: Path) -> Standing:
    return standing(tmp_path)


def ask(there: Standing, caller: Caller, verb: Verb[Asked, Answer], asked: Asked) -> Answer:
    return cast("Answer", handlers(there.context)[verb.name].handle(caller, asked))


# ---- Adoption --------------------------------------------------------------------------------------------------------


def test_what_runs_is_approved_with_the_files_that_make_it(there: Standing) -> None:
    adopted = ask(there, EWA, ADOPT, ADOPTING)
    assert (adopted.already, adopted.differs, adopted.unknown) == (False, (), None)
    assert adopted.revision.approved
    assert adopted.revision.bundle, "it runs what the inventory says, so the files behind it are known"
    assert adopted.revision.origin.who == "ewa"
    assert there.deeds() == ["ewa device.adopt device gw-b"]
    assert adopted.undecided, "what nobody can decide is said, not passed over"


def test_said_twice_it_is_kept_once(there: Standing) -> None:
    first, second = ask(there, EWA, ADOPT, ADOPTING), ask(there, EWA, ADOPT, ADOPTING)
    assert (second.already, second.revision) == (True, first.revision)
    assert len(there.archive.revisions("gw-b")) == 1


def test_what_differs_from_the_inventory_is_its_first_drift(there: Standing) -> None:
    there.type_in("gw-b")
    adopted = ask(there, EWA, ADOPT, ADOPTING)
    assert [diff.section for diff in adopted.differs] == ["file /etc/nftables.conf"]
    assert "-# typed by hand" in adopted.differs[0].lines
    assert not adopted.revision.bundle, "nobody knows the files behind it"


def test_a_drift_nobody_had_approved_anything_before_ends_with_it(there: Standing) -> None:
    there.ask(ANNA, archive.LOOK, archive.Which(devices=("gw-b",)))
    adopted = ask(there, EWA, ADOPT, ADOPTING)
    kept = there.ledger.get(DRIFTS, "gw-b")
    assert kept is not None
    assert kept.value.state is DriftState.ADOPTED
    assert adopted.revision.origin.kind is OriginKind.ADOPTION


def test_what_moved_since_it_was_approved_is_a_drift_and_no_adoption(there: Standing) -> None:
    ask(there, EWA, ADOPT, ADOPTING)
    there.type_in("gw-b")
    with pytest.raises(ConflictError, match="fosa drift gw-b"):
        ask(there, EWA, ADOPT, ADOPTING)
    assert len(there.archive.revisions("gw-b")) == 1


def test_one_that_does_not_answer_is_not_adopted(there: Standing) -> None:
    there.drivers["gw-b"].faults = {"fetch": Failure(FailureKind.UNREACHABLE, "no answer in time")}
    with pytest.raises(DriverError, match="no answer in time"):
        ask(there, EWA, ADOPT, ADOPTING)
    assert there.archive.revisions("gw-b") == ()


def test_one_that_cannot_tell_what_differs_is_adopted_with_that_said(there: Standing) -> None:
    there.drivers["gw-b"].faults = {"normal": Failure(FailureKind.DEVICE, "no room")}
    adopted = ask(there, EWA, ADOPT, ADOPTING)
    assert "no room" in str(adopted.unknown)
    assert not adopted.revision.bundle


def test_what_fosa_does_not_configure_is_not_adopted(there: Standing) -> None:
    with pytest.raises(SelectionError):
        ask(there, EWA, ADOPT, Adopting(device="log-k", why="x"))


# ---- Enrolment -------------------------------------------------------------------------------------------------------


def enrolling(key: str, coming: Coming = Coming.NEW, device: str = "gw-b") -> Enrolling:
    return Enrolling(device=device, fingerprint=key, coming=coming)


def test_who_compared_which_key_is_written_down(there: Standing) -> None:
    ask(there, ANNA, ENROL, enrolling(FIRST))
    ask(there, ANNA, ENROL, enrolling(SECOND, Coming.REPLACED))
    kept = there.ledger.get(ENROLMENTS, "gw-b")
    assert kept is not None
    assert (kept.value.who, kept.value.fingerprint, kept.value.previous) == ("anna", SECOND, FIRST)
    assert there.deeds() == ["anna device.enrol device gw-b"] * 2


def test_another_key_than_the_pinned_one_is_no_enrolment(there: Standing) -> None:
    login = Login(address=IPv4Address("10.64.16.1"), user="fosa-read", host_key=f"ssh-ed25519 {'A' * 68}", key="file:k")
    access = Access(device="gw-b", read=login, write=login)
    there.office = there.office.model_copy(update={"access": (access,)})
    with pytest.raises(ConflictError, match="fosa replace gw-b"):
        ask(there, ANNA, ENROL, enrolling(FIRST))
    ask(there, ANNA, ENROL, enrolling(FIRST, Coming.REPLACED))
    assert len(there.deeds()) == 1


def test_a_device_the_service_does_not_know_is_refused(there: Standing) -> None:
    with pytest.raises(InputError, match="knows no such gateway"):
        ask(there, ANNA, ENROL, enrolling(FIRST, device="gw-new"))
    assert there.deeds() == []
