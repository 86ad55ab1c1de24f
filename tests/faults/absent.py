"""The manager's host gone for a season: the gateways live by the revocation lists they were given last."""

from __future__ import annotations

import datetime as dt
import json
import subprocess

from cryptography import x509
from office_change import Office, office, served_again
from restoring import kill_manager
from standing import NAME, STATE, console, until
from table import Row, expect

from api.desk.verb import Nothing
from api.keys.authority import LIST_DAYS, Authority
from api.keys.verbs import ADOPT, DELIVER, RENEW, Adopting, Renewing
from inventory.load import load
from lab import office as practice
from lab.inspection import Inspection
from playbooks.drivers.keys import REVOCATIONS

__all__ = ["ROWS"]

_GATEWAYS = ("gw-k", "gw-b", "gw-c")
_PASSPHRASE = "nine tall poplars stand"
_AWAY_DAYS = 300
_GATE = "/usr/local/lib/fosa/gate"


def _authority(here: Office) -> Authority:
    """The practice office's own."""
    return Authority.adopt(*_texts(here), "")


def _texts(here: Office) -> tuple[str, str]:
    """Its certificate and its key."""
    secrets = here.folder / "secrets"
    return (
        (secrets / "office-ca.pem").read_text(encoding="utf-8"),
        (secrets / "office-ca.key").read_text(encoding="utf-8"),
    )


def _given(device: str, text: str) -> None:
    """A gateway gets a list, by its gate."""
    bundle = json.dumps({"files": [{"path": REVOCATIONS, "mode": 0o644, "text": text}]})
    argv = practice.device_command(NAME, STATE, device, [_GATE, "write", "revocations"])
    done = subprocess.run(argv, input=bundle, capture_output=True, text=True, timeout=60, check=False)
    expect(f"{device} to take the list", holds=done.returncode == 0, seen=done.stdout + done.stderr)


def _put(device: str, text: str) -> None:
    """The same at its console, past the gate, which takes no list that is over."""
    # Of two lists charon keeps the newer one in mind, unless it is told to forget.
    load_ = "swanctl --load-creds --clear --noprompt && swanctl --flush-certs --type X509_CRL"
    console(device, "sh", "-c", f"cat >{REVOCATIONS} <<'END'\n{text}END\n{load_}")


def _proven_anew(*tunnels: str) -> None:
    """As every day: both ends prove to each other who they are."""
    for tunnel in tunnels:
        console("gw-k", _GATE, "write", f"reauthenticate {tunnel}")


def _believed(device: str, text: str) -> None:
    """A gateway has looked into this list and no other."""
    until_ = x509.load_pem_x509_crl(text.encode()).next_update_utc
    assert until_ is not None
    said = console(device, "tail", "-n", "200", "/var/log/charon.log")
    expect("that list", holds=f"crl is valid: until {until_:%b %d %H:%M:%S %Y}" in said, seen=said)


def _up(here: Office) -> frozenset[str]:
    return Inspection(NAME, STATE, load(here.folder).require()).tunnels_up()


def _all_up(here: Office, seconds: float) -> bool:
    wanted = {tunnel.name for tunnel in load(here.folder).require().tunnels}
    return until(lambda: wanted <= _up(here), seconds)


def _gone_for_long() -> str:
    """Lists of many days ago, and no fosa: every day's proof still goes well. When it is back it brings new ones."""
    with office() as here:
        authority, today = _authority(here), dt.datetime.now(dt.UTC).date()
        certificate, key = _texts(here)
        here.desk.call(ADOPT, Adopting(certificate=certificate, key=key, passphrase=_PASSPHRASE))
        kill_manager(here)
        old = authority.revocations({}, 2, today - dt.timedelta(days=_AWAY_DAYS))
        for device in _GATEWAYS:
            _given(device, old)
        _proven_anew("k-b", "k-c")
        expect("the tunnels without a manager", holds=_all_up(here, 60), seen=_up(here))
        _believed("gw-c", old)
        with served_again(here):
            delivery = here.desk.call(DELIVER, Nothing())
            expect("new lists everywhere", holds=not delivery.failed, seen=delivery)
            here.desk.call(RENEW, Renewing(passphrase=_PASSPHRASE))
            _proven_anew("k-b", "k-c")
            expect("the tunnels with new lists", holds=_all_up(here, 60), seen=_up(here))
            here.sound()
    return (
        f"tunnels proven anew by lists of {_AWAY_DAYS} days ago; then by new ones, brought to {len(_GATEWAYS)} gateways"
    )


def _over() -> str:
    """What a list that is over does to a gateway: what stands goes on, what must be proven anew is refused."""
    with office() as here:
        authority, today = _authority(here), dt.datetime.now(dt.UTC).date()
        before = console("gw-c", "cat", REVOCATIONS)
        try:
            _put("gw-c", authority.revocations({}, 1, today - dt.timedelta(days=LIST_DAYS + 2)))
            console("gw-c", "swanctl", "--rekey", "--ike", "k-c")
            expect("what stands to go on", holds=_all_up(here, 20), seen=_up(here))
            _proven_anew("k-c")
            refused = "constraint check failed"
            log = "/var/log/charon.log"
            expect(
                "a refusal",
                holds=until(lambda: refused in console("gw-c", "tail", "-n", "60", log), 30),
                seen=console("gw-c", "tail", "-n", "60", log),
            )
            expect("no tunnel", holds="k-c" not in _up(here), seen=_up(here))
        finally:
            _put("gw-c", before)
        expect("the tunnel back by itself with a list that is good", holds=_all_up(here, 60), seen=_up(here))
        here.sound()
    return "an SA that stands is rekeyed, a new proof is refused; with a good list the tunnel is back by itself"


ROWS = (
    Row("the manager gone for 300 days", _gone_for_long),
    Row("a revocation list that is over", _over),
)
