"""What ran on the devices, and why: a git repository of masked texts, and what differs from it."""
