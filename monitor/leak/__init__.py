"""What leaves a line and must not."""
