"""Linux gateways: nftables, strongSwan, OpenSSH, chrony, ulogd2, rsyslog and snmpd of one building."""
