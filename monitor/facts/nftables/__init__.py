"""Reads what nftables says, as it is written in a file and as the kernel lists it."""
