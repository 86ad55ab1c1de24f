"""An access switch with AOS-CX, emulated.

What it answers follows the commands netmiko 4.8 sends (its source code) and Aruba's guides of AOS-CX 10.06 to 10.14
(Command-Line Interface, Security, Layer 2 Bridging, SNMP/MIB, Hardening); nothing of it was verified on a device.
"""
