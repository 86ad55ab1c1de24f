"""What others have written down of an office's devices, brought into its inventory: lists, running texts, NetBox."""
