"""Ansible: the plays by hand, and no secret in anything a run leaves or says."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.cli.exits import Exit
from playbooks.byhand import Hand, write_by_hand
from playbooks.drivers.ansible import AnsibleCarrier
from playbooks.drivers.base import Failure, Staged
from playbooks.drivers.gateway import GatewayDriver
from templates.secret import references
from tests.playbooks.standing import Standing

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

PLAYBOOKS = Path("playbooks").resolve()
PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")


def planted(standing: Standing) -> list[bytes]:
    """Every secret the files of the gateways need, and a line of each private key."""
    texts = [file.text for device in standing.office.gateways for file in standing.bundle(device.name).files]
    refs = {ref for text in texts for ref in references(text)}
    found = [standing.secrets.get(ref).get_secret_value() for ref in refs]
    access = standing.access("gw-b")
    keys = [standing.secrets.get(login.key).get_secret_value() for login in (access.read, access.write)]
    assert len(found) >= 2
    return [secret.encode() for secret in found] + [key.splitlines()[3].encode() for key in keys]


def leaks(secrets: list[bytes], folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(secret in path.read_bytes() for secret in secrets)]


def play(out: Path, *more: str, cwd: Path = PLAYBOOKS) -> subprocess.CompletedProcess[str]:
    argv = [str(PLAYBOOK), "-i", str(out / "hosts.yml"), *more, str(PLAYBOOKS / "push.yml")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {"ANSIBLE_HOME": str(out / "home"), "ANSIBLE_LOCAL_TEMP": str(out / "tmp"), "LC_ALL": "C.UTF-8"}
    return subprocess.run(argv, capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=150)


def test_the_plays_run_by_hand_and_say_no_secret(manager: Standing, tmp_path: Path) -> None:
    hands = [Hand(manager.access(name), manager.bundle(name), ("k-b",)) for name in ("gw-b", "gw-k")]
    write_by_hand(tmp_path, manager.folder, hands)
    manager.console("gw-b", "nft add table inet byhand")

    first = play(tmp_path, "-vvvv")
    assert first.returncode == 0, first.stdout[-3000:]
    assert "byhand" not in manager.console("gw-b", "nft list tables")
    second = play(tmp_path)
    assert second.returncode == 0, second.stdout[-3000:]
    assert "changed=0" in second.stdout
    assert "Keep the change" not in [line for line in second.stdout.splitlines() if line.startswith("changed:")]

    secrets = planted(manager)
    assert not leaks(secrets, tmp_path)
    assert not [secret for secret in secrets if secret.decode() in first.stdout + first.stderr + second.stdout]


def test_what_fails_by_hand_is_taken_back(manager: Standing, tmp_path: Path) -> None:
    bundle = manager.bundle("gw-b")
    write_by_hand(tmp_path, manager.folder, [Hand(manager.access("gw-b"), bundle, ("k-b",))])
    sealed = tmp_path / "bundles/gw-b.json"
    sealed.write_text(sealed.read_text().replace("NFLOG", "NOSUCHPLUGIN"))
    failed = play(tmp_path)
    assert failed.returncode == 2
    assert "taken back" in failed.stdout
    assert manager.console("gw-b", "ls -A /var/lib/fosa/armed; grep -c NOSUCH /etc/ulogd.conf").strip() == "0"


def test_the_plays_refuse_the_folder_of_the_inventory(tmp_path: Path) -> None:
    run = subprocess.run(
        [str(PLAYBOOK), "-i", str(Path("inventory").resolve()), "push.yml"],
        capture_output=True, text=True, check=False, cwd=PLAYBOOKS, env={**os.environ, "ANSIBLE_HOME": str(tmp_path)},
    )  # fmt: skip
    assert run.returncode != 0
    assert "gateways" not in run.stdout
    assert "Push the intended configuration" not in run.stdout


def test_a_run_leaves_nothing(manager: Standing, tmp_path: Path) -> None:
    driver = GatewayDriver(AnsibleCarrier(manager.access("gw-b"), manager.secrets, tmp_path / "runs"))
    staged = driver.stage("nothing01", manager.bundle("gw-b"))
    assert isinstance(staged, Staged)
    assert not list((tmp_path / "runs").glob("run-*"))
    secrets = planted(manager)
    assert not [secret for secret in secrets if secret.decode() in str(staged)]
    driver.discard("nothing01")


def test_a_run_that_is_killed_leaves_no_secret_and_is_swept(
    manager: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOSA_TEST_KEY", manager.secrets.get(manager.access("gw-b").write.key).get_secret_value())
    runs = tmp_path / "runs"
    code = (
        "import sys, datetime, pathlib\n"
        "from inventory.load import load\nfrom inventory.secrets import SecretStore\n"
        "from playbooks.drivers.ansible import AnsibleCarrier\nfrom playbooks.drivers.gateway import GatewayDriver\n"
        "from templates.render import render\n"
        "folder = pathlib.Path(sys.argv[1])\noffice = load(folder).require()\n"
        "bundle = render(office, office.device('gw-b'), datetime.date.today())\n"
        "carrier = AnsibleCarrier(office.access_to('gw-b'), SecretStore(folder), pathlib.Path(sys.argv[2]))\n"
        "GatewayDriver(carrier).stage('killed0001', bundle)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(manager.folder), str(runs)], start_new_session=True)
    seen: set[str] = set()
    until = time.monotonic() + 30
    secrets = planted(manager)
    while process.poll() is None and time.monotonic() < until:
        paths = list(runs.rglob("*"))
        seen |= {path.name for path in paths}
        assert not leaks(secrets, runs) if runs.exists() else True
        # Killed only when ansible-runner has written the file to its end: an empty one would prove nothing.
        if any(path.name == "command" and path.read_bytes().endswith(b"}") for path in paths):
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.02)
    process.wait()
    assert {"command", "bundle.json", "known_hosts"} <= seen
    assert not leaks(secrets, runs)
    assert 'FOSA_TEST_KEY": ""' in next(runs.rglob("command")).read_text()

    driver = GatewayDriver(AnsibleCarrier(manager.access("gw-b"), manager.secrets, runs))
    assert not isinstance(driver.status(), Failure)
    assert not list(runs.glob("run-*"))


def test_a_ctrl_c_ends_the_run_takes_the_change_back_and_says_so(manager: Standing, tmp_path: Path) -> None:
    manager.console("gw-b", "nft add table inet byhand")
    words = ["push", "gw-b", "--yes", "--summary", "--carrier", "ansible", "--inventory", str(manager.folder)]
    argv = [str(Path(sys.executable).with_name("fosa")), *words]
    environment = {**os.environ, "FOSA_STATE": str(tmp_path), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "dead-man armed" in line:
                time.sleep(1.0)
                process.send_signal(signal.SIGINT)
    manager.console("gw-b", "nft delete table inet byhand")
    assert process.returncode == Exit.INTERRUPTED
    assert "interrupted (it runs as before)" in said[-1]
    assert "Traceback" not in "".join(said)
    assert not list((tmp_path / "runs").glob("run-*"))
    assert manager.console("gw-b", "ls -A /var/lib/fosa/armed") == ""
