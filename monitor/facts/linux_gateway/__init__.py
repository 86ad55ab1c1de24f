"""Reads what a Linux gateway's files and daemons say."""
