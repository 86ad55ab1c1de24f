"""Readers of the page and programs at its API: who they are, and what they bring to the desk."""
