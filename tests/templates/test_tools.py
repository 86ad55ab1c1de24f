"""The real programs judge what was rendered; nothing is loaded outside namespaces made for the test."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from subprocess import CompletedProcess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from inventory.model import Office
from templates.linux_gateway.programs import Programs
from templates.render import ManagerKeys, day_zero, render
from templates.secret import fill

pytestmark = pytest.mark.lab

Judge = Callable[[str, Mapping[str, str]], CompletedProcess[str]]

DEVICES = [("pila", "gw-k"), ("pila", "gw-b"), ("pila", "gw-c"), ("small", "gw-h"), ("small", "gw-s")]
KEY = f"ssh-ed25519 {'A' * 68}"

HOST_KEY = "ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key\n"


@pytest.fixture(scope="module")
def credentials() -> dict[str, str]:
    """A key and a certificate in every place: they are looked at here, not used."""
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gw")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA384())
        .public_bytes(Encoding.PEM)
        .decode()
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {
        "/etc/swanctl/x509/gateway.pem": certificate,
        "/etc/swanctl/x509ca/office-ca.pem": certificate,
        "/etc/swanctl/private/gateway.pem": private,
    }


@pytest.fixture(params=DEVICES, ids="-".join)
def files(request: pytest.FixtureRequest, today: dt.date, credentials: dict[str, str]) -> dict[str, str]:
    """Everything that lies in /etc of a gateway after its first push."""
    which, name = request.param
    office: Office = request.getfixturevalue(which)
    device = office.device(name)
    script = day_zero(office, device, ManagerKeys(KEY, KEY), today=today, programs=Programs({}, {}))
    return credentials | {
        "/etc/strongswan.conf": "include strongswan.d/*.conf\n",
        "/etc/strongswan.d/fosa.conf": _embedded(script, "/etc/strongswan.d/fosa.conf"),
        "/etc/swanctl/swanctl.conf": "include conf.d/*.conf\n",
        **{
            f.path: fill(f.text, lambda _: SecretStr("long enough to be one"))
            for f in render(office, device, today).files
        },
    }


def test_nft_loads_the_rules_and_lists_them_the_same_every_time(judge: Judge, files: dict[str, str]) -> None:
    done = judge(
        "nft -c -f /etc/nftables.conf && nft -f /etc/nftables.conf && nft -s list ruleset >/run/1 &&"
        " nft -f /etc/nftables.conf && nft -s list ruleset >/run/2 && cmp /run/1 /run/2 &&"
        " { echo flush ruleset; cat /run/1; } >/run/3 && nft -f /run/3 && nft -s list ruleset | cmp - /run/1 &&"
        " cat /run/1",
        files,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("policy drop;") == 4
    # What grows by itself has an end: one set, of who was answered.
    growing = re.findall(r"set (\w+) {[^}]*?size (\d+)\s+flags dynamic|\b(meter|dynamic)\b", done.stdout)
    assert growing in ([], [("asked", "1024", "")])


def test_sshd_takes_its_configuration(judge: Judge, files: dict[str, str]) -> None:
    done = judge(HOST_KEY + "/usr/sbin/sshd -t && /usr/sbin/sshd -T", files)
    assert (done.returncode, done.stderr) == (0, "")
    effective = set(done.stdout.splitlines())
    for line in (
        "permitrootlogin no",
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "disableforwarding yes",
        "permittty no",
        "usepam no",
        "allowusers fosa-read",
        "allowusers fosa-write",
        "authorizedkeysfile /etc/fosa/authorized_keys/%u",
        "maxauthtries 3",
    ):
        assert line in effective
    assert not any(line.startswith("listenaddress 0.0.0.0") for line in effective)


def test_chronyd_takes_its_configuration(judge: Judge, files: dict[str, str]) -> None:
    done = judge("chronyd -p -f /etc/chrony/chrony.conf", files)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cmdport 0" in done.stdout


def test_rsyslogd_takes_its_configuration(judge: Judge, files: dict[str, str]) -> None:
    done = judge("rsyslogd -N1 -f /etc/rsyslog.conf", files)
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr
    assert "warning" not in done.stderr


def test_charon_takes_the_connections(judge: Judge, files: dict[str, str]) -> None:
    script = (
        "(charon-systemd >/run/charon.log 2>&1 & echo $! >/run/charon.pid)\n"
        "for i in 1 2 3 4 5 6 7 8 9 10; do [ -S /run/charon.vici ] && break; sleep 0.2; done\n"
        "swanctl --load-all --noprompt; code=$?; swanctl --list-conns; kill $(cat /run/charon.pid); exit $code\n"
    )
    done = judge(script, files)
    assert done.returncode == 0, done.stderr
    wanted = files["/etc/swanctl/conf.d/fosa.conf"].count("version = 2")
    assert f"successfully loaded {wanted} connections, 0 unloaded" in done.stdout
    assert done.stdout.count("IKEv2") == wanted


@pytest.mark.parametrize("files", DEVICES[:1], indirect=True, ids="-".join)
def test_snmpd_answers_its_user_and_nobody_else(judge: Judge, files: dict[str, str]) -> None:
    text = files["/etc/snmp/snmpd.conf"]
    address = next(line.split(":")[1] for line in text.splitlines() if line.startswith("agentAddress"))
    user = next(line.split()[1] for line in text.splitlines() if line.startswith("createUser"))
    secret = "'long enough to be one'"
    ask = f"MIBS= SNMP_PERSISTENT_DIR=/run/c snmpget -t 1 -r 3 -v3 -u {user} -a SHA-256 -x AES"
    done = judge(
        f"ip address add {address}/32 dev lo\n"
        "(snmpd -f -Lf /run/snmpd.log -C -c /etc/snmp/snmpd.conf >/dev/null 2>&1 & echo $! >/run/snmpd.pid)\n"
        "sleep 0.5\n"
        f"{ask} -l authPriv -A {secret} -X {secret} {address} .1.3.6.1.2.1.1.5.0 2>/dev/null\n"
        f"{ask} -l authPriv -A {secret} -X {secret} {address} .1.3.6.1.2.1.6.5.0 2>/dev/null\n"
        f"{ask} -l authNoPriv -A {secret} {address} .1.3.6.1.2.1.1.5.0 2>&1\n"
        f"{ask} -l authPriv -A 'another secret' -X {secret} {address} .1.3.6.1.2.1.1.5.0 2>&1\n"
        "MIBS= SNMP_PERSISTENT_DIR=/run/c snmpget -t 1 -r 0 -v2c -c public "
        f"{address} .1.3.6.1.2.1.1.5.0 2>&1\n"
        "kill $(cat /run/snmpd.pid)\n",
        files,
    )
    assert 'STRING: "gw-' in done.stdout
    for refusal in ("No Such Object", "authorizationError", "Authentication failure", "Timeout"):
        assert done.stdout.count(refusal) == 1, done.stdout


@pytest.mark.parametrize("files", DEVICES[:1], indirect=True, ids="-".join)
def test_ulogd_writes_one_line_a_packet(judge: Judge, files: dict[str, str]) -> None:
    """From nft's log statement through NFLOG and ulogd to the system log's socket."""
    listen = (
        "import socket\n"
        "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind('/dev/log'); s.settimeout(10)\n"
        "open('/run/ready', 'w').close()\n"
        "try:\n"
        "    while 'DPT=7 ' not in (line := s.recv(4096).decode()): print(line)\n"
        "    print(line)\n"
        "except TimeoutError: pass\n"
    )
    send = "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('192.0.2.77', 7))\n"
    script = (
        "python3 /run/listen.py >/run/heard & while [ ! -e /run/ready ]; do sleep 0.05; done\n"
        "(ulogd -c /etc/ulogd.conf >/dev/null 2>&1 & echo $! >/run/ulogd.pid); sleep 1\n"
        "nft -f /etc/nftables.conf; ip link add vlan10 type veth peer name far\n"
        "ip link set vlan10 up; ip link set far up\n"
        "ip address add 192.0.2.55/24 dev vlan10\n"
        "python3 /run/send.py\n"
        "wait %1; kill $(cat /run/ulogd.pid); cat /run/heard\n"
    )
    done = judge(script, {**files, "/run/listen.py": listen, "/run/send.py": send})
    lines = [line for line in done.stdout.splitlines() if "fosa deny gateways>" in line]
    assert any("SRC=192.0.2.55 DST=192.0.2.77" in line and "PROTO=UDP" in line and "DPT=7" in line for line in lines), (
        done.stdout,
        done.stderr,
    )


def test_the_first_firewall_and_the_scripts_of_day_0_are_sound(
    judge: Judge, pila: Office, small: Office, today: dt.date
) -> None:
    for office in (pila, small):
        for device in office.gateways:
            text = day_zero(
                office,
                device,
                ManagerKeys(KEY, KEY),
                today=today,
                programs=Programs({"verbs.py": "# The way in.\n"}, {}),
            )
            first = _embedded(text, "/etc/nftables.conf")
            network = _embedded(text, "/usr/local/lib/fosa/network")
            sudoers = _embedded(text, "/etc/sudoers.d/fosa")
            done = judge(
                "cd /run && sh -n day_zero.sh && sh -n network.sh && nft -c -f first.conf && visudo -c -q -f sudoers",
                {
                    "/run/day_zero.sh": text,
                    "/run/network.sh": network,
                    "/run/first.conf": first,
                    "/run/sudoers": sudoers,
                },
            )
            assert (done.returncode, done.stderr) == (0, ""), device.name


def _embedded(script: str, path: str) -> str:
    """The here-document that becomes a file."""
    head, _, rest = script.partition(f"put {path} ")[2].partition("\n")
    end = head.split("'")[1]
    return rest.partition(f"\n{end}\n")[0] + "\n"
