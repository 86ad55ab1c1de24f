"""Every device by SNMP: what it is, how it does, and what it tells by itself."""
