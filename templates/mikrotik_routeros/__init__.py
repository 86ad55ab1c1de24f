"""RouterOS 7 on CRS3xx switches: its text, its secrets, the template of a hardened switch."""
