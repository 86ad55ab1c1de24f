"""What lies on a device's disk before anybody configures it: a small Debian's /etc and /var, and a layer of /usr."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

__all__ = ["Disk", "install_platform", "layers"]

_USERS = {
    "root": (0, "/root", "/bin/bash"),
    "daemon": (1, "/usr/sbin", "/usr/sbin/nologin"),
    "nobody": (65534, "/nonexistent", "/usr/sbin/nologin"),
    "sshd": (101, "/run/sshd", "/usr/sbin/nologin"),
    "_chrony": (102, "/var/lib/chrony", "/usr/sbin/nologin"),
    "Debian-snmp": (103, "/var/lib/snmp", "/bin/false"),
    "ulog": (104, "/run/ulog", "/usr/sbin/nologin"),
    "syslog": (105, "/var/spool/rsyslog", "/usr/sbin/nologin"),
}
_GROUPS = {"tty": 5, "adm": 4, "sudo": 27, "shadow": 42, "nogroup": 65534}

# Which plugins there are is the system's matter, like the packages; how charon behaves comes with a gateway's day 0.
_STRONGSWAN = """\
charon-systemd {
  load_modular = no
  load = random nonce aes sha1 sha2 hmac kdf gcm openssl pem pkcs1 pkcs8 x509 revocation constraints pubkey \
kernel-libipsec kernel-netlink socket-default vici updown counters
  filelog {
    charon {
      path = /var/log/charon.log
      time_format = %Y-%m-%dT%H:%M:%S
      append = yes
      flush_line = yes
      default = 1
    }
  }
}
include strongswan.d/*.conf
"""

_ETC = {
    "debian_version": "12\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\n",
    "pam.d/sudo": "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n",
    "pam.d/other": "auth required pam_deny.so\naccount required pam_deny.so\nsession required pam_deny.so\n",
    "login.defs": "UID_MIN 1000\nUID_MAX 60000\nGID_MIN 1000\nGID_MAX 60000\nUSERGROUPS_ENAB yes\n",
    "shells": "/bin/sh\n/bin/bash\n/usr/sbin/nologin\n",
    "ld.so.conf": "",
    "services": "ssh 22/tcp\nntp 123/udp\nsnmp 161/udp\nsyslog-tls 6514/tcp\n",
    "protocols": "icmp 1\ntcp 6\nudp 17\n",
    "swanctl/swanctl.conf": "include conf.d/*.conf\n",
    "strongswan.conf": _STRONGSWAN,
}
_SUDOERS = (
    "Defaults env_reset\n"
    'Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n'
    "root ALL=(ALL:ALL) ALL\n"
    "@includedir /etc/sudoers.d\n"
)
_SWANCTL_EMPTY = ("x509ocsp", "x509aa", "x509ac", "pubkey", "rsa", "ecdsa", "bliss", "pkcs8", "pkcs12")
_FOLDERS = {
    "etc/fosa": 0o755,
    "etc/ssh": 0o755,
    "etc/strongswan.d": 0o755,
    "etc/sudoers.d": 0o750,
    "etc/chrony": 0o755,
    "etc/snmp": 0o755,
    "etc/swanctl/conf.d": 0o755,
    "etc/swanctl/x509": 0o755,
    "etc/swanctl/x509ca": 0o755,
    "etc/swanctl/x509crl": 0o755,
    "etc/swanctl/private": 0o700,
    **{f"etc/swanctl/{name}": 0o755 for name in _SWANCTL_EMPTY},
    "var/cache": 0o755,
    "var/lib": 0o755,
    "var/log": 0o755,
    "var/spool/rsyslog": 0o755,
    "var/tmp": 0o1777,
    "local/lib/fosa": 0o755,
    "root": 0o755,
}
_OWNED = {"var/lib/chrony": 102, "var/lib/snmp": 103, "var/log/chrony": 102, "var/log/ulog": 0}
_PLATFORM_FILES = {"systemctl": "bin/systemctl", "init": "lib/fosa-lab/init", "configured": "lib/fosa-lab/configured"}
_OPTIONAL_HOST_FILES = ("/etc/ssl/openssl.cnf", "/etc/alternatives/awk")


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of one device: what survives a power cut."""

    folder: Path

    @property
    def log(self) -> Path:
        """What the device's console said."""
        return self.folder / "console"

    def path(self, absolute: str) -> Path:
        """Where a file of the device's /etc, /var or /usr/local lies on the machine."""
        inner = absolute.removeprefix("/usr/").lstrip("/")
        return self.folder / inner

    def write(self, absolute: str, text: str | bytes, mode: int = 0o644) -> None:
        """Write a file of the device, owned by root, never readable for longer than its mode says."""
        target = self.path(absolute)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        target.chmod(mode)

    def format(self, hostname: str) -> None:
        """Lay out an unconfigured Debian."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder, mode in _FOLDERS.items():
            (self.folder / folder).mkdir(parents=True)
            (self.folder / folder).chmod(mode)
        for folder, owner in _OWNED.items():
            (self.folder / folder).mkdir(mode=0o750)
            shutil.chown(self.folder / folder, owner, owner)
        (self.folder / "var/run").symlink_to("/run")
        for name, text in _ETC.items():
            self.write(f"/etc/{name}", text)
        self.write("/etc/hostname", f"{hostname}\n")
        self.write("/etc/hosts", f"127.0.0.1 localhost {hostname}\n::1 localhost\n")
        self.write("/etc/sudoers", _SUDOERS, 0o440)
        self._write_accounts()
        self._copy_host_files()

    def _write_accounts(self) -> None:
        names = _USERS.items()
        passwd = (f"{user}:x:{number}:{number}::{home}:{shell}\n" for user, (number, home, shell) in names)
        group = (f"{name}:x:{number}:\n" for name, number in [*((u, v[0]) for u, v in names), *_GROUPS.items()])
        shadow = (f"{user}:*:20000:0:99999:7:::\n" for user in _USERS)
        self.write("/etc/passwd", "".join(passwd))
        self.write("/etc/group", "".join(group))
        self.write("/etc/shadow", "".join(shadow), 0o640)
        self.write("/etc/gshadow", "", 0o640)

    def _copy_host_files(self) -> None:
        for name in _OPTIONAL_HOST_FILES:
            if Path(name).exists():
                target = self.path(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(name, target, follow_symlinks=not Path(name).is_symlink())


def install_platform(folder: Path) -> None:
    """Put the lab's own programs (init, the stand-in for systemctl) where `layers` expects them."""
    for source, target in _PLATFORM_FILES.items():
        _copy(source, folder / "usr" / target)
    for name in ("enter", "appliance"):
        _copy(name, folder / name)


def layers(platform: Path, daemons: Path) -> str:
    """The layers of a device's /usr, highest first, as overlayfs wants them written."""
    return ":".join(_escaped(path) for path in (platform / "usr", daemons / "usr", Path("/usr")))


def _escaped(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,")


def _copy(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(files("lab").joinpath("files", name).read_bytes())
    target.chmod(0o755)
