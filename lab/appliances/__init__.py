"""Printers, a UPS, and the agents of switches: what a practice office is asked about by SNMP, answered by real snmpd.

What the agents tell is made up; the printers of a building share one agent and one `ippeveprinter`.
"""
