"""Switches that cannot be had, emulated: stateful servers that speak real SSH. README says of each what it is."""
