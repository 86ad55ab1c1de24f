"""Which revisions the audit tells of, held against what the archive has."""

from __future__ import annotations

import datetime as dt

import pytest

from api.archive.kept import Listed
from api.archive.mentioned import Mention, first_lost, mentions
from api.chain import BEGINNING, Deed, link

ONE, TWO, TREE = "1" * 40, "2" * 40, "a" * 40


def told(action: str, after: str = "", subject: str = "device gw-b", **detail: str) -> list[Mention]:
    deed = Deed(who="anna", origin="page", action=action, subject=subject, after=after, detail=detail)
    return list(mentions(7, link(deed, dt.datetime(2026, 11, 23, tzinfo=dt.UTC), (6, BEGINNING)).model_dump_json()))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (told("archive.keep", ONE, tree=TREE), [(ONE, TREE)]),
        (told("device.adopt", ONE, why="it is right"), [(ONE, "")]),
        (told("drift.adopt", "digest", revision=ONE, why="x"), [(ONE, "")]),
        (told("drift.open", found=ONE, approved=TWO), [(ONE, ""), (TWO, "")]),
        (told("drift.open", found="", approved=""), []),
        (told("keys.look", ONE), []),
        (told("archive.keep", ONE, subject="office"), []),
    ],
)
def test_a_record_tells_of_its_revisions(found: list[Mention], expected: list[tuple[str, str]]) -> None:
    assert [(each.revision, each.tree) for each in found] == expected
    assert {(each.number, each.device) for each in found} <= {(7, "gw-b")}


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ([Listed(id=ONE, device="gw-b", tree=TREE)], ""),
        ([], "record 7 tells of revision 1111111111 of gw-b, which the history does not have"),
        ([Listed(id=TWO, device="gw-b", tree=TREE)], "which the history does not have"),
        ([Listed(id=ONE, device="gw-k", tree=TREE)], "which the history does not have"),
        ([Listed(id=ONE, device="gw-b", tree="b" * 40)], "which holds something else in the history"),
    ],
)
def test_what_the_archive_does_not_have_so_is_named(kept: list[Listed], said: str) -> None:
    lost = first_lost(told("archive.keep", ONE, tree=TREE), kept)
    assert (lost is None) == (said == "")
    assert lost is None or (lost[0] == 7 and said in str(lost[1]))
