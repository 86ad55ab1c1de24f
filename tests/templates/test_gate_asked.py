"""When platforms last answered, as the gate reads it from nft: exact, or a fault."""

import json

import pytest

from templates.linux_gateway.gate.asked import entries, settled
from templates.linux_gateway.gate.errors import GateError

LISTED = """\
table inet fosa {
	set asked {
		type ipv4_addr . ipv4_addr
		size 1024
		flags dynamic,timeout
		timeout 14d
		elements = { 0.0.0.0 . 0.0.0.0,
\t\t\t     10.64.2.10 . 192.0.2.80 }
	}

	set peers {
		type ipv4_addr
		elements = { 198.51.100.20 }
	}
}
"""


def _set(elements: str) -> str:
    return f'{{"nftables": [{{"metainfo": {{}}}}, {{"set": {{"timeout": 1209600{elements}}}}}]}}'


def test_what_packets_have_put_into_their_set_is_no_difference() -> None:
    other = LISTED.replace(",\n\t\t\t     10.64.2.10 . 192.0.2.80", "")
    empty = LISTED.replace("\t\telements = { 0.0.0.0 . 0.0.0.0,\n\t\t\t     10.64.2.10 . 192.0.2.80 }\n", "")
    assert settled(LISTED) == settled(other) == settled(empty) == empty


@pytest.mark.parametrize(
    "changed", [("flags dynamic,timeout", "flags timeout"), ("set asked", "set asked2"), ("198.51.100.20", "192.0.2.9")]
)
def test_everything_else_is_one(changed: tuple[str, str]) -> None:
    assert settled(LISTED.replace(*changed)) != settled(LISTED)


def test_ages_are_what_has_passed_of_the_time_that_nft_keeps_an_element() -> None:
    element = {"elem": {"val": {"concat": ["10.64.2.10", "192.0.2.80"]}, "expires": 1209588}}
    assert entries(_set(f', "elem": [{json.dumps(element)}]')) == [("10.64.2.10", "192.0.2.80", 12)]
    assert entries(_set("")) == []


@pytest.mark.parametrize(
    "text", ["", "{}", '{"nftables": []}', '{"nftables": [7]}', _set(', "elem": ["192.0.2.80"]'), _set(', "elem": 7')]
)
def test_another_form_is_a_fault(text: str) -> None:
    with pytest.raises(GateError, match="another form"):
        entries(text)
