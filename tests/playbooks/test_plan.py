"""A plan says what would change, in which section, and on which devices alike."""

from hypothesis import given
from hypothesis import strategies as st

from playbooks.plan import DevicePlan, PlanGroup, SectionDiff, digests, fingerprint, group, plan
from templates.linux_gateway.gate.change import fingerprint as gates_own

TEXT = st.lists(st.sampled_from(["a", "b", "c", "", "- x", "+ y", "--- z", "@@ 1", "\x0c"]), max_size=8).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


def test_equal_sections_need_no_change() -> None:
    assert plan("gw-k", {"a": "x\n", "b": ""}, {"a": "x\n", "b": ""}) == DevicePlan("gw-k", ())
    assert not plan("gw-k", {}, {}).changed


def test_says_what_comes_and_what_goes() -> None:
    made = plan("gw-k", {"kernel nftables": "a\nb\nc\n"}, {"kernel nftables": "a\nB\nc\n"})
    assert made.diffs == (SectionDiff("kernel nftables", ("@@ -1,3 +1,3 @@", " a", "-b", "+B", " c")),)
    assert (made.added, made.removed, made.changed) == (1, 1, True)


def test_a_section_that_is_only_on_one_side_is_a_difference() -> None:
    made = plan("gw-k", {"file /etc/old": "x\n"}, {"file /etc/new": "y\n"})
    assert [(diff.section, diff.changes) for diff in made.diffs] == [
        ("file /etc/new", ("+y",)),
        ("file /etc/old", ("-x",)),
    ]


def test_a_missing_last_line_end_is_a_difference() -> None:
    assert plan("gw-k", {"a": "x\n"}, {"a": "x"}).diffs[0].changes == ("-x", "+x (no end of line)")


@given(TEXT, TEXT)
def test_a_diff_leads_from_one_text_to_the_other(before: str, after: str) -> None:
    made = plan("gw-k", {"a": before}, {"a": after})
    assert made.changed == (before != after)
    assert made.added - made.removed == after.count("\n") - before.count("\n")


def test_groups_devices_with_the_same_change() -> None:
    same = ("old 1\n", "new 1\n")
    plans = [
        plan("gw-k", {"a": "here\n" + same[0]}, {"a": "here\n" + same[1]}),
        plan("gw-x", {"a": "x\n"}, {"a": "x\n"}),
        plan("gw-b", {"a": "there\n\n\n" + same[0]}, {"a": "there\n\n\n" + same[1]}),
        plan("gw-c", {"a": same[0]}, {"a": "another\n"}),
    ]
    assert group(plans) == (PlanGroup(("gw-k", "gw-b"), plans[0].diffs), PlanGroup(("gw-c",), plans[3].diffs))


@given(st.dictionaries(st.text(), st.text()))
def test_a_fingerprint_is_the_gates_own(sections: dict[str, str]) -> None:
    assert fingerprint(sections) == gates_own(sections)
    assert fingerprint(sections) == fingerprint(dict(reversed(sections.items())))
    assert fingerprint(sections) != fingerprint({**sections, "one more": ""})
    assert digests(sections).keys() == sections.keys()
