"""Cisco IOS and IOS XE on Catalyst access switches, by NAPALM."""
