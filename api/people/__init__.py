"""Who may do what: accounts, their proofs, the table of permissions."""
