"""Junos by NAPALM over NETCONF: the device checks, commits as a whole and takes back by itself."""
