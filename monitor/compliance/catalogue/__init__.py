"""The catalogue: clauses of law in our own words, as data that names the rules they need."""
