"""What a device should look like: the text of its files, rendered from an office."""
