"""An access switch with ArubaOS-Switch (ProCurve), emulated.

What it answers follows the commands netmiko 4.8 sends (its source code) and HPE's guides of ArubaOS-Switch 16.02 to
16.09 (Basic Operation, Management and Configuration, Access Security); nothing of it was verified on a device.
"""
