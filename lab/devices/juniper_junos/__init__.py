"""A Junos switch, emulated: NETCONF over SSH, a candidate, commits that roll themselves back.

What it answers follows Juniper's "NETCONF XML Management Protocol Developer Guide" and "CLI User Guide" and what PyEZ,
ncclient and NAPALM read of it. Marked where it is from general knowledge: never compared with a device.
"""
