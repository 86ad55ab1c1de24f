"""Both ends of a tunnel that carries the change itself: new proposals come to both at once, or to neither."""

import pytest

from api.plans.laid import Laid, lay
from api.plans.model import mates
from playbooks.act import Actor, Direct
from playbooks.change import Changed, Failed, Outcome, Restored, change
from playbooks.order import Order
from playbooks.reach import Compared, Target, compare
from playbooks.verify import Verify, expected_tunnels
from templates.render import Rendered
from tests.playbooks.standing import SWANCTL, Standing, changed, differences, running, wait_for

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]

ENDS = ("gw-b", "gw-k")
IKE, ESP = "aes256-sha384-prfsha384-ecp521", "aes256-sha384-ecp521"
OTHER = "aes256-sha512-prfsha512-ecp521"


def proposing(bundle: Rendered, ike: str) -> Rendered:
    """The bundle with other proposals for k-b."""
    kinds = {"proposals": ike, "esp_proposals": ESP}

    def line(text: str) -> str:
        key, equals, _value = text.partition(" = ")
        return f"{key} = {kinds[key.strip()]}" if equals and key.strip() in kinds else text

    def file(text: str) -> str:
        head, start, rest = text.partition("    k-b {\n")
        own, end, others = rest.partition("\n    }\n")
        return head + start + "\n".join(map(line, own.split("\n"))) + end + others

    return changed(bundle, SWANCTL, file)


def laid(manager: Standing, bundles: dict[str, Rendered]) -> Laid:
    """As a plan lays it out."""
    found = compare(tuple(Target(name, manager.driver(name), bundle) for name, bundle in bundles.items()))
    compared = [each for each in found.values() if isinstance(each, Compared)]
    return lay(manager.office, [manager.office.device(name) for name in bundles], compared)


def pushed(manager: Standing, bundles: dict[str, Rendered], revert_after: int = 60) -> dict[str, Outcome]:
    """Both ends, laid out like that."""
    layout = laid(manager, bundles)
    assert layout.waves == (("gw-k", "gw-b"),)

    def order(name: str) -> Order:
        tunnels = expected_tunnels(manager.office, manager.office.device(name))
        return Order(name, bundles[name], tunnels, mates=mates(layout.together, name))

    drivers = {name: manager.driver(name) for name in bundles}
    actor = Actor(drivers, revert_after, Verify(patience=revert_after / 2))
    return change([[order(name) for name in wave] for wave in layout.waves], Direct(actor))


def test_new_proposals_come_to_both_ends_at_once_and_go_again(manager: Standing) -> None:
    old = {name: manager.bundle(name) for name in ENDS}
    both: dict[str, Outcome] = {"gw-k": Changed(), "gw-b": Changed()}
    assert pushed(manager, {name: proposing(old[name], IKE) for name in ENDS}) == both
    assert "AES_CBC-256/HMAC_SHA2_384_192/PRF_HMAC_SHA2_384/ECP_521" in agreed(manager)
    assert pushed(manager, old) == both
    assert "AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384" in agreed(manager)


def agreed(manager: Standing) -> str:
    """What the hub says of the tunnel."""
    return manager.console("gw-k", "swanctl --list-sas --ike k-b")


def test_where_the_new_terms_do_not_agree_either_both_ends_go_back(manager: Standing) -> None:
    before = {name: running(manager.driver(name)) for name in ENDS}
    bundles = {name: proposing(manager.bundle(name), ike) for name, ike in zip(ENDS, (IKE, OTHER), strict=True)}
    outcomes = pushed(manager, bundles, 20)
    assert all(isinstance(outcome, Failed) for outcome in outcomes.values()), outcomes
    # Reached without the tunnel, whatever becomes of the other end.
    assert isinstance(near := outcomes["gw-k"], Failed)
    assert near.restored is Restored.YES
    for name in ENDS:
        wait_for(manager.driver(name), 60)
        assert differences(manager.driver(name), before[name]) == []
