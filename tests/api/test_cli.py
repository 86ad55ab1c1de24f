"""The command line: what it prints, what it exits with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from api.cli.memory import in_memory
from api.cli.output import Output
from api.settings import Settings, language_of

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"
FOSA = Path(sys.executable).parent / "fosa"
Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("arguments", "environ", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "pl_PL.UTF-8"}, "pl"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "pl_PL.UTF-8"}, "en"),
        ([], {"FOSA_LANG": "pl", "LC_ALL": "C"}, "pl"),
        (["check", "--lang", "pl"], {"FOSA_LANG": "en"}, "pl"),
        (["check", "--lang=en"], {"FOSA_LANG": "pl"}, "en"),
        (["check", "--lang"], {}, "en"),
    ],
)
def test_language_comes_from_option_then_environment(
    arguments: list[str], environ: dict[str, str], language: str
) -> None:
    assert language_of(arguments, environ) == language


def test_settings_come_from_the_environment_given() -> None:
    assert Settings.from_environ({"HOME": "/h"}).state == Path("/h/.local/state/fosa")
    assert Settings.from_environ({"HOME": "/h", "XDG_STATE_HOME": "/x"}).state == Path("/x/fosa")
    named = Settings.from_environ({"FOSA_STATE": "/s", "FOSA_INVENTORY": "/o"})
    assert (named.state, named.inventory) == (Path("/s"), Path("/o"))


def test_check_of_a_sound_office_is_done(capsys: Captured) -> None:
    assert run(["check", str(PILA)]) == Exit.DONE
    assert "0 errors, 0 warnings" in capsys.readouterr().out


def test_check_says_what_is_stated_and_not_itemised(capsys: Captured) -> None:
    run(["check", str(PILA)])
    assert "stated.devices: 200 stated, 179 itemised: 21 are unaccounted for" in capsys.readouterr().out


def test_check_as_json_is_one_object(capsys: Captured) -> None:
    assert run(["check", "--inventory", str(PILA), "--json"]) == Exit.DONE
    answer = json.loads(capsys.readouterr().out)
    assert answer["sound"] is True
    assert {"file", "line", "key", "severity", "message"} == set(answer["faults"][0])


def test_faults_are_bad_input_and_warnings_a_finding(tmp_path: Path, capsys: Captured) -> None:
    office = tmp_path / "office"
    shutil.copytree(PILA, office)
    flows = (office / "flows.yaml").read_text(encoding="utf-8")
    (office / "flows.yaml").write_text(flows.replace("review: 2029-12-31", "review: 2020-12-31", 1), encoding="utf-8")
    assert run(["check", str(office)]) == Exit.DIFFERENCE
    (office / "zones.yaml").unlink()
    assert run(["check", str(office)]) == Exit.BAD_INPUT
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch"], "nosuch"),
        (["check", "--nosuch"], "--nosuch"),
        (["render", "gw-x", "--inventory", str(PILA)], "gw-x"),
        (["render", "--inventory", "/nonexistent"], "/nonexistent"),
        (["render", "--inventory", str(PILA), "--out", "/proc/nothing"], "/proc/nothing"),
        (["push", "--revert-after", "1", "--inventory", str(PILA)], "10"),
        (["push", "--carrier", "pigeon", "--inventory", str(PILA)], "pigeon"),
    ],
)
def test_bad_input_is_one_message_and_3(words: list[str], said: str, capsys: Captured) -> None:
    assert run(words) == Exit.BAD_INPUT
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_render_prints_one_device_with_references_for_secrets(capsys: Captured) -> None:
    assert run(["render", "gw-b", "--inventory", str(PILA)]) == Exit.DONE
    text = capsys.readouterr().out
    assert "### gw-b:/etc/nftables.conf" in text
    assert "@secret{file:secrets/snmp-auth}@" in text
    assert "gw-c:/etc" not in text


def test_render_writes_files_and_what_ansible_needs(tmp_path: Path) -> None:
    assert run(["render", "--inventory", str(PILA), "--out", str(tmp_path)]) == Exit.DONE
    assert (tmp_path / "gw-k/etc/nftables.conf").read_text(encoding="utf-8").startswith("#!/usr/sbin/nft -f")
    # Piła ships without access: nobody has pinned a host key of it.
    assert (tmp_path / "ansible/hosts.yml").exists()


def test_schema_is_json_schema(capsys: Captured) -> None:
    assert run(["schema"]) == Exit.DONE
    assert "zones" in json.loads(capsys.readouterr().out)["properties"]


@pytest.mark.parametrize("command", ["plan", "push"])
def test_an_office_nobody_can_reach_is_4(command: str, capsys: Captured) -> None:
    assert run([command, "--inventory", str(PILA)]) == Exit.UNREACHABLE
    assert capsys.readouterr().err.count("does not say how to reach") == 14


def test_the_demo_in_memory_pushes_twice_and_says_what_is_not_real(capsys: Captured) -> None:
    assert in_memory(PILA, Output(as_json=False)) == Exit.DONE
    text = capsys.readouterr().out
    assert "Not real here" in text
    assert text.count("changed") >= 3
    assert text.rstrip().splitlines()[-1].startswith("nothing to do: gw-k, gw-b, gw-c, gw-k2, sw-k-1,")


def test_a_reader_that_stops_reading_is_no_traceback() -> None:
    with subprocess.Popen([str(FOSA), "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as schema:
        assert schema.stdout is not None
        assert schema.stderr is not None
        schema.stdout.close()
        assert schema.stderr.read() == b""


def test_no_command_at_all_is_the_help(capsys: Captured) -> None:
    run([])
    captured = capsys.readouterr()
    assert "Usage: fosa" in captured.out + captured.err
