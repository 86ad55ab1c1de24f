"""What charon lists, as readings: algorithms, counters over rekeyings, the better of two."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vici.protocol import Message

from monitor.errors import NonsenseError
from monitor.packets import Section, parse_message
from monitor.results import SaReading
from monitor.sas import Ledger, carries, established
from tests.monitor.replay import messages

_TUNNELS = ("k-b", "k-c", "k-platform")


def test_a_real_list_becomes_readings() -> None:
    sas = Ledger(_TUNNELS).read(_list("before"))
    assert list(sas) == list(_TUNNELS)
    sa = sas["k-b"]
    assert (sa.ike_state, sa.child_state, sa.ike_version) == ("ESTABLISHED", "INSTALLED", 2)
    assert (sa.local_identity, sa.remote_identity) == ("gw-k.mops.example", "gw-b.mops.example")
    assert (sa.local_networks, sa.remote_networks) == (("10.64.0.0/16",), ("10.64.16.0/20",))
    assert sa.ike is not None
    assert sa.ike.proposal == "aes256gcm16-prfsha384-ecp384"
    assert sa.child is not None
    assert (sa.child.proposal, sa.child.group) == ("aes256gcm16", "")
    assert carries(sa)


def test_a_child_names_its_group_once_it_was_rekeyed() -> None:
    child = Ledger(_TUNNELS).read(_list("after"))["k-b"].child
    assert child is not None
    assert child.proposal == "aes256gcm16-ecp384"


def test_a_tunnel_that_is_being_rekeyed_carries_on() -> None:
    sa = Ledger(_TUNNELS).read(_list("rekeying"))["k-b"]
    assert sa.child_state == "REKEYING"
    assert carries(sa)


def test_counters_start_with_the_watch_and_run_on_over_a_rekeying() -> None:
    ledger = Ledger(_TUNNELS)
    totals = [ledger.read(_list(name))["k-b"] for name in ("before", "rekeying", "after")]
    assert totals[0].received_bytes == 0
    counted = [_counted(sa) for sa in totals]
    assert counted == sorted(counted), "no counter ever goes back"
    without_the_old_child = _without_child(_list("after"), "k-b-3")
    assert _counted(ledger.read(without_the_old_child)["k-b"]) == counted[-1]


def test_counters_run_on_when_charon_starts_again() -> None:
    ledger = Ledger(_TUNNELS)
    ledger.read([])
    counted = _counted(ledger.read(_list("after"))["k-b"])
    assert counted > (0, 0, 0, 0)
    assert ledger.read([]) == {}
    assert _counted(ledger.read(_list("after"))["k-b"]) > counted


def test_rekeyings_are_counted_by_their_events() -> None:
    ledger = Ledger(_TUNNELS)
    for name, message in messages("events") * 2:
        ledger.rekeyed(name, message)
    sas = ledger.read(_list("after"))
    assert [(sa.ike_rekeys, sa.child_rekeys) for sa in sas.values()] == [(2, 2), (0, 0), (0, 0)]


def test_of_two_sas_the_one_that_carries_is_read() -> None:
    carrying, idle = _one("k-b"), _one("k-b", state=b"CONNECTING", uniqueid=b"9")
    for listed in ([carrying, idle], [idle, carrying]):
        assert Ledger(_TUNNELS).read(listed)["k-b"].ike_state == "ESTABLISHED"


def test_an_sa_without_its_child_stands_and_carries_nothing() -> None:
    sa = Ledger(_TUNNELS).read(_without_child(_list("before"), "k-b-3"))["k-b"]
    assert established(sa)
    assert not carries(sa)
    assert (sa.child_state, sa.child, sa.local_networks) == ("", None, ())


def test_connections_nobody_expects_are_passed_over() -> None:
    assert list(Ledger(("k-c",)).read(_list("before"))) == ["k-c"]


@pytest.mark.parametrize(
    ("algorithms", "proposal"),
    [
        ({"encr-alg": b"AES_CBC", "encr-keysize": b"128", "integ-alg": b"HMAC_SHA2_256_128"}, "aes128-sha256"),
        ({"encr-alg": b"AES_CTR", "encr-keysize": b"256", "integ-alg": b"HMAC_SHA2_512_256"}, "aes256ctr-sha512"),
        ({"encr-alg": b"AES_CCM_16", "encr-keysize": b"128"}, "aes128ccm16"),
        ({"encr-alg": b"CHACHA20_POLY1305", "encr-keysize": b"256"}, "chacha20poly1305"),
        ({"encr-alg": b"3DES_CBC", "integ-alg": b"HMAC_SHA1_96", "dh-group": b"MODP_1024"}, "3des-sha1-modp1024"),
        ({"encr-alg": b"AES_CBC", "encr-keysize": b"256", "integ-alg": b"AES_XCBC_96"}, "aes256-aesxcbc"),
        ({"encr-alg": b"CAMELLIA_CBC", "encr-keysize": b"192", "integ-alg": b"HMAC_MD5_96"}, "camellia192-md5"),
        ({"encr-alg": b"AES_GCM_16", "encr-keysize": b"128", "dh-group": b"CURVE_25519"}, "aes128gcm16-curve25519"),
        ({"encr-alg": b"AES_GCM_8", "encr-keysize": b"128", "dh-group": b"MODP_2048_256"}, "aes128gcm8-modp2048s256"),
        ({"encr-alg": b"AES_GCM_12", "encr-keysize": b"256", "dh-group": b"ECP_256_BP"}, "aes256gcm12-ecp256bp"),
        ({"encr-alg": b"KYBER_ENC", "prf-alg": b"PRF_AES128_XCBC"}, "kyberenc-prfaesxcbc"),
    ],
)
def test_algorithms_are_told_in_the_inventorys_words(algorithms: dict[str, bytes], proposal: str) -> None:
    sa = {"state": b"ESTABLISHED", "version": b"2", "uniqueid": b"1", **algorithms}
    reading = Ledger(("t",)).read([{"t": sa}])["t"]
    assert reading.ike is not None
    assert reading.ike.proposal == proposal


@pytest.mark.parametrize(
    "sa",
    [b"text", {"version": b"two"}, {"version": b"9" * 40}, {"child-sas": b""}, {"state": b"A" * 300}],
    ids=["no section", "no number", "long number", "no children", "long word"],
)
def test_what_charon_never_lists_is_nonsense(sa: Section | bytes) -> None:
    with pytest.raises(NonsenseError):
        Ledger(("t",)).read([{"t": sa}])


def test_odd_text_cannot_steer_a_terminal() -> None:
    sa = Ledger(("t",)).read([{"t": {"state": b"ESTABLISHED", "local-id": b"\x1b[2J\xffx"}}])["t"]
    assert sa.local_identity == "�[2J�x"


_ANYTHING = st.recursive(
    st.binary(max_size=8) | st.sampled_from([b"2", b"ESTABLISHED", b"t"]),
    lambda inner: st.dictionaries(
        st.sampled_from(["t", "state", "version", "child-sas", "name", "uniqueid", "spi-in", "local-ts", "use-in"]),
        inner | st.lists(st.binary(max_size=4), max_size=2),
        max_size=5,
    ),
)


@given(st.dictionaries(st.just("t"), _ANYTHING, max_size=1))
def test_any_message_is_a_reading_or_nonsense(message: dict[str, object]) -> None:
    try:
        readings = Ledger(("t",)).read([parse_message(Message.serialize(message))])
    except NonsenseError:
        return
    assert set(readings) <= {"t"}


def _list(name: str) -> list[Section]:
    return [message for event, message in messages(name) if event == "list-sa"]


def _one(tunnel: str, **changed: bytes) -> Section:
    message = next(copy.deepcopy(sa) for sa in _list("before") if tunnel in sa)
    message[tunnel].update(changed)  # type: ignore[union-attr]
    return message


def _without_child(listed: list[Section], child: str) -> list[Section]:
    for sa in listed:
        for section in sa.values():
            section["child-sas"].pop(child, None)  # type: ignore[call-overload, union-attr]
    return listed


def _counted(sa: SaReading) -> tuple[int, int, int, int]:
    return sa.received_bytes, sa.sent_bytes, sa.received_packets, sa.sent_packets
