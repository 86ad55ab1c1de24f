"""Devices that are spoken to by their command line or NETCONF, with netmiko and NAPALM."""
