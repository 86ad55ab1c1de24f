"""Cisco IOS and IOS XE on Catalyst access switches: what is known of its texts."""
