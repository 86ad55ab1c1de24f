"""Keys: the office's authority, what it has certified, and what it has taken back."""
