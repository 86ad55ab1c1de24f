"""A gateway's first day, its last, and what a person at its console needs when fosa is dead."""
