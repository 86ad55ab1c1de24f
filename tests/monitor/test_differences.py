"""Ends that differ from each other or from the inventory."""

import pytest

from inventory.model import Tunnel
from monitor.differences import differences
from monitor.results import Algorithms, DifferenceKind, SaReading
from tests.monitor.moments import sa

_TUNNEL = Tunnel.model_validate(
    {
        "name": "k-b",
        "ends": [
            {"device": "gw-k", "identity": "gw-k.gops.example", "networks": ["10.8.0.0/16"]},
            {"device": "gw-b", "identity": "gw-b.gops.example", "networks": ["10.8.16.0/20"]},
        ],
    }
)
_WEAK = Algorithms(proposal="aes128-sha1-prfsha1-modp1024", encryption="aes128", integrity="sha1", prf="prfsha1")


def _mirrored(one: SaReading) -> SaReading:
    """The same SA as the other end sees it."""
    return one.model_copy(
        update={
            "local_networks": one.remote_networks,
            "remote_networks": one.local_networks,
            "local_identity": one.remote_identity,
            "remote_identity": one.local_identity,
        }
    )


def test_two_ends_as_the_inventory_says_do_not_differ() -> None:
    assert differences(_TUNNEL, {"gw-k": sa(), "gw-b": _mirrored(sa())}) == ()


@pytest.mark.parametrize(
    ("changed", "kind", "found", "expected"),
    [
        ({"ike_version": 1}, DifferenceKind.VERSION, "IKEv1", "IKEv2"),
        ({"ike": _WEAK}, DifferenceKind.IKE_ALGORITHMS, _WEAK.proposal, "aes256gcm16-prfsha384-ecp384"),
        (
            {"child": Algorithms(proposal="aes128gcm16-ecp384", encryption="aes128gcm16", group="ecp384")},
            DifferenceKind.CHILD_ALGORITHMS,
            "aes128gcm16-ecp384",
            "aes256gcm16-ecp384",
        ),
        (
            {"remote_networks": ("10.8.19.0/24",)},
            DifferenceKind.NETWORKS,
            "10.8.0.0/16 - 10.8.19.0/24",
            "10.8.0.0/16 - 10.8.16.0/20",
        ),
        (
            {"remote_identity": "other.example"},
            DifferenceKind.IDENTITY,
            "gw-k.gops.example - other.example",
            "gw-k.gops.example - gw-b.gops.example",
        ),
    ],
)
def test_an_end_that_differs_from_the_inventory_is_told(
    changed: dict[str, object], kind: DifferenceKind, found: str, expected: str
) -> None:
    (difference,) = differences(_TUNNEL, {"gw-k": sa().model_copy(update=changed)})
    assert (difference.kind, difference.device, difference.against) == (kind, "gw-k", "inventory")
    assert (difference.found, difference.expected) == (found, expected)


def test_ends_that_differ_from_each_other_are_told() -> None:
    here = sa().model_copy(update={"ike": _WEAK, "remote_networks": ("10.8.19.0/24",)})
    found = differences(_TUNNEL, {"gw-k": here, "gw-b": _mirrored(sa())})
    assert [(one.kind, one.against) for one in found if one.against != "inventory"] == [
        (DifferenceKind.IKE_ALGORITHMS, "gw-b"),
        (DifferenceKind.NETWORKS, "gw-b"),
    ]


def test_a_first_child_has_no_group_and_lacks_nothing() -> None:
    rekeyed = sa().model_copy(
        update={"child": Algorithms(proposal="aes256gcm16-ecp384", encryption="aes256gcm16", group="ecp384")}
    )
    assert differences(_TUNNEL, {"gw-k": rekeyed, "gw-b": _mirrored(sa())}) == ()


def test_a_proposal_without_a_prf_means_its_integrity_algorithms() -> None:
    plain = _TUNNEL.model_copy(update={"ike": ("aes256-sha384-ecp384",)})
    taken = Algorithms(
        proposal="aes256-sha384-prfsha384-ecp384",
        encryption="aes256",
        integrity="sha384",
        prf="prfsha384",
        group="ecp384",
    )
    assert differences(plain, {"gw-k": sa().model_copy(update={"ike": taken})}) == ()


def test_any_of_several_proposals_will_do_but_not_a_mixture() -> None:
    two = _TUNNEL.model_copy(update={"ike": ("aes128gcm16-prfsha256-ecp256", "aes256gcm16-prfsha384-ecp384")})
    assert differences(two, {"gw-k": sa()}) == ()
    mixed = Algorithms(proposal="aes128gcm16-prfsha384-ecp384", encryption="aes128gcm16")
    (difference,) = differences(two, {"gw-k": sa().model_copy(update={"ike": mixed})})
    assert difference.expected == "aes128gcm16-prfsha256-ecp256, aes256gcm16-prfsha384-ecp384"


def test_nothing_is_said_of_what_is_down() -> None:
    down = sa().model_copy(update={"ike_state": "CONNECTING", "ike_version": 1, "ike": _WEAK})
    assert differences(_TUNNEL, {"gw-k": down, "gw-b": _mirrored(sa())}) == ()
