"""Aruba AOS-CX on access switches (6000 to 6300): what is known of its texts."""
