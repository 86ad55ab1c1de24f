#!/bin/sh
# Day 0 of gw-c, building c: run as root on its console, once.
# Before the first push it may be run again; after it, that would close the firewall to its first state until the next push.
# Afterwards the manager (10.64.0.10) reaches it, through the tunnels where it stands elsewhere, and fosa does the rest.
# Nothing in here is secret. Before: put the certificates named below into place, the private key readable by root only.
set -eu
umask 022

# ---- Before anything is touched -------------------------------------------------------------------------------------

if [ "$(id -u)" -ne 0 ]; then
    echo "run this as root" >&2
    exit 1
fi
missing=0
# need FILE
need() {
    if [ ! -s "$1" ]; then
        echo "missing: $1" >&2
        missing=1
    fi
}
need /etc/swanctl/x509/gateway.pem
need /etc/swanctl/private/gateway.pem
need /etc/swanctl/x509ca/office-ca.pem
need /etc/swanctl/x509crl/office.crl.pem
for tool in ip nft swanctl ssh-keygen sudo useradd python3; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "missing: the program $tool" >&2
        missing=1
    fi
done
if [ "$missing" -ne 0 ]; then exit 1; fi

# ---- Name and folders -----------------------------------------------------------------------------------------------

echo gw-c >/etc/hostname
hostname gw-c 2>/dev/null || true
if ! grep -qs '[[:space:]]gw-c$' /etc/hosts; then
    echo '127.0.1.1 gw-c.mops.example gw-c' >>/etc/hosts
fi
mkdir -p /etc/fosa/authorized_keys /usr/local/lib/fosa /etc/swanctl/conf.d /etc/strongswan.d /etc/ssh /etc/sudoers.d
mkdir -p /var/lib/fosa/candidate /var/lib/fosa/done /var/spool/rsyslog
chmod 0755 /etc/fosa /etc/fosa/authorized_keys /usr/local/lib/fosa
chmod 0700 /var/lib/fosa /var/lib/fosa/candidate /var/lib/fosa/done /var/spool/rsyslog
chmod 0700 /etc/swanctl/private
chmod 0600 /etc/swanctl/private/gateway.pem
if [ -n "${FOSA_TRUNK:-}" ]; then echo "$FOSA_TRUNK" >/etc/fosa/trunk; fi

# ---- Files ----------------------------------------------------------------------------------------------------------

# put PATH MODE: standard input becomes the file, all of it or none.
put() {
    cat >"$1.new"
    chmod "$2" "$1.new"
    mv "$1.new" "$1"
}

# The gate: a folder, made whole beside the one that works; it takes the name with nothing of an older one left in it.
gate=/usr/local/lib/fosa/gate.d
rm -rf "$gate.new"
mkdir -p "$gate.new/gate"

put /usr/local/lib/fosa/gate.d.new/gate/__init__.py 0644 <<'END-OF-__init__.py'
# The gate.
END-OF-__init__.py

put /usr/local/lib/fosa/gate.d.new/gate/verbs.py 0644 <<'END-OF-verbs.py'
# The way in.
END-OF-verbs.py

# Whether this Python can run it shows before the old one goes; and this import leaves the compiled files behind.
/usr/bin/python3 -I -c 'import sys; sys.path.insert(0, sys.argv[1]); import gate.verbs' "$gate.new"
sync
if [ -d "$gate" ]; then
    rm -rf "$gate.old"
    mv "$gate" "$gate.old"
fi
mv "$gate.new" "$gate"
rm -rf "$gate.old"

put /usr/local/lib/fosa/gate 0755 <<'END-OF-GATE'
#!/usr/bin/python3 -IB
"""Runs the gate below gate.d. It compiles nothing later (-B): a power cut could halve a file that boot then needs."""

import sys

sys.path.insert(0, "/usr/local/lib/fosa/gate.d")

from gate.verbs import main

sys.exit(main(sys.argv[1:]))
END-OF-GATE

# One that runs has read all of it: it goes on until it is started anew.
rm -rf /usr/local/lib/fosa/lines.d
mkdir -p /usr/local/lib/fosa/lines.d/lines

put /usr/local/lib/fosa/lines 0755 <<'END-OF-LINES'
#!/usr/bin/python3 -IB
"""Runs the program below lines.d."""

import sys

sys.path.insert(0, "/usr/local/lib/fosa/lines.d")

from lines.program import main

main(sys.argv[1])
END-OF-LINES

put /usr/local/lib/fosa/network 0755 <<'END-OF-network'
#!/bin/sh
# Interfaces, addresses and routes of gw-c. Run at every start and by hand; changes nothing that is right.
set -eu

# kernel PATH VALUE: set what the kernel has, leave what it has not.
kernel() {
    if [ -e "/proc/sys/net/$1" ]; then echo "$2" >"/proc/sys/net/$1"; fi
}

# zone INTERFACE VLAN ADDRESS: an interface of its own, or a VLAN on the interface named in /etc/fosa/trunk.
zone() {
    if ! ip link show dev "$1" >/dev/null 2>&1; then
        trunk=$(cat /etc/fosa/trunk 2>/dev/null || true)
        if [ -z "$trunk" ]; then
            echo "interface $1 is missing: write the name of the interface that carries the VLANs to /etc/fosa/trunk" >&2
            return 1
        fi
        ip link set dev "$trunk" up
        ip link add link "$trunk" name "$1" type vlan id "$2"
    fi
    quiet6 "$1"
    ip address replace "$3" dev "$1"
    ip link set dev "$1" up
}

# quiet6 INTERFACE: no IPv6 address made by itself. IPv6 stays switched on, so that the firewall sees and logs it.
quiet6() {
    kernel "ipv6/conf/$1/accept_ra" 0
    kernel "ipv6/conf/$1/autoconf" 0
    kernel "ipv6/conf/$1/addr_gen_mode" 1
}

kernel ipv4/conf/all/accept_redirects 0
kernel ipv4/conf/default/accept_redirects 0
kernel ipv4/conf/all/secure_redirects 0
kernel ipv4/conf/default/secure_redirects 0
kernel ipv4/conf/all/send_redirects 0
kernel ipv4/conf/default/send_redirects 0
kernel ipv4/conf/all/accept_source_route 0
kernel ipv4/conf/default/accept_source_route 0
kernel ipv4/conf/all/rp_filter 1
kernel ipv4/conf/default/rp_filter 1
kernel ipv4/icmp_echo_ignore_broadcasts 1
kernel ipv4/icmp_ignore_bogus_error_responses 1
kernel ipv4/tcp_syncookies 1
kernel ipv6/conf/all/accept_ra 0
kernel ipv6/conf/default/accept_ra 0
kernel ipv6/conf/default/autoconf 0
kernel ipv6/conf/default/addr_gen_mode 1
kernel ipv6/conf/all/accept_redirects 0
kernel ipv6/conf/all/accept_source_route 0

ip link set dev lo up
zone vlan10 10 10.64.32.1/24
zone vlan30 30 10.64.35.1/24
zone vlan33 33 10.64.38.1/24
zone vlan40 40 10.64.39.1/26
zone vlan60 60 10.64.42.1/24
zone vlan90 90 10.64.47.1/24

if ! ip link show dev wan0 >/dev/null 2>&1; then
    echo "interface wan0 is missing: name the card of line c-isp1 so" >&2
    exit 1
fi
quiet6 wan0
ip link set dev wan0 mtu 1500
ip link set dev wan0 up
ip address replace 198.51.100.36/29 dev wan0
ip route replace default via 198.51.100.33 dev wan0 metric 100
# What bears this line's address leaves by this line, whichever line is used otherwise.
ip route replace default via 198.51.100.33 dev wan0 table 101
ip rule del from 198.51.100.36 lookup 101 2>/dev/null || true
ip rule add from 198.51.100.36 lookup 101 priority 101

# charon lays its own routes while a tunnel is up. While it is not, what lies behind it is out of reach, not somewhere on
# the line: otherwise the gateway's own services would call from the line's address and wait minutes for an answer.
ip route replace unreachable 10.64.0.0/16 metric 4000000000

kernel ipv4/ip_forward 1
kernel ipv6/conf/all/forwarding 0
END-OF-network

put /usr/local/lib/fosa/tunnels 0755 <<'END-OF-tunnels'
#!/bin/sh
# Opens the tunnels that this gateway opens and that are down, for ever: what a far end has once refused, because it was
# only just starting, charon itself does not try again, and the way to this building would stay shut.
conf=/etc/swanctl/conf.d/fosa.conf
while :; do
    # The block opened last before "start_action = start" is the child of that name.
    for tunnel in $(awk '/^ *[a-z][a-z0-9-]* \{$/ { name = $1 } /start_action = start/ { print name }' "$conf"); do
        if ! timeout 5 swanctl --list-sas --ike "$tunnel" 2>/dev/null | grep -q -e CONNECTING -e INSTALLED; then
            timeout 15 swanctl --initiate --child "$tunnel" --timeout 10 >/dev/null 2>&1
        fi
    done
    sleep 3
done
END-OF-tunnels

put /etc/nftables.conf 0644 <<'END-OF-nftables.conf'
#!/usr/sbin/nft -f
# First firewall of gw-c: closed but for the tunnels and the manager. The first push replaces it.

flush ruleset

table inet fosa {
    set protected {
        type ipv4_addr
        flags interval
        elements = { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.0.2.96/28, 192.168.0.0/16 }
    }

    chain guard {
        oifname != "wan0" return
        meta nfproto ipv4 ip daddr != @protected return
        drop
    }

    chain input {
        type filter hook input priority filter; policy drop;
        iifname "lo" accept
        ct state vmap { invalid : drop, established : accept, related : accept }
        iifname "wan0" ip saddr { 203.0.113.10, 203.0.113.130 } udp dport { 500, 4500 } accept
        iifname "ipsec0" ip saddr 10.64.0.10 ip daddr 10.64.32.1 tcp dport 22 accept
        iifname "ipsec0" ip saddr 10.64.0.10 icmp type echo-request accept
    }

    chain output {
        type filter hook output priority filter; policy drop;
        oifname "lo" accept
        jump guard
        ct state vmap { invalid : drop, established : accept, related : accept }
        oifname "wan0" ip daddr { 203.0.113.10, 203.0.113.130 } udp dport { 500, 4500 } accept
    }

    chain forward {
        type filter hook forward priority filter; policy drop;
        jump guard
        ct state vmap { invalid : drop, established : accept, related : accept }
        iifname "ipsec0" oifname "vlan10" ip saddr 10.64.0.10 ip daddr 10.64.32.11 tcp dport 22 accept
        iifname "ipsec0" oifname "vlan10" ip saddr 10.64.0.10 ip daddr 10.64.32.12 tcp dport 22 accept
    }
}
END-OF-nftables.conf

put /etc/strongswan.d/fosa.conf 0644 <<'END-OF-fosa.conf'
# How charon of gw-c behaves. Read by charon when it starts, so it is part of day 0, not of a push.
charon {
    # A dead peer is given up within half a minute: 1, 1.6, 2.6, 4.1, 6.6 and 10.5 seconds. Asking again after the first
    # of them lets whoever watches tell a lost packet from a far end that does not answer.
    retransmit_tries = 5
    retransmit_timeout = 1.0
    retransmit_base = 1.6
    # A new authentication does not interrupt the tunnel.
    make_before_break = yes
    # What two gateways need and nothing else: some of the others open sockets of their own.
    load_modular = no
    load = random nonce aes sha1 sha2 hmac kdf gcm openssl pem pkcs1 pkcs8 x509 revocation constraints pubkey kernel-libipsec kernel-netlink socket-default vici updown counters
    # With the whole office behind a tunnel, a table of its own would swallow the gateway's own networks.
    routing_table = 254
    plugins {
        kernel-libipsec {
            # Debian ships it switched off.
            load = yes
        }
    }
}
END-OF-fosa.conf

put /etc/swanctl/conf.d/fosa.conf 0600 <<'END-OF-fosa.conf'
# Tunnels of gw-c, building c.
# Written by fosa from the office's inventory: change the inventory, not this file.

connections {
    k-c {
        version = 2
        local_addrs = 198.51.100.36
        remote_addrs = 203.0.113.10
        proposals = aes256gcm16-prfsha384-ecp384
        rekey_time = 28800s
        reauth_time = 86400s
        dpd_delay = 10s
        fragmentation = yes
        mobike = no
        # A far end that does not answer yet is called until it does.
        keyingtries = 0
        unique = replace
        # Userspace ESP travels in UDP only.
        encap = yes

        local {
            auth = pubkey
            certs = gateway.pem
            id = gw-c.mops.example
        }
        remote {
            auth = pubkey
            cacerts = office-ca.pem
            revocation = strict
            id = gw-k.mops.example
        }

        children {
            k-c {
                mode = tunnel
                local_ts = 10.64.32.0/20
                remote_ts = 10.64.0.0/16
                esp_proposals = aes256gcm16-ecp384
                rekey_time = 3600s
                rekey_bytes = 20000000000
                replay_window = 128
                # Which way is taken, and when it is opened again, decides /usr/local/lib/fosa/lines.
                dpd_action = clear
                start_action = none
                close_action = none
            }
        }
    }
    k-c_2 {
        version = 2
        local_addrs = 198.51.100.36
        remote_addrs = 203.0.113.130
        proposals = aes256gcm16-prfsha384-ecp384
        rekey_time = 28800s
        reauth_time = 86400s
        dpd_delay = 10s
        fragmentation = yes
        mobike = no
        # A far end that does not answer yet is called until it does.
        keyingtries = 0
        unique = replace
        # Userspace ESP travels in UDP only.
        encap = yes

        local {
            auth = pubkey
            certs = gateway.pem
            id = gw-c.mops.example
        }
        remote {
            auth = pubkey
            cacerts = office-ca.pem
            revocation = strict
            id = gw-k.mops.example
        }

        children {
            k-c {
                mode = tunnel
                local_ts = 10.64.32.0/20
                remote_ts = 10.64.0.0/16
                esp_proposals = aes256gcm16-ecp384
                rekey_time = 3600s
                rekey_bytes = 20000000000
                replay_window = 128
                # Which way is taken, and when it is opened again, decides /usr/local/lib/fosa/lines.
                dpd_action = clear
                start_action = none
                close_action = none
            }
        }
    }
}
END-OF-fosa.conf

put /etc/ssh/sshd_config 0644 <<'END-OF-sshd_config'
# OpenSSH server of gw-c: the manager's two accounts and nobody else.
# Written by fosa from the office's inventory: change the inventory, not this file.

ListenAddress 10.64.32.1
Port 22
AddressFamily inet
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid

# Who: public keys only, each with a forced command.
AllowUsers fosa-read fosa-write
PermitRootLogin no
AuthenticationMethods publickey
PubkeyAuthentication yes
AuthorizedKeysFile /etc/fosa/authorized_keys/%u
PasswordAuthentication no
KbdInteractiveAuthentication no
HostbasedAuthentication no
GSSAPIAuthentication no
PermitEmptyPasswords no
StrictModes yes
UsePAM no
UseDNS no

# What: one command over a pipe. No terminal, no forwarding, no environment.
DisableForwarding yes
AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
GatewayPorts no
PermitTTY no
PermitUserEnvironment no
PermitUserRC no
PrintMotd no
PrintLastLog no

# How long and how often.
LoginGraceTime 20
MaxAuthTries 3
MaxSessions 10
MaxStartups 10:30:60
ClientAliveInterval 15
ClientAliveCountMax 4
TCPKeepAlive no

# With what.
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,ecdh-sha2-nistp384
HostKeyAlgorithms ssh-ed25519
PubkeyAcceptedAlgorithms ssh-ed25519,ecdsa-sha2-nistp384,sk-ssh-ed25519@openssh.com
Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
RekeyLimit 1G 1h
Compression no

SyslogFacility AUTH
LogLevel VERBOSE
END-OF-sshd_config

put /usr/local/lib/fosa/lines.d/lines/program.py 0644 <<'END-OF-program.py'
# The lines.
END-OF-program.py

put /etc/fosa/lines.json 0644 <<'END-OF-lines.json'
{"lines": [{"interface": "wan0", "address": "198.51.100.36", "gateway": "198.51.100.33"}], "far": [["198.51.100.36", "203.0.113.10"], ["198.51.100.36", "203.0.113.130"]], "tunnels": {"k-c": [{"name": "k-c", "here": "198.51.100.36", "there": "203.0.113.10"}, {"name": "k-c_2", "here": "198.51.100.36", "there": "203.0.113.130"}]}, "called": []}
END-OF-lines.json

# What the break-glass sheet goes back to: the first firewall and the first door, whatever a push has put in their places.
mkdir -p /usr/local/lib/fosa/day-zero
for file in /etc/nftables.conf /etc/ssh/sshd_config; do
    cp -p "$file" "/usr/local/lib/fosa/day-zero/${file##*/}.new"
    mv "/usr/local/lib/fosa/day-zero/${file##*/}.new" "/usr/local/lib/fosa/day-zero/${file##*/}"
done

# ---- The two accounts: forced commands, no password, one rule of sudo each ---------------------------------------------

if ! id -u fosa-read >/dev/null 2>&1; then
    useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' fosa-read
fi
put /etc/fosa/authorized_keys/fosa-read 0644 <<'END-OF-KEYS'
restrict,from="10.64.0.10",command="sudo -n /usr/local/lib/fosa/gate read \"$SSH_ORIGINAL_COMMAND\"" ssh-ed25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
END-OF-KEYS

if ! id -u fosa-write >/dev/null 2>&1; then
    useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' fosa-write
fi
put /etc/fosa/authorized_keys/fosa-write 0644 <<'END-OF-KEYS'
restrict,from="10.64.0.10",command="sudo -n /usr/local/lib/fosa/gate write \"$SSH_ORIGINAL_COMMAND\"" ssh-ed25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
END-OF-KEYS

put /etc/sudoers.d/fosa 0440 <<'END-OF-SUDOERS'
fosa-read ALL=(root) NOPASSWD: /usr/local/lib/fosa/gate read *
fosa-write ALL=(root) NOPASSWD: /usr/local/lib/fosa/gate write *
END-OF-SUDOERS

# ---- Keys made here, that never leave ------------------------------------------------------------------------------------

if [ ! -s /etc/fosa/mask.key ]; then
    (
        umask 077
        head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >/etc/fosa/mask.key
    )
fi
if [ ! -s /etc/ssh/ssh_host_ed25519_key ]; then
    ssh-keygen -q -t ed25519 -N '' -C gw-c -f /etc/ssh/ssh_host_ed25519_key
fi

# ---- Closed first, then connected -----------------------------------------------------------------------------------------

nft -f /etc/nftables.conf
/usr/local/lib/fosa/network

# Without systemd somebody else starts the services, in this order.
if [ -d /run/systemd/system ]; then
    put /etc/systemd/system/fosa-boot.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Undo an unconfirmed change before the firewall is loaded
DefaultDependencies=no
After=local-fs.target
Before=nftables.service fosa-network.service strongswan.service ssh.service
[Service]
Type=oneshot
ExecStart=/usr/local/lib/fosa/gate boot
[Install]
WantedBy=sysinit.target
END-OF-UNIT
    put /etc/systemd/system/fosa-network.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Interfaces, addresses and routes of this gateway
After=nftables.service
Before=network.target strongswan.service ssh.service
Wants=network-pre.target
StartLimitIntervalSec=0
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/lib/fosa/network
# A card may show late.
Restart=on-failure
RestartSec=2
[Install]
WantedBy=multi-user.target
END-OF-UNIT
    put /etc/systemd/system/fosa-tunnels.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Open this gateway's tunnels again, whatever refused them
After=strongswan.service
[Service]
ExecStart=/usr/local/lib/fosa/tunnels
Restart=always
[Install]
WantedBy=multi-user.target
END-OF-UNIT
    put /etc/systemd/system/fosa-lines.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Keep this gateway's tunnels and default route on lines that carry
After=fosa-network.service strongswan.service
[Service]
ExecStart=/usr/local/lib/fosa/lines /etc/fosa/lines.json
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
END-OF-UNIT
    # A process of its own beside every session: nothing that ends sessions, or the SSH server, ends it.
    put /etc/systemd/system/fosa-deadman@.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Take change %i back unless it is confirmed
[Service]
Type=notify
ExecStart=/usr/local/lib/fosa/gate fire %i
TimeoutStartSec=5
OOMScoreAdjust=-900
# Whichever of its two halves is killed, the other one stays.
KillMode=process
StandardOutput=null
END-OF-UNIT
    # Debian gives them up when they cannot start: then nobody could come to help.
    for unit in ssh strongswan; do
        mkdir -p "/etc/systemd/system/$unit.service.d"
        put "/etc/systemd/system/$unit.service.d/fosa.conf" 0644 <<'END-OF-UNIT'
[Unit]
StartLimitIntervalSec=0
[Service]
Restart=always
RestartSec=2
RestartPreventExitStatus=
END-OF-UNIT
    done
    systemctl daemon-reload
    systemctl enable fosa-boot fosa-network fosa-tunnels nftables strongswan ssh
    systemctl start nftables fosa-network
    systemctl restart strongswan ssh fosa-tunnels
    systemctl enable fosa-lines
    systemctl restart fosa-lines
fi

echo "host key, to be compared when this gateway is enrolled:"
cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub
ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
