"""The audit: read, searched, held against signed checkpoints, exported, and let go when its time is over."""
