"""A Catalyst access switch with Cisco IOS, emulated.

What it answers follows the commands NAPALM 5.2 and netmiko 4.8 send (their source code) and Cisco's command references
(IOS 15.2E security, LAN switching, configuration management); nothing of it was verified on a device.
"""
