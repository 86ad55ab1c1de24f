"""How one certificate stands: days, strength, use."""

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from monitor.certificates.chain import blame, links
from monitor.certificates.judging import Role, left_days, standing
from monitor.results import State
from tests.monitor.certificates.issuing import NAME, NOW, Issued, authority

CA = authority()
MIDDLE = CA.issue("Middle CA", ca=True, key="middle")


@pytest.mark.parametrize(
    ("left", "lead", "role", "state", "said"),
    [
        (365, 0, Role.CLIENT, State.UP, "is good until"),
        (89, 0, Role.CLIENT, State.UP, "ask for the next one"),
        (59, 0, Role.CLIENT, State.DEGRADED, "at most 60 days"),
        (59, 30, Role.CLIENT, State.DEGRADED, "at most 30 days"),
        (44, 0, Role.CLIENT, State.DEGRADED, "at most 45 days"),
        (6, 0, Role.CLIENT, State.DEGRADED, "at most 7 days"),
        (20, 30, Role.CLIENT, State.DEGRADED, "days its issuer takes for the next one: 30"),
        (-0.5, 0, Role.CLIENT, State.DOWN, "has ended"),
        (59, 0, Role.SERVER, State.UP, "is good until"),
        (13, 0, Role.SERVER, State.DEGRADED, "at most 14 days"),
    ],
)
def test_how_many_days_are_left(left: float, lead: int, role: Role, state: State, said: str) -> None:
    found = CA.issue(ends=left).read
    verdict = standing(found, role, NOW, lead, ours=role is not Role.SERVER)
    assert verdict[0] is state
    assert said in str(verdict[1])
    assert left_days(found, NOW) == pytest.approx(left)


@pytest.mark.parametrize(
    ("made", "role", "state", "said"),
    [
        (CA.issue(begins=1, ends=9), Role.SERVER, State.DOWN, "not valid before"),
        (CA.issue(key="rsa1024"), Role.SERVER, State.DEGRADED, "too weak: RSA 1024"),
        (CA.issue(purposes=[ExtendedKeyUsageOID.SERVER_AUTH]), Role.CLIENT, State.DEGRADED, "lacks clientAuth"),
        (CA.issue(purposes=[ExtendedKeyUsageOID.CLIENT_AUTH]), Role.SERVER, State.DEGRADED, "lacks serverAuth"),
        (CA.issue(purposes=[]), Role.CLIENT, State.UP, "good"),
        (CA.issue(), Role.AUTHORITY, State.DEGRADED, "is no authority"),
        (CA, Role.AUTHORITY, State.UP, "good"),
    ],
)
def test_whether_it_does_for_what_it_is_used_as(made: Issued, role: Role, state: State, said: str) -> None:
    verdict = standing(made.read, role, NOW)
    assert verdict[0] is state
    assert said in str(verdict[1])


@pytest.mark.parametrize(
    ("shown", "code", "said"),
    [
        ([CA.issue(names=["other.example"])], 62, "is for other.example, and not for csizs.example"),
        ([CA.issue(ends=-0.5)], 10, "csizs.example has ended"),
        ([MIDDLE.issue(), CA.issue("Middle CA", ca=True, key="middle", ends=-0.5)], 10, "Middle CA has ended"),
        ([MIDDLE.issue()], 20, "is issued by Middle CA, whom the server does not show"),
        ([authority(NAME)], 18, "has signed itself"),
        ([authority("Rogue", key="b").issue(), authority("Rogue", key="b")], 19, "the chain ends at Rogue"),
        ([authority("Test CA", key="b").issue()], 7, "was not signed by the Test CA"),
    ],
)
def test_the_certificate_to_blame_is_named(shown: list[Issued], code: int, said: str) -> None:
    assert said in str(blame([each.read for each in shown], [CA.read], code, NAME, NOW))


def test_a_chain_that_bites_its_tail_ends() -> None:
    one = authority("One", key="a").issue("Two", key="b", ca=True)
    two = authority("Two", key="b").issue("One", key="a", ca=True)
    found = links([one.read, two.read], [])
    assert [each.title for each in found] == ["Two", "One"]
