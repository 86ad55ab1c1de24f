"""The journal and the files of the gate: one winner, and a way back that needs no room and may be walked twice."""

import contextlib
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from templates.linux_gateway.gate.device import Device
from templates.linux_gateway.gate.disk import write
from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.files import Files
from templates.linux_gateway.gate.journal import KEEP_OUTCOMES, Journal
from templates.linux_gateway.gate.managed import MANAGED, MODES, NFTABLES, Bundle, ManagedFile

TOKEN = "abcdefgh"


def device(root: Path) -> Device:
    (root / "etc/fosa").mkdir(parents=True)
    (root / "etc/fosa/mask.key").write_text("00" * 32)
    return Device(root)


def armed(journal: Journal, token: str = TOKEN) -> None:
    (journal.candidates / token).mkdir()
    (journal.candidates / token / "journal.json").write_text("{}")
    journal.arm(token)


def test_exactly_one_of_confirm_and_revert_wins(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    wins = {"confirm": 0, "claim": 0}
    for number in range(40):
        token = f"{TOKEN}{number:02}"
        armed(journal, token)
        start = threading.Barrier(2)
        won: list[str] = []

        def attempt(verb: str, start: threading.Barrier = start, won: list[str] = won, token: str = token) -> None:
            start.wait()
            with contextlib.suppress(GateError):
                getattr(Journal(tmp_path), verb)(token)
                won.append(verb)

        threads = [threading.Thread(target=attempt, args=(verb,)) for verb in wins]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        wins[won[0]] += 1
        assert journal.outcome(token) == ("confirmed" if won == ["confirm"] else "reverting")
        if won == ["claim"]:
            journal.finish(journal.claim(token), f"{token}.reverted")
    assert sum(wins.values()) == 40


def test_knows_why_a_token_is_not_armed(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(GateError) as unknown:
        journal.confirm(TOKEN)
    armed(journal)
    journal.confirm(TOKEN)
    with pytest.raises(GateError) as late:
        journal.claim(TOKEN)
    assert (unknown.value.code, late.value.code, late.value.text) == ("unknown_token", "expired", "already confirmed")


def test_a_restore_that_was_cut_short_can_be_claimed_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    armed(journal)
    assert journal.claim(TOKEN) == journal.claim(TOKEN)
    assert journal.busy() == f"{TOKEN}.reverting"
    journal.finish(journal.claim(TOKEN), f"{TOKEN}.reverted")
    assert (journal.busy(), journal.outcome(TOKEN)) == ("", "reverted")


def test_a_change_is_an_orphan_when_its_sleeper_is_gone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    armed(journal)
    assert journal.orphaned(TOKEN)
    watch = journal.watch(TOKEN)
    assert not journal.orphaned(TOKEN)
    journal.claim(TOKEN)
    assert not journal.orphaned(TOKEN)
    os.close(watch)
    assert journal.orphaned(TOKEN)


def test_only_one_request_is_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("templates.linux_gateway.gate.journal.LIMIT_SECONDS", 0)
    journal = Journal(tmp_path)
    with journal.alone(), pytest.raises(GateError) as refused, Journal(tmp_path).alone():
        pass
    assert refused.value.code == "busy"


def test_keeps_the_newest_outcomes(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for number in range(KEEP_OUTCOMES + 5):
        armed(journal, f"{TOKEN}{number:02}")
        journal.confirm(f"{TOKEN}{number:02}")
        os.utime(journal.done / f"{TOKEN}{number:02}.confirmed", (number, number))
        journal.finish(journal.done / f"{TOKEN}{number:02}.confirmed", "")
    assert len(list(journal.done.iterdir())) == KEEP_OUTCOMES
    assert not list(journal.done.glob("*/*"))


FILE = st.builds(ManagedFile, st.sampled_from(MODES), st.text(st.characters(codec="ascii"), max_size=20))
STATE = st.dictionaries(st.sampled_from(MANAGED), FILE)


@settings(max_examples=20)
@given(STATE, STATE)
def test_the_way_back_leads_back(tmp_path_factory: pytest.TempPathFactory, before: Bundle, after: Bundle) -> None:
    here = device(tmp_path_factory.mktemp("device"))
    files = Files(here)
    for path, file in before.items():
        here.place(path).parent.mkdir(parents=True, exist_ok=True)
        write(here.place(path), file.text, file.mode)
    was = here.present()
    changed = files.changed(after)
    existed = {path: path in was for path in changed}

    files.lay(after, changed)
    assert here.present() == was
    files.switch(after, changed)
    assert {path: file.mode for path, file in here.present().items()} == {
        path: file.mode for path, file in after.items()
    }
    assert not files.changed(after) or os.geteuid() != 0
    files.back(existed)
    assert here.present() == was
    files.back(existed)
    assert {path: file for path, file in here.present().items() if existed.get(path, True)} == was
    assert not [name for name in here.root.rglob("*") if "fosa-" in name.name]


def test_a_full_disk_is_seen_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("templates.linux_gateway.gate.files.MARGIN", 1 << 62)
    with pytest.raises(GateError) as refused:
        Files(device(tmp_path)).room({}, tmp_path)
    assert refused.value.code == "no_space"


def test_a_link_in_the_place_of_a_file_is_a_difference(tmp_path: Path) -> None:
    here = device(tmp_path)
    here.place(NFTABLES).symlink_to("/etc/passwd")
    assert "root:" not in here.present()[NFTABLES].text
    assert NFTABLES in Files(here).changed({})
