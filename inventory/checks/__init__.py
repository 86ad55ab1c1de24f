"""The cross-checks of an office: each a pure function from Office to problems."""
