"""The switches of a practice office: emulated ones, each a process of its own at the address the inventory gives it."""
