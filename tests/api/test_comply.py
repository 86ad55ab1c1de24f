"""`fosa comply` as it is typed: what it prints, writes and exits with."""

import json
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from monitor.compliance.model import Report

PILA = str(Path(__file__).parents[2] / "inventory/examples/pila")

GATEWAYS = ("gw-k", "gw-b", "gw-c")


def test_what_would_be_pushed_to_the_examples_gateways_has_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["comply", "--intended", *GATEWAYS, "--inventory", PILA]) == Exit.DONE
    told = capsys.readouterr().out
    assert "judged: what would be pushed" in told
    assert "0 failed, 39 in order, 42 not decided" in told
    assert "coverage: 39 of 81 pairs of rule and device decided; 3 of 14 managed devices" in told
    assert "Draft catalogue" in told


def test_json_is_the_report_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["comply", "--intended", "gw-b", "--json", "--inventory", PILA]) == Exit.DONE
    report = Report.model_validate_json(capsys.readouterr().out)
    assert {finding.asset for finding in report.findings} == {"gw-b"}
    assert (report.coverage.assets_judged, report.coverage.assets_expected) == (1, 14)


def test_a_weak_inventory_fails_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The check of the inventory warns of this group; the rule lets it pass for the time being, and says so.
    for source in Path(PILA).glob("*.yaml"):
        (tmp_path / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    tunnels = tmp_path / "tunnels.yaml"
    text = tunnels.read_text(encoding="utf-8")
    tunnels.write_text(
        text.replace("  - name: k-b\n", "  - name: k-b\n    ike: [aes256gcm16-prfsha384-modp2048]\n"), encoding="utf-8"
    )
    assert run(["comply", "--intended", "gw-b", "--inventory", str(tmp_path)]) == Exit.DONE
    told = capsys.readouterr().out
    assert "k-b offers aes256gcm16-prfsha384-modp2048: modp2048 is below the crypto profile eu-bsi" in told


def test_the_html_report_is_written_in_the_language_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert run(["comply", "--intended", "gw-b", "--html", str(file), "--lang", "pl", "--inventory", PILA]) == Exit.DONE
    assert '<html lang="pl">' in file.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "nowhere" / "report.html"
    assert run(["comply", "--intended", "gw-b", "--html", str(file), "--inventory", PILA]) == Exit.BAD_INPUT
    assert "cannot write there" in capsys.readouterr().err


def test_two_bases_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["comply", "--intended", "--live", "--inventory", PILA]) == Exit.BAD_INPUT
    assert "only one of" in capsys.readouterr().err


def test_without_any_device_to_be_reached_nothing_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    # The example names no accounts: its devices cannot be asked.
    assert run(["comply", "--running", "--json", "--inventory", PILA]) == Exit.UNREACHABLE
    report = json.loads(capsys.readouterr().out)
    assert {finding["result"] for finding in report["findings"]} == {"unknown", "notchecked", "notapplicable"}
    assert len(report["problems"]) == report["coverage"]["assets_expected"]
    assert {clause["status"] for clause in report["clauses"]} == {"not_assessed"}


def test_the_table_says_of_every_rule_what_can_be_decided_and_why_not_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["comply", "--table"]) == Exit.DONE
    told = capsys.readouterr().out
    assert "MG-05   -                 decided" in told
    assert "ID-01   linux_gateway: the accounts of a gateway and their passwords are not read" in told
    assert "VP-01   every switch: tunnels end on gateways" in told


def test_the_table_as_json_is_by_rule_and_platform(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["comply", "--table", "--json"]) == Exit.DONE
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert rules["FW-01"]["linux_gateway"] == {"collected": "decided", "why": ""}
    assert rules["L2-02"]["linux_gateway"]["collected"] == "not_applicable"
