"""Reports as files that stand on their own: to be printed, kept and sent."""
