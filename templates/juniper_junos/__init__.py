"""Junos on EX switches with the Enhanced Layer 2 Software: its text, its secrets, the template of a hardened switch."""
