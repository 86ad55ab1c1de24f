"""A bundle tried where it can do nothing: what the device would make of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from .charon import connections
from .device import Device, Sections
from .managed import CHRONY, KEPT, KEY, NFTABLES, RSYSLOG, SSHD, SWANCTL, Bundle
from .tools import load_text, must, run

CHARON = """
set -e
for folder in /etc /var; do mount --bind $folder $folder; mount -o remount,bind,ro $folder; done
mount --bind "$1/etc/swanctl/conf.d" /etc/swanctl/conf.d
own=/etc/swanctl/x509/gateway.pem
if [ -e "$1$own" ]; then mount --bind "$1$own" "$own"; fi
mount -t tmpfs -o mode=755 tmpfs /run
export STRONGSWAN_CONF=/etc/swanctl/conf.d/strongswan.alone
charon-systemd >/run/charon.log 2>&1 &
tries=0
until swanctl --stats >/dev/null 2>&1; do
  tries=$((tries + 1)); [ $tries -lt 100 ] || { cat /run/charon.log >&2; exit 9; }; sleep 0.05
done
swanctl --load-all --noprompt >/run/said 2>&1 || { cat /run/said >&2; exit 3; }
exec swanctl --list-conns --pretty
"""
CHARON_CONF = """
include /etc/strongswan.conf
charon { syslog { daemon { default = -1 } auth { default = -1 } } }
charon-systemd { journal { default = -1 } }
"""
ALONE = ["unshare", "--net"]
INSIDE = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
NFT_LIST = "nft -f - && nft -s list ruleset"


def intended(device: Device, bundle: Bundle) -> Sections:
    """What the device would do with a bundle, without touching it; GateError `invalid` with what a tool said."""
    for file in bundle.values():
        device.mask.text(file.text)
    with tempfile.TemporaryDirectory(prefix="fosa-", dir=device.root / "run") as scratch:
        (Path(scratch) / "etc/swanctl/conf.d").mkdir(parents=True)
        for path, file in bundle.items():
            if path == KEY:
                continue
            target = Path(scratch) / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.text)
            target.chmod(0o600)
        kept = {path: file for path, file in device.present().items() if path in KEPT}
        return device.sections(*tried(scratch, bundle), {**kept, **bundle})


def tried(scratch: str, bundle: Bundle) -> tuple[str, str, str]:
    """Load the candidate where it can do nothing: empty namespaces, a charon of its own, checks that only read."""
    nft = must(run([*ALONE, "sh", "-c", NFT_LIST], load_text(scratch + NFTABLES)), "invalid", NFTABLES, scratch)
    sshd = must(run([*ALONE, "sshd", "-T", "-f", scratch + SSHD]), "invalid", SSHD, scratch)
    if RSYSLOG in bundle:
        must(run([*ALONE, "rsyslogd", "-N1", "-f", scratch + RSYSLOG]), "invalid", RSYSLOG, scratch)
    if CHRONY in bundle:
        must(run([*ALONE, "chronyd", "-p", "-f", scratch + CHRONY]), "invalid", CHRONY, scratch)
    (Path(scratch) / "etc/swanctl/conf.d/strongswan.alone").write_text(CHARON_CONF)
    charon = run([*INSIDE, "sh", "-c", CHARON, "charon", scratch])
    return nft, connections(must(charon, "invalid", SWANCTL, scratch)), sshd
