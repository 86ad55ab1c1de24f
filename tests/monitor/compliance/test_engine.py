"""The check itself: what is old, unread or not understood is unknown, and one broken rule stops no other."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Platform
from inventory.sentence import say
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.collected import Collected, cell
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.table import RULES
from monitor.facts.ipsec import View
from monitor.facts.model import Facts
from monitor.facts.read import facts
from tests.monitor.compliance.cases import (
    CHARON,
    CHRONY,
    NFT,
    NOW,
    RSYSLOG,
    SNMP,
    SSH,
    TODAY,
    Changed,
    facts_of,
    failures,
    judged,
    of,
    pila,
    running,
    texts_of,
)

LIVE = Question(Basis.LIVE, NOW, TODAY)
ON_GATEWAYS = {
    rule for rule in RULES if cell(rule, Platform.LINUX_GATEWAY).collected in {Collected.DECIDED, Collected.PARTLY}
}
UNCOLLECTED = {rule for rule in RULES if cell(rule, Platform.LINUX_GATEWAY).collected is Collected.NO_COLLECTOR}


def test_the_table_has_the_rules_by_their_ids() -> None:
    assert list(RULES) == [
        *("VP-01", "VP-02", "VP-03", "VP-04", "VP-07", "VP-08", "FW-01", "FW-02", "FW-08"),
        *(f"MG-{n:02}" for n in range(1, 10)),
        *("ID-01", "ID-02", "ID-04", "ID-06", "ID-07", "ID-09", "LG-01", "TM-01", "TM-02"),
        *("L2-01", "L2-02", "L2-03", "L2-04", "L2-05", "SEG-01"),
    ]
    assert all(name == rule.id for name, rule in RULES.items())


def test_the_catalogue_names_each_rule_and_wants_only_those_that_are_not_there() -> None:
    named = {rule for clause in catalogue().clauses for rule in clause.rules}
    wanted = {rule.id for rule in catalogue().wanted}
    assert named == set(RULES) | wanted
    assert not set(RULES) & wanted


def test_of_a_device_that_was_not_read_nothing_is_known() -> None:
    problem = say("gw-b was not read")
    report = check(pila(), [Subject(pila().device("gw-b"), None, problem=problem)], LIVE, catalogue())
    assert {finding.result for finding in report.findings if finding.rule in ON_GATEWAYS} == {Result.UNKNOWN}
    assert {finding.rule for finding in report.findings} == set(RULES)
    assert report.problems == (problem,)
    assert (report.coverage.assets_judged, report.coverage.decided) == (0, 0)
    assert report.coverage.pairs == len(ON_GATEWAYS) + len(UNCOLLECTED)


@pytest.mark.parametrize("age", [dt.timedelta(hours=25), dt.timedelta(hours=-25)])
def test_what_was_read_too_long_ago_or_in_the_future_is_not_known(age: dt.timedelta) -> None:
    report = judged(pila(), running(facts_of(pila(), "gw-b"), NOW - age))
    undecided = {finding.rule for finding in report.findings if finding.result is Result.UNKNOWN}
    assert undecided == ON_GATEWAYS - {"VP-07"}


def test_what_was_read_an_hour_ago_counts() -> None:
    report = judged(pila(), running(facts_of(pila(), "gw-b"), NOW - dt.timedelta(hours=1)))
    assert {f.result for f in report.findings if f.rule in ON_GATEWAYS - {"VP-07"}} == {Result.PASS}


@pytest.mark.parametrize(
    ("part", "rules"),
    [
        ("firewall", {"FW-01", "FW-02", "FW-08", "VP-08", "MG-01"}),
        ("ipsec", {"VP-01", "VP-02", "VP-03", "VP-04"}),
        ("ssh", {"MG-03"}),
        ("snmp", {"MG-04"}),
        ("logging", {"LG-01", "FW-02"}),
        ("timing", {"TM-01"}),
    ],
)
def test_a_part_that_was_not_in_the_text_makes_its_rules_unknown(part: str, rules: set[str]) -> None:
    report = judged(pila(), replace(facts_of(pila(), "gw-b"), **{part: None}))  # type: ignore[arg-type]  # by name
    assert not failures(report)
    assert {f.rule for f in report.findings if f.result is Result.UNKNOWN} == rules


@pytest.mark.parametrize(
    ("source", "anchor", "rule"),
    [(SNMP, "\nrouser ", "MG-04"), (CHRONY, "\nmakestep ", "TM-01"), (CHARON, "\nconnections {", "VP-01")],
)
def test_a_text_that_is_mostly_strange_lets_nothing_pass(source: str, anchor: str, rule: str) -> None:
    strange = "".join(f"\nunheardof{n} of" for n in range(60))
    read = facts_of(pila(), "gw-b", Changed(source, anchor, strange + anchor))
    assert read.understood(source) < 0.9
    assert {finding.result for finding in of(judged(pila(), read), rule)} == {Result.UNKNOWN}


def test_what_fails_in_a_strange_text_still_fails() -> None:
    strange = "".join(f"\nunheardof{n} of" for n in range(60)) + "\nrocommunity public\nrouser "
    report = judged(pila(), facts_of(pila(), "gw-b", Changed(SNMP, "\nrouser ", strange)))
    assert "MG-04" in failures(report)


def test_ways_that_cannot_all_be_followed_prove_nothing() -> None:
    ring = Changed(NFT, "chain from_ps {\n", "chain from_ps {\n        jump from_ps\n")
    report = judged(pila(), facts_of(pila(), "gw-b", ring))
    undecided = {finding.rule for finding in report.findings if finding.result is Result.UNKNOWN}
    assert undecided == {"FW-01", "FW-02", "FW-08", "MG-01", "VP-08"}


def test_a_connection_that_stands_in_no_file_is_not_known_to_be_strong() -> None:
    read = facts_of(pila(), "gw-b")
    assert read.ipsec is not None
    typed = replace(read.ipsec.connections[0], name="typed", view=View.LOADED, proposals=None)
    more = replace(read, ipsec=replace(read.ipsec, connections=(*read.ipsec.connections, typed)))
    report = judged(pila(), more)
    undecided = {finding.rule for finding in report.findings if finding.result is Result.UNKNOWN}
    assert undecided == {"VP-02", "VP-03", "VP-04"}


SOURCES = (NFT, CHARON, SSH, SNMP, RSYSLOG, CHRONY)


@given(st.sampled_from(SOURCES), st.integers(0, 600), st.sampled_from(["", "}", "{", "accept", '"', "\x00\ufffd x"]))
@settings(max_examples=40)
def test_no_text_breaks_the_check(source: str, place: int, instead: str) -> None:
    texts = dict(texts_of(pila(), "gw-b"))
    lines = texts[source].split("\n")
    lines[place % len(lines)] = instead
    texts[source] = "\n".join(lines)
    read = facts("gw-b", Platform.LINUX_GATEWAY, Basis.RUNNING, texts, NOW)
    assert Result.ERROR not in {finding.result for finding in judged(pila(), read).findings}


def test_a_rule_that_breaks_is_an_error_and_the_others_go_on() -> None:
    def broken(case: Case) -> Iterable[Judged]:
        raise ZeroDivisionError("by a rule")

    rule = Rule("XX-01", 1, Severity.LOW, say("title"), say("why"), say("fix"), broken)
    subject = Subject(pila().device("gw-b"), facts_of(pila(), "gw-b"))
    question = Question(Basis.INTENDED, NOW, TODAY)
    report = check(pila(), [subject], question, catalogue(), {"XX-01": rule, "TM-01": RULES["TM-01"]})
    assert [(f.rule, f.result) for f in report.findings] == [("XX-01", Result.ERROR), ("TM-01", Result.PASS)]
    assert "by a rule" in str(report.findings[0].message)


def test_coverage_counts_pairs_and_the_whole_inventory() -> None:
    report = judged(pila(), facts_of(pila(), "gw-b"))
    coverage = report.coverage
    assert (coverage.assets_judged, coverage.assets_expected) == (1, len(pila().managed))
    assert (coverage.decided, coverage.pairs) == (13, 14 + len(UNCOLLECTED))
    assert coverage.devices_total == len(pila().devices) + sum(group.count for group in pila().groups)


def test_evidence_names_line_and_hash_of_the_masked_text() -> None:
    read = facts_of(pila(), "gw-b", Changed(NFT, "chain from_ps {\n", "chain from_ps {\n        tcp dport 1 accept\n"))
    (finding,) = failures(judged(pila(), read))["FW-01"]
    (evidence,) = finding.evidence
    section = read.section(NFT)
    assert section is not None
    assert (evidence.basis, evidence.source, evidence.sha256) == (Basis.INTENDED, NFT, section.sha256)
    assert evidence.line == 380
    assert evidence.read_at is None


def test_a_report_survives_its_own_json() -> None:
    report = judged(pila(), facts_of(pila(), "gw-b"))
    assert type(report).model_validate_json(report.model_dump_json()) == report


def test_the_same_facts_make_the_same_report() -> None:
    read: Facts = facts_of(pila(), "gw-c")
    assert judged(pila(), read, "gw-c") == judged(pila(), read, "gw-c")
