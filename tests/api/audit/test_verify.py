"""Whatever is done to a chain behind fosa's back is found, and the first record it was done to is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from api.audit.checkpoint import Checkpoint, Signer, public_keys, signed
from api.audit.verify import FORGET, Fault, Row, Verdict, verify
from api.chain import BEGINNING, Deed, Entry, entry_hash, link
from inventory.errors import InputError
from inventory.words import speaking
from tests.api.audit.chains import NOW, chain

LENGTH = 12


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def keys(signer: Signer) -> dict[str, Ed25519PublicKey]:
    return dict(public_keys([signer.public()]))


def checkpoint(signer: Signer, row: Row) -> Checkpoint:
    return signer.sign("pila", (row[0], row[2]), NOW)


def fault(verdict: Verdict) -> tuple[Fault, int] | None:
    return None if verdict.finding is None else (verdict.finding.fault, verdict.finding.number)


def test_a_whole_chain_is_whole(signer: Signer, keys: dict[str, Ed25519PublicKey]) -> None:
    rows = chain(LENGTH)
    verdict = verify(rows, [checkpoint(signer, rows[4]), checkpoint(signer, rows[9])], keys)
    assert verdict == Verdict(first=1, last=LENGTH, checkpoints=2, proved_to=10)
    assert verify([], [], keys).finding is None


@pytest.mark.parametrize("at", range(LENGTH))
def test_every_record_is_watched(at: int, signer: Signer, keys: dict[str, Ed25519PublicKey]) -> None:
    rows, number = chain(LENGTH), at + 1
    proof = [checkpoint(signer, rows[-1])]
    entry = Entry.model_validate_json(rows[at][1])
    changed = entry.model_copy(update={"deed": entry.deed.model_copy(update={"who": "jan"})})
    told = [*rows]
    told[at] = (number, changed.model_dump_json(), rows[at][2])
    assert fault(verify(told, proof, keys)) == (Fault.BROKEN, number)
    # With its hash made to fit, the next one no longer follows it; the last one is not what was signed.
    told[at] = (number, changed.model_dump_json(), entry_hash(changed))
    wanted = (Fault.FOREIGN, number + 1) if number < LENGTH else (Fault.REWRITTEN, LENGTH)
    assert fault(verify(told, proof, keys)) == wanted
    told[at] = (number, "{}", rows[at][2])
    assert fault(verify(told, proof, keys)) == (Fault.BROKEN, number)
    gone = [row for row in rows if row[0] != number]
    assert fault(verify(gone, proof, keys)) == ((Fault.MISSING if number < LENGTH else Fault.CUT_OFF), number)


def test_what_was_put_in_or_exchanged_is_foreign(signer: Signer, keys: dict[str, Ed25519PublicKey]) -> None:
    rows = chain(LENGTH)
    proof = [checkpoint(signer, rows[-1])]
    other = chain(LENGTH, who="jan")
    assert fault(verify([*rows[:5], other[5], *rows[6:]], proof, keys)) == (Fault.FOREIGN, 6)
    assert fault(verify([*rows[:5], rows[4], *rows[5:]], proof, keys)) == (Fault.FOREIGN, 5)
    swapped = [*rows[:5], (6, *rows[6][1:]), (7, *rows[5][1:]), *rows[7:]]
    assert fault(verify(swapped, proof, keys)) == (Fault.FOREIGN, 6)


@pytest.mark.parametrize("begin", [1, 5, 10])
def test_a_chain_made_anew_is_found_by_the_first_checkpoint_after(
    begin: int, signer: Signer, keys: dict[str, Ed25519PublicKey]
) -> None:
    rows = chain(LENGTH)
    proofs = [checkpoint(signer, rows[at]) for at in (3, 7, 11)]
    before = rows[: begin - 1]
    anew = [*before, *chain(LENGTH - begin + 1, (begin - 1, before[-1][2] if before else BEGINNING), "jan")]
    wanted = min(one.number for one in proofs if one.number >= begin)
    verdict = verify(anew, proofs, keys)
    assert fault(verdict) == (Fault.REWRITTEN, wanted)
    assert verdict.proved_to < wanted


def test_a_tail_that_was_cut_off_is_missed(signer: Signer, keys: dict[str, Ed25519PublicKey]) -> None:
    rows = chain(LENGTH)
    proof = [checkpoint(signer, rows[9])]
    for left in range(10):
        assert fault(verify(rows[:left], proof, keys)) == (Fault.CUT_OFF, left + 1)
    # What came after the newest checkpoint is gone without a trace: that is what an hour is for.
    assert fault(verify(rows[:10], proof, keys)) is None


def test_without_a_checkpoint_nothing_is_proved(keys: dict[str, Ed25519PublicKey]) -> None:
    assert fault(verify(chain(3), [], keys)) == (Fault.UNPROVED, 3)


def test_a_checkpoint_that_nobody_signed_proves_nothing(
    signer: Signer, keys: dict[str, Ed25519PublicKey], tmp_path: Path
) -> None:
    rows = chain(3)
    good = checkpoint(signer, rows[2])
    others = Signer(tmp_path).sign("pila", (3, rows[2][2]), NOW)
    bent = [good.model_copy(update=change) for change in ({"hash": "0" * 64}, {"number": 2}, {"office": "x"}, {"at": NOW.replace(year=2025)}, {"signature": ""}, {"signature": "%"}, {"key": others.key})]  # fmt: skip  # noqa: E501
    for one in (others, others.model_copy(update={"key": good.key}), *bent):
        assert not signed(one, keys)
        assert verify(rows, [one], keys).finding is not None
        assert fault(verify(rows, [good, one], keys)) == (Fault.FORGED, one.number)
    both = {**keys, **public_keys([Signer(tmp_path).public()])}
    assert verify(rows, [good, others], both).finding is None


def test_two_checkpoints_that_contradict_each_other_are_noticed(
    signer: Signer, keys: dict[str, Ed25519PublicKey]
) -> None:
    rows, other = chain(3), chain(3, who="jan")
    for told in (rows, other):
        proofs = [checkpoint(signer, rows[2]), checkpoint(signer, other[2])]
        assert fault(verify(told, proofs, keys)) == (Fault.REWRITTEN, 3)


def test_a_beginning_that_was_let_go_needs_its_checkpoint_and_the_audits_own_word(
    signer: Signer, keys: dict[str, Ed25519PublicKey]
) -> None:
    rows = chain(8)
    told = Deed(who="schedule:audit", origin="schedule", action=FORGET, subject="audit", detail={"from": "6"})
    entry = link(told, NOW, (8, rows[-1][2]))
    whole = [*rows, (9, entry.model_dump_json(), entry_hash(entry))]
    anchor, end = checkpoint(signer, rows[4]), checkpoint(signer, whole[-1])
    assert verify(whole[5:], [anchor, end], keys) == Verdict(first=6, last=9, checkpoints=2, proved_to=9)
    assert fault(verify(whole, [anchor, end], keys)) is None
    # Without the checkpoint; with one of another record; more gone than was said; and nothing said at all.
    assert fault(verify(whole[5:], [end], keys)) == (Fault.MISSING, 1)
    assert fault(verify(whole[6:], [anchor, end], keys)) == (Fault.MISSING, 1)
    seventh = checkpoint(signer, rows[5])
    assert fault(verify(whole[6:], [anchor, seventh, end], keys)) == (Fault.MISSING, 1)
    assert fault(verify(whole[5:8], [anchor], keys)) == (Fault.MISSING, 1)


def test_what_is_wrong_is_said_in_polish_too(keys: dict[str, Ed25519PublicKey]) -> None:
    finding = verify(chain(3)[1:], [], keys).finding
    assert finding is not None
    with speaking("pl"):
        assert "1" in str(finding.text)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_byte_of_the_chain_changes_unseen(
    data: st.DataObject, signer: Signer, keys: dict[str, Ed25519PublicKey]
) -> None:
    rows = chain(5)
    proof = [checkpoint(signer, rows[4])]
    at = data.draw(st.integers(0, 4))
    number, text, mark = rows[at]
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != text[place]))
    bent = text[:place] + other + text[place + 1 :]
    verdict = verify([*rows[:at], (number, bent, mark), *rows[at + 1 :]], proof, keys)
    if verdict.finding is None:
        # The same record in another spelling: 09:00:01Z and 09:00:01z are one moment.
        assert Entry.model_validate_json(bent) == Entry.model_validate_json(text)
        return
    assert verdict.finding.number == number


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_what_is_no_key_is_said_so(text: str) -> None:
    with pytest.raises(InputError, match="no public key"):
        public_keys([text])


def test_a_key_of_another_kind_is_none() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = ec.generate_private_key(ec.SECP384R1()).public_key()
    text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(InputError, match="none of Ed25519"):
        public_keys([text])


def test_a_checkpoint_is_signed_as_anybody_can_check(signer: Signer, keys: dict[str, Ed25519PublicKey]) -> None:
    one = checkpoint(signer, chain(1)[0])
    said = {key: value for key, value in json.loads(one.model_dump_json()).items() if key != "signature"}
    payload = json.dumps({"fosa": "checkpoint", **said}, sort_keys=True, separators=(",", ":")).encode()
    assert payload == one.payload
