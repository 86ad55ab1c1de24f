"""What can be asked at the desk about people: accounts, proofs, sessions, tokens."""
