"""Aruba AOS-CX on access switches, by netmiko."""
