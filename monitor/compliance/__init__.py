"""Facts held against rules, rules against clauses of law."""
