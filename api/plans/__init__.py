"""Plans: what is to be changed, by whom, why, how risky it is, and who has approved it."""
